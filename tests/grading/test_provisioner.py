"""Forked kernels for everybody: papermill and nbval use them by name, and nothing is left behind."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import papermill
import psutil
import pytest
from jupyter_client.kernelspec import KernelSpecManager

from seqviz.grading import kernel_client
from seqviz.grading.errors import IncompleteError
from seqviz.grading.kernel_client import KernelServer, remove_abandoned_folders
from seqviz.grading.provisioner import KernelStartError
from seqviz.grading.sandbox import LIMITS, Limits
from tests.grading.course import as_bytes, cell, notebook
from tests.grading.kernel import WARM, Kernel

pytestmark = pytest.mark.kernel


def folders() -> set[Path]:
    return {*kernel_client._locks}


def warm_processes() -> list[psutil.Process]:
    found = []
    for one in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):  # it has ended since it was listed
            found += [one] if "seqviz.grading.kernel_server" in " ".join(one.cmdline()) else []
    return found


@pytest.fixture
def notebook_file(tmp_path: Path) -> Path:
    source = "import os, sys, torch\nprint('torch' in sys.modules, os.getcwd())\ntorch.ones(2) @ torch.ones(2)"
    path = tmp_path / "in.ipynb"
    path.write_bytes(as_bytes(notebook([cell(source, id="a"), cell("1 + 1", id="b")])))
    return path


def test_the_kernelspec_and_its_provisioner_are_installed() -> None:
    spec: Any = KernelSpecManager().get_kernel_spec(WARM)
    assert spec.metadata["kernel_provisioner"]["provisioner_name"] == "seqviz-warm"


def test_papermill_runs_on_forked_kernels_by_name(notebook_file: Path, tmp_path: Path) -> None:
    done: Any = papermill.execute_notebook(
        notebook_file, tmp_path / "out.ipynb", kernel_name=WARM, progress_bar=False, cwd=tmp_path
    )
    assert done.cells[0].outputs[0].text == f"True {tmp_path}\n"
    assert done.cells[0].outputs[1].data["text/plain"] == "tensor(2.)"
    assert done.cells[1].outputs[0].data["text/plain"] == "2"


def test_papermill_as_a_command_leaves_no_process_and_no_folder(notebook_file: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "papermill",
        "-k",
        WARM,
        "--no-progress-bar",
        str(notebook_file),
        str(tmp_path / "o.ipynb"),
    ]
    with nothing_left_by(tmp_path / "tmp") as environment:
        subprocess.run(command, env=environment, check=True, capture_output=True, timeout=120)


@contextmanager
def nothing_left_by(own: Path) -> Iterator[dict[str, str]]:
    """Give an environment for commands, whose folder for temporary files tells which processes and files are theirs."""
    own.mkdir()
    before = {one.pid for one in psutil.process_iter()}
    yield os.environ | {"TMPDIR": str(own)}
    assert [path for path in own.iterdir() if not path.name.startswith("pytest-of-")] == []
    assert [one for one in psutil.process_iter() if one.pid not in before and str(own) in _environment(one)] == []


def _environment(process: psutil.Process) -> str:
    try:
        return str(process.environ())
    except psutil.Error:
        return ""


def test_nbval_compares_outputs_on_forked_kernels_and_leaves_none(notebook_file: Path, tmp_path: Path) -> None:
    tree = notebook([cell("6 * 7", id="a")])
    tree["cells"][0]["outputs"] = [
        {"output_type": "execute_result", "data": {"text/plain": "42"}, "metadata": {}, "execution_count": 1}
    ]
    tree["cells"][0]["execution_count"] = 1
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-kernel-name", WARM, "-p", "no:cacheprovider", "-q"]
    for source, passes in (("6 * 7", True), ("6 * 8", False)):
        tree["cells"][0]["source"] = source
        notebook_file.write_bytes(as_bytes(tree))
        with nothing_left_by(tmp_path / f"tmp-{passes}") as environment:
            done = subprocess.run(
                [*command, str(notebook_file)],
                env=environment,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
        assert (done.returncode == 0) is passes, done.stdout


def test_one_parent_serves_all_processes_of_a_command(tmp_path: Path) -> None:
    program = (
        "import os; from seqviz.grading import kernel_client as c; print(c.address() == os.environ[c.ADDRESS_VARIABLE])"
    )
    command = [sys.executable, "-m", "seqviz.grading.kernel_client", sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stdout) == (0, "True\n")
    failing = [sys.executable, "-m", "seqviz.grading.kernel_client", sys.executable, "-c", "raise SystemExit(7)"]
    assert subprocess.run(failing, check=False, timeout=120).returncode == 7


def test_folders_of_killed_processes_are_removed_by_the_next_and_those_of_live_ones_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = "import sys\nfrom seqviz.grading.kernel_client import private_folder as made\n"
    program += "print(made(), flush=True); sys.stdin.read()"
    alone = (
        ["unshare", "--pid", "--fork", "--kill-child"] if os.getuid() == 0 else []
    )  # numbers from 1, as in a container
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    place = tmp_path.parent / "short"  # enough for sockets to be made in it
    place.mkdir()
    environment = os.environ | {"TMPDIR": str(place)}
    with subprocess.Popen([*alone, sys.executable, "-c", program], env=environment, **pipes) as live:
        assert live.stdout
        assert live.stdin
        kept = Path(live.stdout.readline().strip())
        with subprocess.Popen([sys.executable, "-c", program], env=environment, **pipes) as killed:
            assert killed.stdout
            left = Path(killed.stdout.readline().strip())
            killed.kill()
        for name in ("seqviz-notes", "other"):
            (place / name).mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(place))
        own = kernel_client.private_folder()
        remove_abandoned_folders()
        assert {path.name for path in place.iterdir()} == {kept.name, own.name, "seqviz-notes", "other"}
        assert left not in place.iterdir()
        kernel_client.remove_folder(own)
        live.stdin.close()


def test_a_long_folder_for_temporary_files_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    long = tmp_path / ("d" * 120)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    folder = kernel_client.private_folder()
    assert len(os.fsencode(folder)) < 80
    kernel_client.remove_folder(folder)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(IncompleteError, match="set TMPDIR to a shorter one"):
        kernel_client.private_folder()


# --- one kernel, by hand ----------------------------------------------------------------------------------------------
def test_a_kernel_can_be_interrupted_restarted_and_ended(plain_parent: KernelServer) -> None:
    async def story() -> None:
        before = folders()
        async with Kernel(address=plain_parent.address) as kernel:
            assert await kernel.manager.is_alive()
            assert await kernel.run("x = 1", "x") == "1"
            reply = asyncio.ensure_future(kernel.run("import time; time.sleep(60)"))
            await asyncio.sleep(0.3)
            await kernel.manager.interrupt_kernel()
            assert await reply == "KeyboardInterrupt"
            await kernel.manager.restart_kernel(now=True)
            await kernel.client.wait_for_ready(timeout=30)
            assert await kernel.run("x") == "NameError"
            kernel.client.execute("import os; os._exit(5)")
            assert await kernel.provisioner.wait() == 5
            assert not await kernel.manager.is_alive()
        assert folders() == before

    asyncio.run(story())


def test_a_kernel_asked_to_end_does(plain_parent: KernelServer) -> None:
    async def story() -> None:
        async with Kernel(address=plain_parent.address) as kernel:
            await kernel.manager.shutdown_kernel(now=False)
            assert not await kernel.manager.is_alive()

    asyncio.run(story())


def test_children_of_one_parent_do_not_share_random_numbers(plain_parent: KernelServer) -> None:
    draw = "(__import__('random').random(), __import__('numpy').random.rand(), __import__('torch').rand(1).item())"

    async def drawn(seed: int | None) -> str:
        async with Kernel(address=plain_parent.address, seed=seed) as kernel:
            return await kernel.run("", draw)

    assert asyncio.run(drawn(None)) != asyncio.run(drawn(None))
    assert asyncio.run(drawn(7)) == asyncio.run(drawn(7)) != asyncio.run(drawn(8))


def test_a_kernel_dies_when_its_client_is_gone(warm_parent: KernelServer) -> None:
    async def story() -> None:
        async with Kernel(address=warm_parent.address, walled=True, limits=Limits().as_request()) as kernel:
            waited = await kernel.provisioner.waited()
            assert waited is not None
            assert 0 <= waited < 30
            await kernel.provisioner.cleanup()
            assert not kernel.provisioner.has_process

    asyncio.run(story())


def test_limits_without_a_wall_hold_one_by_one_and_strays_are_killed(tmp_path: Path) -> None:
    plain = KernelServer(LIMITS)
    plain.wait_until_ready()
    limits = Limits(memory=300 << 20, scratch=1 << 20).as_request()

    async def story() -> None:
        async with Kernel(address=plain.address, limits=limits) as kernel:
            assert await kernel.run("bytearray(10**9)") == "MemoryError"
            assert await kernel.run(f"open('{tmp_path}/x', 'wb').write(bytes(10**7))") == "OSError"
            code = "import subprocess; p = subprocess.Popen(['setsid', '-f', 'sleep', '31337'])"
            assert await kernel.run(code) == "None"
            await kernel.provisioner.kill()
            await kernel.provisioner.wait()
        assert not [one for one in psutil.process_iter(["cmdline"]) if one.info["cmdline"] == ["sleep", "31337"]]

    try:
        asyncio.run(story())
    finally:
        plain.stop()


def test_memory_of_all_processes_together_is_limited(warm_parent: KernelServer) -> None:
    limits = Limits(memory=256 << 20).as_request()
    hoard = "    if os.fork() == 0:\n        x = bytearray(10**8)\n        time.sleep(99)"
    hoarders = f"import os, time\nfor _ in range(8):\n{hoard}"

    async def story() -> None:
        async with Kernel(address=warm_parent.address, walled=True, limits=limits) as kernel:
            kernel.client.execute(hoarders)
            assert await kernel.provisioner.wait() == -signal.SIGKILL
            assert kernel.provisioner.reason == "out of memory"

    asyncio.run(story())


def test_another_kernel_costs_little_memory_of_its_own(warm_parent: KernelServer) -> None:
    own = "sum(int(l.split()[1]) for l in open('/proc/self/smaps_rollup') if l.startswith('Private'))"

    async def story() -> None:
        async with Kernel(address=warm_parent.address, walled=True, limits=Limits().as_request()) as kernel:
            await kernel.run("import torch; torch.rand(8, 8) @ torch.rand(8, 8)")
            assert int(await kernel.run("", own)) < 60 * 1024  # kB

    asyncio.run(story())


def test_a_parent_that_is_gone_is_said_in_words(tmp_path: Path) -> None:
    async def story() -> None:
        kernel = Kernel(address=str(tmp_path / "nobody"))
        with pytest.raises(KernelStartError, match="cannot be reached"):
            await kernel.manager.start_kernel()
        await kernel.manager.cleanup_resources()

    asyncio.run(story())


def test_a_wall_that_cannot_be_built_gives_no_kernel(warm_parent: KernelServer) -> None:
    async def story() -> None:
        kernel = Kernel(address=warm_parent.address, walled=True, limits={})
        with pytest.raises(KernelStartError, match="KeyError: 'scratch'"):
            await kernel.manager.start_kernel()
        await kernel.manager.cleanup_resources()

    asyncio.run(story())


def test_this_process_has_a_parent_of_its_own_when_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(kernel_client.ADDRESS_VARIABLE, raising=False)
    address = kernel_client.address()
    assert kernel_client.address() == address
    assert len(warm_processes()) >= 1
