"""Controls of an explorer, as plain data: the front end makes a native element of each."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Range:
    """A slider. With ``browser`` it selects among what the browser already has, without the kernel."""

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
    recorded: int = 11  # how many of its values a page without a kernel has, evenly spread


@dataclass(frozen=True)
class Choice:
    """A list to choose from. Raises ValueError for a value that is not in it."""

    kind: ClassVar[str] = "choice"
    name: str
    label: str
    options: Sequence[str]
    value: str
    browser: bool = False

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


Control = Range | Choice | TextBox


def as_data(control: Control) -> dict[str, Any]:
    """Return the control as the front end reads it."""
    data = {"kind": control.kind} | asdict(control)
    data.pop("recorded", None)  # for pages, which get the values themselves
    if isinstance(control, Range):
        data["shown"] = list(control.shown)
    return data
