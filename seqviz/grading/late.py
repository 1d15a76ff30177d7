"""How late work is, and what that costs: a rule in one line."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from seqviz.grading.gradebook import Graded
from seqviz.grading.times import TimeError

_RULE = re.compile(
    r"(?P<amount>\d+([.,]\d+)?) ?(?P<unit>%|points?) per (?P<step>hour|day|week)"
    r"(, at most (?P<most>\d+([.,]\d+)?) ?%)?"
)
_STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(weeks=1)}


@dataclass(frozen=True)
class LateRule:
    """What each begun step costs, as a share of the maximum or in points, and the largest share it may cost."""

    amount: float
    is_share: bool
    step: timedelta
    most: float = 1.0

    def penalty(self, late: timedelta, max_points: float) -> float:
        """Return the points that being ``late`` costs."""
        steps = math.ceil(late / self.step) if late > timedelta(0) else 0
        return min(steps * self.amount * (max_points if self.is_share else 1.0), self.most * max_points)


def parse_rule(text: str) -> LateRule:
    """Read a rule: ``10% per day``, ``2 points per hour, at most 50%``, or ``100%`` for nothing after the due time."""
    if re.fullmatch(r"100 ?%", text.strip()):
        return LateRule(1.0, True, timedelta(weeks=52 * 1000))
    found = _RULE.fullmatch(text.strip())
    if found is None:
        raise TimeError(f"{text!r} is not a rule such as '10% per day', '2 points per hour, at most 50%' or '100%'")
    is_share = found["unit"] == "%"
    amount = _number(found["amount"]) / (100 if is_share else 1)
    return LateRule(amount, is_share, _STEPS[found["step"]], min(1.0, _number(found["most"] or "100") / 100))


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def with_lateness(graded: Sequence[Graded], due: datetime | None, rule: LateRule | None) -> list[Graded]:
    """Return what was graded with how late it is, and what that costs of the points there are."""
    if due is None:
        return list(graded)
    result = []
    for one in graded:
        late = max(timedelta(0), datetime.fromisoformat(one.submitted_at) - due)
        penalty = rule.penalty(late, one.max_points) if rule else 0.0
        result.append(replace(one, late=late, penalty=min(penalty, one.points)))
    return result
