"""No test writes into the record of whoever runs it."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "record" / "progress.jsonl"
    monkeypatch.setenv("SEQVIZ_DATA_DIR", str(path.parent))
    return path
