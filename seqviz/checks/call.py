"""Call a student's function safely: time limit, exceptions, changes to its inputs, and what it printed.

The function runs in a thread of its own while the caller waits, so a time limit needs neither signals nor a process: it
holds in the main thread of a notebook and on every platform. A function that is late gets a :class:`TimeLimitError`;
one that waits inside C code cannot be stopped so: it is left behind, and gets it as soon as it comes back.
"""

import contextlib
import contextvars
import ctypes
import io
import sys
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

from .values import Raised, plain_copy, same

PRINTED_LIMIT = 2000
_STOP_SECONDS = 1.0  # how long a late function is asked to stop

TIME_LIMIT = "TimeLimit"  # the kinds of Raised that no exception in the student's code has made
NOT_CALLED = "NotCalled"


class TimeLimitError(BaseException):
    """Raised inside a function that runs too long; no Exception, so that ``except Exception`` does not stop it.

    A bare ``except:`` does. So once it has been raised, every further line of the function raises it again: what is
    raised in the handler gets out of the handler's own ``try``.
    """

    def __init__(self) -> None:
        super().__init__()
        frame = sys._getframe(1)  # this runs in the late thread, where the exception arrives
        while frame is not None and frame.f_code.co_filename != __file__:
            frame.f_trace = _raise_again
            frame = frame.f_back
        sys.settrace(_raise_again)


def _raise_again(frame: FrameType, event: str, argument: Any) -> None:  # noqa: ARG001 the form of a trace function
    if frame.f_code.co_filename != __file__:
        raise TimeLimitError


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
    finished = threading.Event()

    def run() -> None:
        try:
            for arguments in cases:
                outcomes.append(_call_once(function, arguments, listener))  # noqa: PERF401 the caller may stop waiting
        except TimeLimitError:
            sys.settrace(None)
        finally:
            finished.set()

    listener = _Listener()
    with contextlib.redirect_stdout(listener), contextlib.redirect_stderr(listener), warnings.catch_warnings():
        warnings.simplefilter("default")
        warnings.showwarning = listener.hear_warning  # put back by catch_warnings
        worker = threading.Thread(target=contextvars.copy_context().run, args=(run,), name="check", daemon=True)
        worker.start()
        try:
            finished.wait(seconds)
            in_time = list(outcomes)  # what a late thread still appends does not count
        finally:  # also when the student interrupts the kernel
            _stop(worker, finished)
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
    return Outcome(value, changed, listener.heard(), line)


def _guilty_line(error: BaseException) -> str:
    """Return the last line of the student's own code on the way to ``error``."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if not _is_library(frame.filename)]
    return f"line {frames[-1].lineno}: {frames[-1].line}" if frames and frames[-1].line else ""


def _is_library(filename: str) -> bool:
    return "site-packages" in filename or filename.startswith((sys.prefix, sys.base_prefix)) or filename == __file__


def _stop(worker: threading.Thread, finished: threading.Event) -> None:
    """Wait for a worker that is done; ask a late one to stop until it does, or for a second."""
    deadline = time.monotonic() + _STOP_SECONDS
    while worker.is_alive() and time.monotonic() < deadline:
        if not finished.is_set():
            thread, error = ctypes.c_ulong(worker.ident or 0), ctypes.py_object(TimeLimitError)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(thread, error)
        worker.join(0.02)


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
