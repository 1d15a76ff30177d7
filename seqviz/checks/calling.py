"""Call a student's function safely: time limit, exceptions, changes to its inputs, and what it printed."""

import contextlib
import io
import sys
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from . import late
from .late import LateThread, TimeLimitError
from .values import Raised, plain_copy, same

PRINTED_LIMIT = 2000
TIME_LIMIT = "TimeLimit"  # the kinds of Raised that no exception in the student's code has made
NOT_CALLED = "NotCalled"


@dataclass(frozen=True)
class Outcome:
    """What one call gave: a value that can cross the wall, the inputs it changed, what it printed, where it failed."""

    value: Any
    changed: tuple[str, ...] = ()
    printed: str = ""
    line: str = ""  # "line 3: return x @ W" for an exception


def call(function: Callable[..., Any], arguments: Mapping[str, Any], seconds: float) -> Outcome:
    """Call ``function`` once; see :func:`call_all`."""
    return call_all(function, [arguments], seconds)[0]


def call_all(function: Callable[..., Any], cases: Sequence[Mapping[str, Any]], seconds: float) -> list[Outcome]:
    """Call ``function`` on each case with fresh copies of its arguments, by position, all within ``seconds``.

    After a call that ran out of time the remaining cases are not tried.
    """
    outcomes: list[Outcome] = []

    def run() -> None:
        for arguments in cases:
            outcomes.append(_call_once(function, arguments, listener))  # noqa: PERF401 the caller may stop waiting

    listener = _Listener()
    with contextlib.redirect_stdout(listener), contextlib.redirect_stderr(listener), warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.showwarning = listener.hear_warning  # put back by catch_warnings
        thread = LateThread(run)
        try:
            thread.run(seconds)
            in_time = list(outcomes)  # what a late thread still appends does not count
        finally:  # also when the student interrupts the kernel
            thread.stop()
    if len(in_time) < len(cases):
        in_time.append(Outcome(Raised(TIME_LIMIT, f"no answer within {seconds:g} s"), printed=listener.heard()))
    return in_time + [Outcome(Raised(NOT_CALLED, "not tried after the time limit"))] * (len(cases) - len(in_time))


def _call_once(function: Callable[..., Any], arguments: Mapping[str, Any], listener: "_Listener") -> Outcome:
    given = plain_copy(dict(arguments))
    listener.clear()
    line = ""
    try:
        value = plain_copy(function(*given.values()))
    except TimeLimitError:
        raise
    except BaseException as error:  # SystemExit and KeyboardInterrupt in a student's code are answers too
        value, line = Raised.of(error), _guilty_line(error)
    changed = tuple(name for name in arguments if not same(given[name], arguments[name]))
    return Outcome(value, changed=changed, printed=listener.heard(), line=line)


def _guilty_line(error: BaseException) -> str:
    """Return the last line of the student's own code on the way to ``error``."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not _is_library(frame.filename)]
    return f"line {frames[-1].lineno}: {frames[-1].line}" if frames and frames[-1].line else ""


def _is_library(filename: str) -> bool:
    ours = (__file__, late.__file__)
    return "site-packages" in filename or filename.startswith((sys.prefix, sys.base_prefix)) or filename in ours


class _Listener(io.TextIOBase):
    """Stands for stdout and stderr while a student's function runs, and keeps the beginning of what it hears."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.room = PRINTED_LIMIT

    def writable(self) -> bool:
        return True

    def write(self, text: str, /) -> int:
        if self.room > 0:
            self.parts.append(text[: self.room])
            self.room -= len(text)
        return len(text)

    def hear_warning(self, message: Warning | str, category: type[Warning], *where: Any) -> None:  # noqa: ARG002
        self.write(f"{category.__name__}: {message}\n")

    def heard(self) -> str:
        return "".join(self.parts) + (" …" if self.room < 0 else "")

    def clear(self) -> None:
        self.parts, self.room = [], PRINTED_LIMIT
