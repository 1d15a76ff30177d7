"""A thread that can be late: it is waited for so long and no longer, and then stopped if Python can stop it.

This needs neither signals nor a process, so a time limit holds in the main thread of a notebook and on every platform.
In a function that is late every line raises a :class:`TimeLimitError` until nothing is left that catches it. One that
waits inside C code is left behind, and gets the exception as soon as it comes back.

How a line is made to raise depends on the Python. From 3.12 on `sys.monitoring` calls back at every line, of every
thread. In 3.11 an exception is sent to the thread, and brings a trace function with it.
"""

import _thread
import contextvars
import ctypes
import sys
import threading
import time
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any

_STOP_SECONDS = 1.0  # how long a late thread is asked to stop
_ASK_EVERY = 0.02
_INTERRUPTIBLE = 0.1  # Windows holds an interrupt back while a lock is waited for
_send = ctypes.pythonapi.PyThreadState_SetAsyncExc


class TimeLimitError(BaseException):
    """Raised inside a function that runs too long; no Exception, so that ``except Exception`` does not stop it.

    A bare ``except:`` does. So the next lines raise it too: what is raised in a handler gets out of its own ``try``.
    """


class LateThread:
    """A daemon thread for ``work``, in a copy of the caller's context; :meth:`run` it, then :meth:`stop` it."""

    def __init__(self, work: Callable[[], None]) -> None:
        self._done = threading.Lock()
        self._done.acquire()
        self._ended = self._leaving = False
        self._thread = threading.Thread(
            target=contextvars.copy_context().run, args=(self._work, work), name="check", daemon=True
        )

    def _work(self, work: Callable[[], None]) -> None:
        try:
            work()
        except TimeLimitError:
            pass
        finally:
            self._leaving = True
            if sys.gettrace() is _raise_again:
                sys.settrace(None)
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
            if sys.version_info >= (3, 12):
                self._stop_by_monitoring()
            else:
                self._stop_by_tracing()
        if self._ended:
            self._thread.join(_STOP_SECONDS)

    def _stop_by_monitoring(self) -> None:
        def at_line(code: CodeType, *_where: int) -> None:
            if _thread.get_ident() == self._thread.ident and not self._leaving and code.co_filename != __file__:
                raise TimeLimitError

        monitoring = sys.monitoring  # type: ignore[attr-defined] from 3.12 on
        tool = next(number for number in (4, 3, 2, 5, 1, 0) if monitoring.get_tool(number) is None)
        events = (monitoring.events.LINE, monitoring.events.JUMP)  # a loop in one line only jumps
        monitoring.use_tool_id(tool, "time limit")
        try:
            for event in events:
                monitoring.register_callback(tool, event, at_line)
            monitoring.set_events(tool, sum(events))
            self._ended = self._done.acquire(timeout=_STOP_SECONDS)
        finally:
            monitoring.set_events(tool, 0)
            for event in events:
                monitoring.register_callback(tool, event, None)
            monitoring.free_tool_id(tool)
        if not self._ended:
            _send(ctypes.c_ulong(self._thread.ident or 0), ctypes.py_object(TimeLimitError))

    def _stop_by_tracing(self) -> None:
        # While the exception is under way no Python function is entered here: in CPython 3.11 a thread that is traced
        # (a debugger, coverage) would loop for ever at its entry. Hence bare locks and C functions only.
        thread, done, now, send = ctypes.c_ulong(self._thread.ident or 0), self._done, time.monotonic, _send
        error, deadline, traced = ctypes.py_object(_TracingError), now() + _STOP_SECONDS, sys.gettrace() is not None
        while not self._ended and now() < deadline:
            send(thread, error)
            self._ended = done.acquire(timeout=_ASK_EVERY)
        if self._ended or traced:
            send(thread, None)
            flushed = _thread.allocate_lock()
            flushed.acquire()
            _thread.start_new_thread(_flush, (flushed,))
            flushed.acquire(timeout=_STOP_SECONDS)


class _TracingError(TimeLimitError):
    """A TimeLimitError that makes the next line of its thread raise another one."""

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
    return frame.f_code.co_filename == __file__


class _FlushError(BaseException):
    """Raised by a thread in itself."""


def _flush(flushed: Any) -> None:
    """Raise an exception in this thread: its arrival clears the interpreter's note that one is under way somewhere."""
    try:
        _send(ctypes.c_ulong(_thread.get_ident()), ctypes.py_object(_FlushError))
        while True:
            pass
    except _FlushError:
        flushed.release()
