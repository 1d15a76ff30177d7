"""Controls of an explorer, as plain data: the front end makes a native element of each."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Range:
    """A slider. With ``browser`` it selects among what the browser already has, without the kernel.

    Raises ValueError where ``play`` is asked for without ``browser``: a kernel's answers come at their own pace.
    """

    kind: ClassVar[str] = "range"
    name: str
    label: str
    minimum: float
    maximum: float
    step: float
    value: float
    browser: bool = False
    offset: float = 0  # added to what is shown: steps are counted from 1 in the equations
    shown: Sequence[str] = ()  # or what is shown for each value, from the minimum on
    play: str = ""  # what ▶ beside it is called, which moves it from value to value; none without a name
    recorded: int = 11  # how many of its values a page without a kernel has, evenly spread

    def __post_init__(self) -> None:
        if self.play and not self.browser:
            raise ValueError(f"{self.name}: expected a slider that the browser moves alone to be played, got {self}")


@dataclass(frozen=True)
class Choice:
    """A list to choose from. Raises ValueError for a value that is not in it."""

    kind: ClassVar[str] = "choice"
    name: str
    label: str
    options: Sequence[str]
    value: str
    browser: bool = False
    recorded: bool = True  # whether a page without a kernel has all of them, or the value alone

    def __post_init__(self) -> None:
        if self.value not in self.options:
            known = ", ".join(map(repr, self.options))
            raise ValueError(f"{self.name}: expected one of {known}, got {self.value!r}")


@dataclass(frozen=True)
class TextBox:
    """A line to type into; the explorer's own error says what may be typed."""

    kind: ClassVar[str] = "text"
    name: str
    label: str
    value: str
    maximum: int = 60
    browser: bool = False
    readable: str = ""  # the characters that can be read, others are marked; empty: only the source knows


@dataclass(frozen=True)
class Pad:
    """A sheet to draw on, by mouse, finger or keys; drawings that are given can be laid on it.

    Its value is a list of strokes, each a list of points [x, y] from 0 to 1, y down. The first given one is there when
    it opens. Raises ValueError where none is given.
    """

    kind: ClassVar[str] = "pad"
    name: str
    label: str
    given: Mapping[str, Sequence[Sequence[Sequence[float]]]]
    browser: bool = False

    def __post_init__(self) -> None:
        if not self.given:
            raise ValueError(f"{self.name}: expected at least one drawing that is given, got none")

    @property
    def drawings(self) -> dict[str, list[list[list[float]]]]:
        """The given drawings as the browser sends one: lists, in thousandths of the sheet."""
        return {
            name: [[[round(float(x), 3), round(float(y), 3)] for x, y in stroke] for stroke in strokes]
            for name, strokes in self.given.items()
        }

    @property
    def value(self) -> list[list[list[float]]]:
        """What is on the pad when it opens."""
        return next(iter(self.drawings.values()))


@dataclass(frozen=True)
class Keypad:
    """The keys of a telephone, pressed by mouse, finger or keyboard; what was pressed is its value.

    Numbers that are given can be pressed all at once. The first one is there when it opens. Raises ValueError where
    none is given, and for one with another key or with more keys than the maximum.
    """

    kind: ClassVar[str] = "keypad"
    name: str
    label: str
    given: Sequence[str]
    maximum: int = 8
    rows: Sequence[str] = ("123", "456", "789", "*0#")
    browser: bool = False

    def __post_init__(self) -> None:
        if not self.given:
            raise ValueError(f"{self.name}: expected at least one number that is given, got none")
        for number in self.given:
            if not 1 <= len(number) <= self.maximum or set(number) - set("".join(self.rows)):
                raise ValueError(
                    f"{self.name}: expected 1 to {self.maximum} keys of {' '.join(self.rows)}, got {number!r}"
                )

    @property
    def value(self) -> str:
        """What was pressed when it opens."""
        return self.given[0]


Control = Range | Choice | TextBox | Pad | Keypad


def as_data(control: Control) -> dict[str, Any]:
    """Return the control as the front end reads it."""
    data = {"kind": control.kind} | asdict(control)
    data.pop("recorded", None)  # for pages, which get the values themselves
    if isinstance(control, Range):
        data["shown"] = list(control.shown)
    if isinstance(control, Pad):
        data["given"] = [list(pair) for pair in control.drawings.items()]  # in JavaScript, numbers as keys are sorted
    if isinstance(control, Keypad):
        data |= {"given": list(control.given), "rows": list(control.rows)}
    return data
