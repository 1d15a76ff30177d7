"""A question to answer before the page does."""

from collections.abc import Mapping
from typing import Any

import traitlets

from seqviz.widgets.runtime import RUN_ALL, SharedFrontEnd, paragraphs


class Quiz(SharedFrontEnd):
    """One question; every answer has a reason, shown when the answer is chosen."""

    kind = traitlets.Unicode("quiz").tag(sync=True)
    question = traitlets.Unicode().tag(sync=True)
    answers = traitlets.List().tag(sync=True)  # of (answer, whether it is right, reason)

    def beside(self) -> dict[str, Any]:
        """Return the question and its answers as text."""
        lines = [self.question, *(f"( ) {answer}" for answer, _, _ in self.answers)]
        return {"text/plain": "\n".join(lines), "text/html": paragraphs(*lines, f"{RUN_ALL} to answer this.")}

    def recording(self) -> dict[str, Any]:
        """Return the question, its answers and their reasons."""
        return {"kind": self.kind, "question": self.question, "answers": self.answers}


def quiz(question: str, answers: Mapping[str, str], *, right: str) -> Quiz:
    """Ask a question. ``answers`` maps each answer to the reason why it is right or wrong.

    In all of them ``*stressed*`` and `` `code` `` are set as in the text of a chapter.

    Raises ValueError with fewer than two answers, an answer without a reason, or a right one that is not among them.
    """
    if len(answers) < 2:
        raise ValueError(f"expected at least two answers, got {len(answers)}")
    if right not in answers:
        raise ValueError(f"right: expected one of {list(answers)}, got {right!r}")
    silent = [answer for answer, reason in answers.items() if not reason.strip()]
    if silent:
        raise ValueError(f"expected a reason for every answer, got none for {silent}")
    return Quiz(question=question, answers=[[answer, answer == right, reason] for answer, reason in answers.items()])
