"""The wall, from inside: what a kernel can see and reach of the parent, the keeper and another kernel."""

import asyncio
import os
from typing import Any

import pytest

from seqviz.grading import sandbox
from seqviz.grading.kernel_client import KernelServer
from seqviz.grading.sandbox import BWRAP, Limits, environment
from tests.grading.kernel import Kernel

pytestmark = pytest.mark.attack


@pytest.fixture(scope="module")
def parent() -> Any:
    parent = KernelServer(BWRAP)
    parent.wait_until_ready()
    yield parent
    parent.stop()


def kernel(parent: KernelServer, **limits: int) -> Kernel:
    settings = {"limits": Limits(**limits).as_request(), "environment": environment(walled=True)}
    return Kernel(address=parent.address, walled=True, **settings)


def in_two_kernels(parent: KernelServer, first: str, second: str, expression: str) -> str:
    """Run ``first`` in one kernel, then ``second`` in another while the first lives; return ``expression`` there."""

    async def story() -> str:
        async with kernel(parent) as one, kernel(parent) as other:
            assert await one.run(first) == "None"
            return await other.run(second, expression)

    return asyncio.run(story())


def in_a_kernel(parent: KernelServer, code: str, expression: str = "None", **limits: int) -> str:
    async def story() -> str:
        async with kernel(parent, **limits) as one:
            return await one.run(code, expression)

    return asyncio.run(story())


@pytest.mark.parametrize("address", ["'\\0answers'", "('127.0.0.1', 45454)"])
def test_kernels_cannot_talk_to_each_other(parent: KernelServer, address: str) -> None:
    family = "AF_UNIX" if "answers" in address else "AF_INET"
    listen = f"import socket\ns = socket.socket(socket.{family})\n"
    listen += f"try:\n    s.bind({address}); s.listen()\nexcept OSError: pass"
    call = f"import socket\nreached = socket.socket(socket.{family}).connect_ex({address}) == 0"
    assert in_two_kernels(parent, listen, call, "reached") == "False"


def test_kernels_share_no_file_and_no_shared_memory(parent: KernelServer) -> None:
    # where the checkout lies below /tmp, that folder cannot be written at all
    write = """
import os
for folder in {'/scratch', '/dev/shm'} | {folder for folder in ['/tmp'] if os.access(folder, os.W_OK)}:
    open(f'{folder}/message', 'w').write('42')
"""
    look = "import os\nfound = [f for f in ('/scratch', '/tmp', '/dev/shm') if os.path.exists(f'{f}/message')]"
    assert in_two_kernels(parent, write, look, "found") == "[]"


def test_a_kernel_has_terminals_of_its_own(parent: KernelServer) -> None:
    opened = "import os\nmaster, slave = os.openpty()\nos.write(slave, b'mine')"
    look = """
import os
found = [name for name in os.listdir('/dev/pts') if name.isdigit()]
mine = os.ttyname(os.openpty()[1])
"""
    assert in_two_kernels(parent, opened, look, "found, mine") == "([], '/dev/pts/0')"


def test_a_kernel_is_alone_among_its_processes(parent: KernelServer) -> None:
    seen = "[name for name in __import__('os').listdir('/proc') if name.isdigit()]"
    assert in_two_kernels(parent, "pass", "pass", seen) == "['1']"


def test_a_kernel_is_the_first_to_go_when_memory_is_short(parent: KernelServer) -> None:
    assert in_a_kernel(parent, "score = open('/proc/self/oom_score_adj').read().strip()", "score") == "'1000'"


TAKES_WHAT_USERS_SHARE = """
import array, fcntl, os, signal, socket
kept = []
try:
    for _ in range(200):
        pair = socket.socketpair()
        kept.append(pair)
        descriptors = array.array("i", [0] * 100)
        pair[0].sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, descriptors)])
except OSError:
    pass
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGRTMIN})
try:
    for _ in range(200_000):
        os.kill(os.getpid(), signal.SIGRTMIN)
except OSError:
    pass
for pair in kept[100:]:
    for one in pair:
        one.close()
try:
    for _ in range(100):
        pipe = os.pipe()
        kept.append(pipe)
        fcntl.fcntl(pipe[0], 1031, 1 << 20)
except OSError:
    pass
"""
USES_A_LITTLE = """
import torch
loaded = [int(one) for one in torch.utils.data.DataLoader(torch.arange(4), num_workers=1)]
import ctypes, signal
signal.setitimer(signal.ITIMER_REAL, 100)
timer = ctypes.c_void_p()
made = ctypes.CDLL(None).timer_create(0, None, ctypes.byref(timer))
user = __import__("os").getuid()
"""


@pytest.mark.skipif(os.getuid() != 0, reason="an ordinary user has one number for all kernels")
def test_what_linux_counts_per_user_is_counted_per_kernel(parent: KernelServer) -> None:
    assert in_two_kernels(parent, TAKES_WHAT_USERS_SHARE, USES_A_LITTLE, "loaded, made") == "([0, 1, 2, 3], 0)"
    users = (
        in_two_kernels(parent, "pass", "user = __import__('os').getuid()", "user"),
        in_a_kernel(parent, "user = __import__('os').getuid()", "user"),
    )
    assert all(int(user) in sandbox.USERS for user in users)


def test_a_kernel_has_no_privilege_and_cannot_get_any(parent: KernelServer) -> None:
    code = """
import ctypes, os
libc = ctypes.CDLL(None)
status = dict(line.split(None, 1) for line in open("/proc/self/status") if len(line.split()) == 2)
held = [status[name + ":"].strip() for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")]
got = [flag for flag in (0x10000000, 0x20000, 0x20000000, 0x40000000) if libc.unshare(flag) == 0]
ids = os.getresuid() + os.getresgid()
"""
    assert in_a_kernel(parent, code, "' '.join(held)") == repr(" ".join(["0" * 16] * 5))
    assert in_a_kernel(parent, code, "got, 0 in ids, status['NoNewPrivs:'].strip()") == "([], False, '1')"


def test_only_the_scratch_folder_can_be_written_and_it_is_small(parent: KernelServer) -> None:
    code = """
import errno, os
def fill(path):
    try:
        with open(path, "wb") as file:
            for _ in range(100):
                file.write(bytes(10**6))
        return "wrote it"
    except OSError as error:
        return errno.errorcode[error.errno]
told = [fill(path) for path in ("/x", "/usr/x", "/dev/x", "/dev/shm/x", "/scratch/x", "/proc/x")]
"""
    told = in_a_kernel(parent, code, "' '.join(told)", scratch=50 << 20)
    assert (
        told.replace("EFBIG", "ENOSPC") == "'EROFS EROFS EROFS ENOSPC ENOSPC ENOENT'"
    )  # the folder's limit is a file's too


def test_memory_and_processes_are_limited(parent: KernelServer) -> None:
    assert in_a_kernel(parent, "hoard = [bytes(10**7) for _ in range(10**3)]", memory=512 << 20) == "MemoryError"
    code = """
import os
made = 0
for _ in range(200):
    try:
        child = os.fork()
    except OSError:
        break
    if child == 0:
        __import__("time").sleep(99)
    made += 1
"""
    assert int(in_a_kernel(parent, code, "made", processes=40)) < 40


def test_the_kernels_environment_says_nothing_about_the_grader(parent: KernelServer) -> None:
    names = "sorted(__import__('os').environ)"
    seen = in_a_kernel(parent, "pass", names)
    for name in ("HOME", "PATH", "TMPDIR"):
        assert name in seen
    for name in ("SEQVIZ", "JPY_", "PYTEST", "VIRTUAL_ENV"):
        assert name not in seen
