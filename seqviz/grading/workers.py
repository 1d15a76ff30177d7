"""Who stands between a run and those that grade for it: processes of this machine, or the workers of a Dask cluster.

A run gives submissions and takes answers; the rest of it (what is graded already, the gradebook, progress, Ctrl-C, a
second try) does not know who grades.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Answer:
    """What came of the submission called ``name``: a result's bytes, or why there is none."""

    name: Any
    result: bytes | None
    failure: str = ""


class Workers(Protocol):
    """Whoever grades: each of them takes a limited number of submissions at once."""

    def begin(self, terms: bytes, count: int) -> None:
        """Hear what all submissions have in common (a :class:`~seqviz.grading.job.Terms`), and how many may come."""
        ...

    @property
    def idle(self) -> bool:
        """Whether a submission can be given now."""
        ...

    @property
    def quiet(self) -> bool:
        """Whether a submission can be given now that has a machine for itself."""
        ...

    @property
    def busy(self) -> bool:
        """Whether there is an answer to wait for."""
        ...

    @property
    def memory_kept(self) -> str:
        """Who keeps the kernels' memory in its limits, in words."""
        ...

    def give(self, name: Any, submission: bytes, seconds: float, *, alone: bool = False) -> None:
        """Give a submission, which may take ``seconds`` by the clock; ``alone`` if nothing may run beside it."""
        ...

    def answers(self, seconds: float) -> Iterator[Answer]:
        """Wait for at most ``seconds``, and yield what has come.

        Raises:
            WorkersGoneError: nobody is left to grade.
        """
        ...

    def stop(self) -> None:
        """End everything that was started, whatever it is doing."""
        ...
