"""A probe: hidden inputs go in, a student's outputs come out; the comparison is made here, outside the sandbox."""

import base64
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from seqviz.checks.calling import NOT_CALLED, TIME_LIMIT, Outcome
from seqviz.checks.compiled import Check
from seqviz.checks.values import Raised, Unsupported, from_bytes, to_bytes
from seqviz.grading.answer import MIME

NO_ANSWER = "NoAnswer"
_PATIENCE = 2.0  # a grading machine may be slower than the student's
_UNLIMITED = 1e6
_MAX_WORDS = 2000


@dataclass(frozen=True)
class Probe:
    """What a kernel is asked in place of a check cell."""

    check: Check
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def seconds(self) -> float:
        """Time limit for all cases together."""
        return self.check.seconds * _PATIENCE

    @property
    def code(self) -> str:
        """The code that asks. It shows the inputs, and neither expected outputs nor mistakes."""
        request = to_bytes(
            {
                "function": self.check.name,
                "driver": self.check.driver,
                "cases": [case.arguments for case in self.check.cases],
                "seconds": _UNLIMITED,  # the time limit is kept from outside, where waiting for a core does not count
            }
        )
        text = base64.b64encode(request).decode()
        return f'__import__("seqviz.grading.answer", fromlist=["give"]).give("{text}", "{self.nonce}")'

    def nothing(self) -> list[Outcome]:
        """Return the outcomes before any answer: none of them is ever right."""
        return [Outcome(Raised(NO_ANSWER, "no answer came")) for _ in self.check.cases]

    def take(self, data: Any, answers: list[Outcome]) -> None:
        """Put an answer in its place, if ``data`` is one to this probe: the first for a case counts."""
        if not isinstance(data, dict) or not isinstance(answer := data.get(MIME), dict):
            return
        match answer:
            case {"nonce": self.nonce, "case": int(case), "answer": str(text)} if 0 <= case < len(answers):
                if isinstance(answers[case].value, Raised) and answers[case].value.kind == NO_ANSWER:
                    answers[case] = _read(text, self.check.cases[case].arguments)

    def nobody_answered(self, answers: list[Outcome], timeout: bool) -> None:
        """Say why cases have no answer: the first ran out of time, those after it were not tried."""
        for case, outcome in enumerate(answers):
            if isinstance(outcome.value, Raised) and outcome.value.kind == NO_ANSWER and timeout:
                answers[case] = Outcome(Raised(TIME_LIMIT, f"no answer within {self.seconds:g} s"))
                answers[case + 1 :] = [Outcome(Raised(NOT_CALLED, "not tried"))] * (len(answers) - case - 1)
                return


def _read(text: str, inputs: Mapping[str, Any]) -> Outcome:
    try:
        value, changed, printed, line = from_bytes(base64.b64decode(text, validate=True))
        names = tuple(
            name for name in inputs if name in _plain(changed)
        )  # these are shown to the student: no other word
        return Outcome(value, changed=names, printed=str(printed)[:_MAX_WORDS], line=str(line)[:_MAX_WORDS])
    except Exception as error:  # a student's code may have put anything together
        return Outcome(Unsupported(f"an answer that cannot be read: {str(error)[:200]}"))


def _plain(changed: Any) -> Sequence[Any]:
    return [name for name in changed[:100] if isinstance(name, str)] if isinstance(changed, list) else ()
