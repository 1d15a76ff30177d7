"""What became of a submission, as data: rows with points, and how it went. Importing this runs no kernel."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any

GRADED, UNREADABLE = "graded", "unreadable"
NOT_GRADED = "could not be graded"  # through no fault of its own: it is tried again in the next run
UNGRADED = "ungraded"  # a cell for a person to read
BY_HAND = "graded by hand"  # by a person who has read it
UNANSWERED = "no answer"  # such a cell, as it was handed out


@dataclass
class Row:
    """The score of one cell. ``detail`` is what feedback may say: it never holds a hidden input or output."""

    cell: str
    points: float | None
    max_points: float
    status: str
    mistake: str | None = None
    seconds: float = 0.0
    trusting: bool = False
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def by_hand(self) -> bool:
        """Whether there is something in it for a person to read."""
        return self.status in (UNGRADED, BY_HAND) or "answer" in self.detail


@dataclass
class Result:
    """What became of a job: rows, warnings, what was executed, and where the time went."""

    status: str
    message: str = ""
    rows: list[Row] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notebook: str = ""
    seconds: float = 0.0
    phases: dict[str, float] = field(default_factory=dict)
    notebooks: dict[str, str] = field(default_factory=dict)  # by name, where an assignment has several

    def to_bytes(self) -> bytes:
        """Return the result as bytes. What a kernel said may hold half a character, which no file could."""
        return json.dumps(asdict(self), ensure_ascii=False).encode(errors="replace")

    @classmethod
    def from_bytes(cls, blob: bytes) -> "Result":
        """Read a result."""
        fields = json.loads(blob)
        return cls(**fields | {"rows": [Row(**row) for row in fields["rows"]]})
