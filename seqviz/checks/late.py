"""A thread that can be late: it is waited for so long and no longer, and then stopped if Python can stop it.

This needs neither signals nor a process, so a time limit holds in the main thread of a notebook and on every platform.
A function that is late gets a :class:`TimeLimitError`; one that waits inside C code is left behind, and gets it as soon
as it comes back.
"""

import _thread
import contextvars
import ctypes
import sys
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

_STOP_SECONDS = 1.0  # how long a late thread is asked to stop
_ASK_EVERY = 0.02
_INTERRUPTIBLE = 0.1  # Windows holds an interrupt back while a lock is waited for
_raise_in_thread = ctypes.pythonapi.PyThreadState_SetAsyncExc


class TimeLimitError(BaseException):
    """Raised inside a function that runs too long; no Exception, so that ``except Exception`` does not stop it.

    A bare ``except:`` does. So once it has been raised, every further line of the function raises it again: what is
    raised in the handler gets out of the handler's own ``try``.
    """

    def __init__(self) -> None:
        super().__init__()
        frame = sys._getframe(1)  # this runs in the late thread, where the exception arrives
        while frame is not None and not _is_ours(frame):
            frame.f_trace = _raise_again
            frame = frame.f_back
        sys.settrace(_raise_again)


def _raise_again(frame: FrameType, event: str, argument: Any) -> None:  # noqa: ARG001 the form of a trace function
    if not _is_ours(frame):
        raise TimeLimitError


def _is_ours(frame: FrameType) -> bool:
    return frame.f_globals.get("__name__") == __name__


class LateThread:
    """A daemon thread for ``work``, in a copy of the caller's context; :meth:`run` it, then :meth:`stop` it."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._done = threading.Lock()
        self._done.acquire()
        self._ended = False
        self._thread = threading.Thread(
            target=contextvars.copy_context().run, args=(self._work, work), name="check", daemon=True
        )

    def _work(self, work: Callable[[], None]) -> None:
        try:
            work()
        except TimeLimitError:
            sys.settrace(None)
        finally:
            self._done.release()

    def run(self, seconds: float) -> bool:
        """Start, wait until ``work`` ends, at most so long, and say whether it has."""
        self._thread.start()
        deadline = time.monotonic() + seconds
        while not self._ended and (left := deadline - time.monotonic()) > 0:
            self._ended = self._done.acquire(timeout=min(left, _INTERRUPTIBLE))
        return self._ended

    def stop(self) -> None:
        """Stop ``work`` if it still runs; at most a second is spent on it."""
        if not self._ended and self._thread.is_alive():
            self._ask_to_stop()
        if self._ended:
            self._thread.join(_STOP_SECONDS)

    def _ask_to_stop(self) -> None:
        # While the exception is under way no Python function is entered here: in CPython 3.11 a thread that is traced
        # (a debugger, coverage) would loop for ever at its entry. Hence bare locks and C functions only.
        thread, done, now, ask = ctypes.c_ulong(self._thread.ident or 0), self._done, time.monotonic, _raise_in_thread
        error, deadline, traced = ctypes.py_object(TimeLimitError), now() + _STOP_SECONDS, sys.gettrace() is not None
        while not self._ended and now() < deadline:
            ask(thread, error)
            self._ended = done.acquire(timeout=_ASK_EVERY)
        if self._ended or traced:
            ask(thread, None)
            flushed = _thread.allocate_lock()
            flushed.acquire()
            _thread.start_new_thread(_flush, (flushed,))
            flushed.acquire(timeout=_STOP_SECONDS)


class _FlushError(BaseException):
    """Raised by a thread in itself."""


def _flush(flushed: Any) -> None:
    """Raise an exception in this thread: its arrival clears the interpreter's note that one is under way somewhere."""
    try:
        _raise_in_thread(ctypes.c_ulong(_thread.get_ident()), ctypes.py_object(_FlushError))
        while True:
            pass
    except _FlushError:
        flushed.release()
