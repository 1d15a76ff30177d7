"""Control groups: what is written into them, read from folders that look like them; and a kernel in one."""

import asyncio
import os
import signal
from pathlib import Path

import pytest

from seqviz.grading.control_groups import KernelGroup, delegated
from seqviz.grading.kernel_client import KernelServer
from seqviz.grading.sandbox import Limits
from tests.grading.kernel import Kernel

MEMBERSHIP = "4:memory:/elsewhere\n0::/service/grading\n"


def machine(top: Path, controllers: str | None) -> tuple[Path, Path]:
    """Lay out a group that this process is in, with the ``controllers`` it hands down."""
    own = top / "cgroup" / "service" / "grading"
    own.mkdir(parents=True)
    if controllers is not None:
        (own / "cgroup.subtree_control").write_text(controllers)
    (top / "membership").write_text(MEMBERSHIP)
    return top / "cgroup", top / "membership"


@pytest.mark.parametrize(
    ("before", "asked", "undone"),
    [("", "+memory +pids", "-memory -pids"), ("cpu pids\n", "+memory", "-memory"), ("memory pids\n", "", "")],
)
def test_a_group_that_holds_this_process_alone_is_made_ready_and_given_back(
    tmp_path: Path, before: str, asked: str, undone: str
) -> None:
    root, membership = machine(tmp_path, before)
    own = root / "service" / "grading"
    with delegated(root, membership) as folder:
        assert folder == str(own)
        assert (own / f"grader-{os.getpid()}" / "cgroup.procs").read_text() == "0"
        assert (own / "cgroup.subtree_control").read_text() == asked
        (own / "kernel-left").mkdir()
    assert (own / "cgroup.subtree_control").read_text() == undone
    assert (own / "cgroup.procs").read_text() == "0"
    assert not (own / "kernel-left").exists()


def test_where_nothing_is_delegated_nothing_is_changed(tmp_path: Path) -> None:
    root, membership = machine(tmp_path, None)  # as in version 1
    before = sorted(tmp_path.rglob("*"))
    with delegated(root, membership) as folder:
        assert folder == ""
    assert sorted(tmp_path.rglob("*")) == before


def test_where_somebody_else_is_in_the_group_it_goes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root, membership = machine(tmp_path, "")
    own = root / "service" / "grading"
    write = Path.write_text

    def busy(path: Path, text: str) -> int:
        if path.name == "cgroup.subtree_control":
            raise OSError(16, "Device or resource busy")
        return write(path, text)

    monkeypatch.setattr(Path, "write_text", busy)
    with delegated(root, membership) as folder:
        assert folder == ""
    assert (own / "cgroup.procs").read_text() == "0"


def test_a_kernels_group_has_its_limits_and_tells_what_became_of_it(tmp_path: Path) -> None:
    group = KernelGroup(str(tmp_path), **Limits(memory=5 << 20, processes=7).as_request())
    wanted = {"memory.max": str(5 << 20), "memory.oom.group": "1", "pids.max": "7", "memory.swap.max": "0"}
    assert {name: (group.folder / name).read_text() for name in wanted} == wanted
    assert (group.waited(), group.out_of_memory()) == (None, False)
    pressure = "some avg10=0.00 avg60=0.00 avg300=0.00 total=1500000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n"
    (group.folder / "cpu.pressure").write_text(pressure)
    (group.folder / "memory.events").write_text("low 0\nmax 3\noom 1\noom_kill 2\noom_group_kill 1\n")
    assert (group.waited(), group.out_of_memory()) == (1.5, True)
    group.remove()


@pytest.mark.kernel
def test_a_kernel_enters_its_group_and_is_left_to_it(warm_parent: KernelServer, tmp_path: Path) -> None:
    hoarders = """
import os, time
reading, writing = os.pipe()
for _ in range(3):
    if os.fork() == 0:
        hoard = bytearray(b"x") * (110 << 20)
        os.write(writing, b"x")
        time.sleep(99)
for _ in range(3):
    os.read(reading, 1)
time.sleep(1)  # a keeper that measures would end it here
"""

    async def story() -> None:
        limits = Limits(memory=256 << 20).as_request()
        async with Kernel(address=warm_parent.address, walled=True, limits=limits, group=str(tmp_path)) as kernel:
            (group,) = tmp_path.glob("kernel-*")
            assert (group / "cgroup.procs").read_text() == "0"
            assert await kernel.run(hoarders) == "None"
            (group / "cpu.pressure").write_text("some total=2500000\nfull total=0\n")
            assert await kernel.provisioner.waited() == 2.5
            (group / "memory.events").write_text("oom_kill 1\n")
            await kernel.provisioner.kill()
            assert await kernel.provisioner.wait() == -signal.SIGKILL
            assert kernel.provisioner.reason == "out of memory"

    asyncio.run(story())
