"""Work on what students wrote in a child process with little time and memory: none of it can stop the grader."""

import json
import os
import resource
import select
import signal
import time
from collections.abc import Callable
from typing import Any, NoReturn

from seqviz.grading import kernel_wall

CPU_SECONDS = 5
MEMORY = 1 << 30  # on top of what the grader has
_CLOCK_SECONDS = 60  # of a child that waits for a core; nothing it does waits for anything else
_RESULT_BYTES = 256 << 20


class OverLimitError(Exception):
    """The work took more than it may; the message goes on after its name."""


def limited(work: Callable[[], Any], cpu_seconds: int = CPU_SECONDS) -> Any:
    """Return what ``work`` returns, which must be plain data, worked out in a child.

    Raises:
        OverLimitError: it took too much time or memory.
        RuntimeError: it failed, which nothing that a student wrote should make it do.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _be_the_child(work, writing, cpu_seconds)
    os.close(writing)
    try:
        blob = _read(reading)
    finally:
        os.close(reading)
        os.kill(child, signal.SIGKILL)  # if it has ended, its number is still its own: nobody has waited for it
        _, status = os.waitpid(child, 0)
    if blob[-1:] != b"\n":  # the last byte of a whole result
        slow = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)
        raise OverLimitError(f"took more than {cpu_seconds} s" if slow else "took too much memory")
    answer = json.loads(blob)
    if "failed" in answer:
        raise RuntimeError(answer["failed"])
    return answer["done"]


def _be_the_child(work: Callable[[], Any], writing: int, cpu_seconds: int) -> NoReturn:
    try:
        kernel_wall.limit_memory(MEMORY)
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        try:
            answer = {"done": work()}
        except MemoryError:
            os._exit(0)
        except Exception as error:
            answer = {"failed": f"{type(error).__name__}: {error}"}
        blob = json.dumps(answer).encode() + b"\n"
        with os.fdopen(writing, "wb") as out:
            out.write(blob)
    finally:
        os._exit(0)


def _read(reading: int) -> bytes:
    deadline, blob = time.monotonic() + _CLOCK_SECONDS, bytearray()
    while len(blob) < _RESULT_BYTES:
        ready, _, _ = select.select([reading], [], [], max(0, deadline - time.monotonic()))
        part = os.read(reading, 1 << 16) if ready else b""
        if not part:
            break
        blob += part
    return bytes(blob)
