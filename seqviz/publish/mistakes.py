"""The mistakes of an exercise, run: for a solution notebook, each with its code and with what the check says to it."""

import inspect
import textwrap
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from seqviz.checks import check_against, compile_check
from seqviz.checks.check_file import load_exercises
from seqviz.checks.report import Report


@dataclass(frozen=True)
class Gallery:
    """Mistakes with their code and the reports they get; shown as a list that opens entry by entry."""

    entries: tuple[tuple[str, str, Report], ...]  # name, code, report

    def __str__(self) -> str:
        return "\n\n".join(f"{name}\n\n{code}\n\n{report.message}" for name, code, report in self.entries)

    __repr__ = __str__

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002
        items = "".join(
            f"<details><summary>{escape(name)}: {report.points:g} of {report.max_points:g} points</summary>"
            f"<pre><code>{escape(code)}</code></pre>{report.html()}</details>"
            for name, code, report in self.entries
        )
        return {"text/plain": str(self), "text/html": items}


def show_mistakes(check_file: str | Path, name: str) -> Gallery:
    """Run every mistake of exercise ``name`` against the check made from ``check_file``."""
    exercise = load_exercises(Path(check_file))[name]
    check = compile_check(exercise, points=sum(exercise.groups.values()))
    return Gallery(
        tuple(
            (
                known.name,
                textwrap.dedent(inspect.getsource(known.function)).rstrip(),
                check_against(check, known.function),
            )
            for known in exercise.mistakes
        )
    )
