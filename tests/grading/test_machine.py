"""How much memory there is, read from control groups as they look outside and inside of containers."""

import gc
import os
from pathlib import Path

import pytest

from seqviz.grading import machine
from seqviz.grading.errors import WrongUseError
from seqviz.grading.machine import cores, kernels_at_once, memory

ALL = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
GIB = 1 << 30


def groups(top: Path, files: dict[str, str], own: str) -> tuple[Path, Path]:
    for name, text in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
    (top / "own").write_text(own)
    return top, top / "own"


@pytest.mark.parametrize(
    ("files", "own", "least"),
    [
        ({}, "0::/\n", ALL),
        ({"memory.max": "max\n"}, "0::/\n", ALL),
        ({"memory.max": "1048576\n"}, "0::/\n", 1 << 20),
        ({"a/memory.max": "1048576\n", "a/b/memory.max": "max\n"}, "0::/a/b\n", 1 << 20),
        ({"memory.max": "1048576\n"}, "0::/../outside\n", 1 << 20),
        ({"memory/a/memory.limit_in_bytes": "1048576\n"}, "4:memory:/a\n3:cpu:/x\n0::/\n", 1 << 20),
        ({"memory/memory.limit_in_bytes": "1048576\n"}, "4:memory:/docker/0123\n", 1 << 20),
        ({"memory/memory.limit_in_bytes": str((1 << 63) - 4096)}, "4:memory:/\n", ALL),
    ],
)
def test_the_least_limit_counts(tmp_path: Path, files: dict[str, str], own: str, least: int) -> None:
    assert memory(*groups(tmp_path, files, own)) == least


@pytest.mark.parametrize(
    ("files", "own", "few"),
    [
        ({}, "0::/\n", 8),
        ({"cpu.max": "max 100000\n"}, "0::/\n", 8),
        ({"cpu.max": "150000 100000\n"}, "0::/\n", 2),
        ({"a/cpu.max": "50000 100000\n", "a/b/cpu.max": "max 100000\n"}, "0::/a/b\n", 1),
        (
            {"cpu,cpuacct/cpu.cfs_quota_us": "300000", "cpu,cpuacct/cpu.cfs_period_us": "100000"},
            "3:cpu,cpuacct:/x\n",
            3,
        ),
        ({"cpu/a/cpu.cfs_quota_us": "-1", "cpu/a/cpu.cfs_period_us": "100000"}, "3:cpu:/a\n", 8),
        ({"cpuset/cpu.max": "100000 100000"}, "3:cpuset:/\n", 8),
    ],
)
def test_no_more_cores_than_there_is_time_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], own: str, few: int
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    assert cores(*groups(tmp_path, files, own)) == few


@pytest.mark.parametrize(
    ("there", "cores", "each", "kernels"),
    [(64 * GIB, 2, 2 * GIB, 6), (4 * GIB, 2, 2 * GIB, 1), (8 * GIB, 4, 2 * GIB, 3), (1 * GIB, 8, 2 * GIB, 1)],
)
def test_as_many_kernels_as_memory_holds_if_all_take_what_they_may(
    monkeypatch: pytest.MonkeyPatch, there: int, cores: int, each: int, kernels: int
) -> None:
    monkeypatch.setattr(machine, "memory", lambda: there)
    assert kernels_at_once(cores, each) == kernels


def test_no_more_kernels_than_a_share_of_the_memory_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "memory", lambda: 64 * GIB)
    assert [kernels_at_once(4, 2 * GIB, share) for share in (None, 8 * GIB, 128 * GIB)] == [12, 3, 12]


def test_a_kernel_may_not_have_more_than_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "memory", lambda: 2 * GIB)
    machine.require_memory(2 * GIB)
    with pytest.raises(WrongUseError, match="--memory 3072: there are 2048 MB here"):
        machine.require_memory(3 * GIB)


def test_the_collector_rests_while_modules_are_imported_and_then_is_as_it_was() -> None:
    with machine.importing():
        assert not gc.isenabled()
    assert gc.isenabled()
    gc.disable()
    try:
        with machine.importing():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
