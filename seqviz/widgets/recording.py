"""What a page without a kernel shows: an explorer's answer for every value of its controls.

A notebook executed with SEQVIZ_RECORD set keeps a recording with every widget, under MIME.
"""

import itertools
import math
import os
from base64 import b64encode
from collections.abc import Callable, Sequence
from typing import Any

from seqviz.widgets.controls import Choice, Control, Keypad, Pad, Range, TextBox, as_data

MIME = "application/vnd.seqviz.recording+json"
MOST = 300  # answers of one explorer: more would not fit a page
NEEDS_KERNEL = "Typing needs the kernel: open the notebook to change the text."
CHOICE_NEEDS_KERNEL = "Choosing needs the kernel: open the notebook."
PAD_NEEDS_KERNEL = "Drawing needs the kernel: open the notebook to draw your own."
KEYS_NEED_KERNEL = "The keys need the kernel: open the notebook to press your own. Here you can choose a number."


def wanted() -> bool:
    """Say whether this kernel runs for a page."""
    return bool(os.environ.get("SEQVIZ_RECORD"))


def as_json(value: Any) -> Any:
    """Replace the bytes in an encoded tree (see binary.py) by base64."""
    if isinstance(value, dict):
        return {"base64" if key == "bytes" else key: as_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return b64encode(value).decode() if isinstance(value, bytes) else value


def recorded_values(control: Control) -> list[Any]:
    """Return the values of a control that are recorded: those of a slider evenly spread, its start value included."""
    if isinstance(control, Choice):
        return list(control.options) if control.recorded else [control.value]
    if isinstance(control, TextBox):
        return [control.value]
    if isinstance(control, Pad):
        return list(control.drawings.values())
    if isinstance(control, Keypad):
        return list(control.given)
    steps = round((control.maximum - control.minimum) / control.step)
    count = min(control.recorded, steps + 1)
    spread = [round(i * steps / max(count - 1, 1)) for i in range(count)]
    digits = len(f"{control.step:g}".partition(".")[2])
    return sorted({round(control.minimum + i * control.step, digits) for i in spread} | {control.value})


def controls_of(controls: Sequence[Control]) -> list[dict[str, Any]]:
    """Return the controls as the front end reads them in a page: sliders count recorded values, texts are fixed,
    so are lists of which one value was recorded; of drawings and a keypad's numbers only those given can be chosen.
    """
    described = []
    for control in controls:
        extra: dict[str, Any] = {}
        if isinstance(control, Range) and not control.browser:
            extra = {"values": recorded_values(control)}
        elif isinstance(control, Choice) and not control.recorded:
            extra = {"fixed": CHOICE_NEEDS_KERNEL}
        elif isinstance(control, TextBox):
            extra = {"fixed": NEEDS_KERNEL}
        elif isinstance(control, Pad):
            extra = {"fixed": PAD_NEEDS_KERNEL}
        elif isinstance(control, Keypad):
            extra = {"fixed": KEYS_NEED_KERNEL}
        described.append(as_data(control) | extra)
    return described


def record(controls: Sequence[Control], answer: Callable[[dict[str, Any]], tuple[Any, Any]]) -> dict[str, Any]:
    """Return the recorded values of every kernel control and the answer for each combination, the last running fastest.

    where ``answer`` maps the values of these controls to (figure, content), both encoded. A figure that several
    answers share is kept once.

    Raises ValueError when there would be more than MOST answers.
    """
    recorded = {control.name: recorded_values(control) for control in controls if not control.browser}
    count = math.prod(map(len, recorded.values()))
    if count > MOST:
        sizes = " × ".join(f"{len(values)} of {name}" for name, values in recorded.items())
        raise ValueError(f"expected at most {MOST} recorded answers, got {sizes} = {count}: lower `recorded`")
    figures: list[Any] = []
    answers = []
    for values in itertools.product(*recorded.values()):
        figure, content = answer(dict(zip(recorded, values, strict=True)))
        figure, content = as_json(figure), as_json(content)
        if figure not in figures:
            figures.append(figure)
        answers.append({"figure": figures.index(figure), "content": content})
    return {"recorded": recorded, "figures": figures, "answers": answers}
