"""What a student calls: check a function, and show what passes so far."""

import sys
from collections.abc import Callable, Sequence
from typing import Any

from .calling import call_all
from .compiled import Check, find_check
from .diagnosis import diagnose
from .forbidden import find_forbidden
from .record import Progress, remember
from .report import Report, build_report, unread_report
from .syntax import fault_of


def check(function: Callable[..., Any]) -> Report:
    """Check the function you wrote; its name says which exercise it belongs to.

    Returns:
        A report with ``points``, ``max_points``, ``passed``, ``mistake`` (the name of a known one, or None) and
        ``message``. A notebook shows it; ``print(report)`` shows it anywhere else.
    """
    name = getattr(function, "__name__", None)
    if not isinstance(name, str):
        raise TypeError(f"check takes the function you wrote, without calling it; it got {type(function).__name__}")
    wanted = find_check(name)
    # a cell with a syntax error defines nothing: the function in hand is then an older one
    if fault := fault_of(name, _cells_run()):
        return unread_report(wanted, fault)
    report = check_against(wanted, function)
    remember(report)
    return report


def _cells_run() -> Sequence[str]:
    """Return the cells that the notebook ran so far, also those that failed; none outside of IPython."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell.user_ns.get("In", ()) if shell else ()


def check_against(wanted: Check, function: Callable[..., Any]) -> Report:
    """Check ``function`` against a check in hand, and remember nothing."""
    uses = find_forbidden(function, wanted.forbid)
    outcomes = call_all(wanted.driven(function), [case.arguments for case in wanted.cases], wanted.seconds)
    return build_report(wanted, diagnose(wanted, outcomes), uses)


def progress() -> Progress:
    """Show which exercises pass so far; the record is one file in your user folder."""
    return Progress.read()
