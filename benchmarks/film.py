"""A short film of a hand at an explorer: screenshots of what changed, as one moving WebP."""

from base64 import b64decode, b64encode
from dataclasses import dataclass, field, replace
from pathlib import Path

from playwright.sync_api import Locator, Page

from benchmarks.webp import Frame, animated

SCRIPT = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
QUALITY = 0.82


@dataclass
class Film:
    """Frames of one element, taken one by one. The mouse is seen in them."""

    page: Page
    element: Locator
    frames: list[Frame] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.evaluate(f"() => {SCRIPT}.hand()")

    def take(self, milliseconds: int) -> None:
        """Take a frame that stands so long. If nothing has changed, the one before stands longer."""
        png = b64encode(self.element.screenshot(animations="allow")).decode()
        part = self.page.evaluate(f"(given) => {SCRIPT}.changed(given)", [png, QUALITY])
        if part is None:
            last = self.frames[-1]
            self.frames[-1] = replace(last, milliseconds=last.milliseconds + milliseconds)
        else:
            still = b64decode(part.pop("still"))
            self.frames.append(Frame(still=still, milliseconds=milliseconds, **part))

    def move(self, x: float, y: float, steps: int = 5) -> None:
        """Move the mouse there, a frame for each step of the way."""
        start = self.page.evaluate("() => globalThis.seqvizAt ?? [0, 0]")
        for step in range(1, steps + 1):
            share = step / steps
            self.page.mouse.move(start[0] + (x - start[0]) * share, start[1] + (y - start[1]) * share)
            self.take(70)
        self.page.evaluate("(at) => (globalThis.seqvizAt = at)", [x, y])

    def move_to(self, place: Locator, steps: int = 5) -> None:
        """Move the mouse to the middle of an element."""
        box = place.bounding_box()
        if not box:
            raise ValueError(f"expected an element in sight, got {place}")
        self.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps)

    def write(self, path: Path) -> None:
        """Write the film."""
        path.write_bytes(animated(self.frames))
