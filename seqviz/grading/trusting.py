"""nbgrader's rule for cells whose tests are asserts that run beside the student's code: such scores are trusting.

A cell earns 0 for an error or anything on stderr; a first result that reads as a number earns that number, from 0 to
the maximum; anything else, no output included, earns full marks. (nbgrader 0.9.6, ``nbgrader/utils.py``)
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Credit:
    """Points, and what is odd about them."""

    points: float
    warning: str = ""


def credit(told: Iterable[tuple[str, str]], max_points: float) -> Credit:
    """Apply the rule to what a cell told, in order: pairs of a kind of output and its text.

    Kinds that matter are ``error``, ``stderr`` and ``execute_result``. Where nbgrader stops the whole run, since a cell
    gives itself more than its maximum, the cell earns nothing and says so.
    """
    for kind, text in told:
        if kind in ("error", "stderr"):
            return Credit(0.0)
        if kind == "execute_result":
            return _partial(text, max_points)
    return Credit(max_points)


def _partial(text: str, max_points: float) -> Credit:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if number > max_points:
        return Credit(0.0, f"the cell gives itself {text}, more than its maximum of {max_points:g}")
    if number >= 0:
        return Credit(number)
    return Credit(max_points, f"the result {text[:40]!r} is no number from 0: nbgrader's rule gives full marks")
