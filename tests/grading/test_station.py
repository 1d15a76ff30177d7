"""What a worker is told before its first submission, and what it makes of it on its own machine."""

import json
import os
import subprocess
import sys
import textwrap
from dataclasses import asdict
from multiprocessing import Pipe
from pathlib import Path

import pytest

from seqviz.grading.station import Orders, Share, _unpacked


def test_orders_name_places_by_all_their_names_and_bring_files_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("real").mkdir()
    Path("link").symlink_to("real")
    Path("data.bin").write_bytes(bytes(range(256)))
    orders = Orders.of("bwrap", 1 << 30, None, [Path("link")], {"deep/data.bin": Path("data.bin")})
    across = Orders.from_bytes(orders.to_bytes())
    assert across == orders
    assert across.secret == [str(tmp_path / "link"), str(tmp_path / "real")]
    unpacked = _unpacked(across.files, tmp_path / "there")
    assert unpacked == {"deep/data.bin": tmp_path / "there" / "deep" / "data.bin"}
    assert unpacked["deep/data.bin"].read_bytes() == bytes(range(256))


@pytest.mark.parametrize(
    ("memory", "path", "words"),
    [(1 << 60, os.environ["PATH"], "give less than that"), (1 << 30, "/nonexistent", "bubblewrap is not installed")],
)
def test_a_machine_that_cannot_grade_says_why(memory: int, path: str, words: str) -> None:
    ours, theirs = Pipe()
    command = [sys.executable, "-m", "seqviz.grading.station", str(theirs.fileno())]
    environment = os.environ | {"PATH": path}
    with subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment) as station:
        theirs.close()
        ours.send_bytes(Orders("bwrap", memory, 1, [], {}).to_bytes())
        ours.send_bytes(json.dumps(asdict(Share(1, 0, []))).encode())
        told = json.loads(ours.recv_bytes())
        ours.close()
        assert station.wait(60) == 0
    if "bubblewrap" in told["refused"] and "give less" in words:
        pytest.skip(reason="bubblewrap is not installed; apt-get install bubblewrap")
    assert words in told["refused"]


def test_without_rules_for_meta_tensors_torch_is_smaller_and_compares_all_the_same() -> None:
    program = """
        import sys
        from seqviz.grading.station import _pass_over_meta_tensors

        _pass_over_meta_tensors()
        import torch
        from seqviz.checks.comparison import compare
        from seqviz.checks.values import from_bytes, to_bytes

        assert "torch._decomp" not in sys.modules, "it is loaded all the same: is it still worth it?"
        for dtype in (torch.float64, torch.float32, torch.bfloat16, torch.int64, torch.bool, torch.complex64):
            value = torch.arange(6).reshape(2, 3).to(dtype)
            other = value.clone()
            other[0, 1] = 0
            assert compare(value, from_bytes(to_bytes(value)), 1e-9) is None, dtype
            assert compare(value, other, 1e-9).kind == "value", dtype
        """
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], check=True)
