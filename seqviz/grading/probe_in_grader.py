"""A probe: hidden inputs go in, a student's outputs come out; the comparison is made here, outside the sandbox."""

import base64
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from seqviz.checks.calling import NOT_CALLED, TIME_LIMIT, Outcome
from seqviz.checks.compiled import Check
from seqviz.checks.values import Raised, Unsupported, from_bytes, to_bytes
from seqviz.grading.probe_in_kernel import MIME

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
        return f'__import__("seqviz.grading.probe_in_kernel", fromlist=["give"]).give("{text}", "{self.nonce}")'

    def take(self, data: Any, answers: dict[int, str]) -> None:
        """Keep an answer as it came, if ``data`` is one to this probe: the first for a case counts."""
        if not isinstance(data, dict) or not isinstance(answer := data.get(MIME), dict):
            return
        match answer:
            case {"nonce": self.nonce, "case": int(case), "answer": str(text)} if 0 <= case < len(self.check.cases):
                answers.setdefault(case, text)

    def outcomes(self, answers: Mapping[int, str], *, timeout: bool) -> list[Outcome]:
        """Read the answers. No answer is never right; after a time limit the first without one ran out of time."""
        outcomes: list[Outcome] = []
        for number, case in enumerate(self.check.cases):
            if number in answers:
                outcomes.append(_read(answers[number], case.arguments))
            elif timeout:
                late = Outcome(Raised(TIME_LIMIT, f"no answer within {self.seconds:g} s"))
                rest = [Outcome(Raised(NOT_CALLED, "not tried"))] * (len(self.check.cases) - number - 1)
                return [*outcomes, late, *rest]
            else:
                outcomes.append(Outcome(Raised(NO_ANSWER, "no answer came")))
        return outcomes


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
