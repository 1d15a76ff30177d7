"""nbgrader's rule for cells whose tests are asserts that run beside the student's code: such scores are trusting.

A cell earns 0 for an error or anything on stderr; a first result that reads as a number earns that number, from 0 to
the maximum; anything else, no output included, earns full marks. (nbgrader 0.9.6, ``nbgrader/utils.py``)
"""

import ast
import builtins
import math
from collections.abc import Iterable
from dataclasses import dataclass

from seqviz.grading.nbgrader_format import hidden_lines

_LONGEST = 300


@dataclass(frozen=True)
class Credit:
    """Points, and why they are not the maximum: an ``error``, ``stderr`` or ``partial``; and what is odd about them."""

    points: float
    lost_by: str = ""
    warning: str = ""


def credit(told: Iterable[tuple[str, str]], max_points: float) -> Credit:
    """Apply the rule to what a cell told, in order: pairs of a kind of output and its text.

    Kinds that matter are ``error``, ``stderr`` and ``execute_result``. Where nbgrader stops the whole run, since a cell
    gives itself more than its maximum, the cell earns nothing and says so.
    """
    for kind, text in told:
        if kind in ("error", "stderr"):
            return Credit(0.0, kind)
        if kind == "execute_result":
            return _partial(text, max_points)
    return Credit(max_points)


def _partial(text: str, max_points: float) -> Credit:
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if number > max_points:
        return Credit(0.0, "", f"the cell gives itself more than its maximum of {max_points:g}")
    if number >= 0:
        return Credit(number, "partial" if number < max_points else "")
    return Credit(max_points, "", "the result is not a number from 0: nbgrader's rule gives full marks")


def reason(earned: Credit, max_points: float, source: str, error: str, line: int) -> str:
    """Say why points were lost, in words that are ours or the public part of the test's.

    A student's code may have put anything into an error, hidden tests included: of what the kernel says, only the
    kind of error, if Python knows it, and the number of the ``line`` are used.
    """
    if earned.lost_by == "stderr":
        return "Something was printed to stderr, a warning perhaps: by nbgrader's rule that costs the points"
    if earned.lost_by == "partial":
        return f"The tests gave {earned.points:g} of {max_points:g} points"
    if earned.lost_by != "error":
        return ""
    kind = error_name(error.partition(":")[0])
    statement, hidden = _statement_at(source, line)
    if hidden:
        return f"A hidden test failed ({kind})"
    return f"{kind} at “{statement}”" if statement else f"The cell raised {kind}"


def error_name(kind: str) -> str:
    """Return the name of a kind of error if it is one of Python's own; a student may have put anything into others."""
    known = getattr(builtins, kind, None)
    return kind if isinstance(known, type) and issubclass(known, BaseException) else "an exception"


def _statement_at(source: str, line: int) -> tuple[str, bool]:
    """Return the statement of ``source`` at ``line`` (from 1), and whether it is hidden from students."""
    lines = source.split("\n")
    if not 1 <= line <= len(lines):
        return "", False
    first, last = line, line
    try:
        statements = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.stmt)]
    except (SyntaxError, ValueError, RecursionError):  # a magic, such as %timeit
        statements = []
    around = [node for node in statements if node.lineno <= line <= (node.end_lineno or node.lineno)]
    if around:
        innermost = max(around, key=lambda node: node.lineno)
        body = getattr(innermost, "body", [])
        first = innermost.lineno
        last = body[0].lineno - 1 if body and body[0].lineno > line else innermost.end_lineno or first
    text = "\n".join(lines[first - 1 : last]).strip()
    return text[:_LONGEST], bool(hidden_lines(source) & {*range(first - 1, last)})
