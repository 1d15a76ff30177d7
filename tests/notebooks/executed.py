"""A chapter is run once for nbval and for its page: nbval runs it, from a cold kernel, and what came out is kept."""

import hashlib
import json
import os
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from seqviz.publish.pages import execute
from tests.chapters import ROOT

CHAPTERS = ROOT / "notebooks"
FOLDER = ROOT / "build" / "executed"
PASSED: Counter[Path] = Counter()


def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo) -> None:
    """Keep a chapter that recorded its explorers, when the last of its cells has passed."""
    # a chapter's solutions have the same name, and no page
    of_chapter = hasattr(item, "test_outputs") and item.path.parent == CHAPTERS
    if not (os.environ.get("SEQVIZ_RECORD") and of_chapter and call.when == "call" and call.excinfo is None):
        return
    item.cell.outputs = item.test_outputs
    PASSED[item.path] += 1
    if PASSED[item.path] == sum(cell.cell_type == "code" for cell in item.parent.nb.cells):
        keep(item.path, item.parent.nb)


def executed(path: Path) -> NotebookNode:
    """Return a notebook with the outputs of a run that recorded every widget; run it if no run of it was kept."""
    kept = place(path)
    return nbformat.read(kept, as_version=4) if kept.exists() else keep(path, execute.executed(path))


def keep(path: Path, notebook: NotebookNode) -> NotebookNode:
    """Keep what the notebook at ``path`` became when it was run, in place of older runs."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.glob(f"{path.stem}-*.ipynb"):
        old.unlink()
    unfinished = place(path).with_suffix(".part")
    unfinished.write_text(json.dumps(notebook), encoding="utf-8")  # nbformat would sort the controls of a recording
    unfinished.replace(place(path))
    return notebook


def place(path: Path) -> Path:
    """Return where a notebook's run is kept: elsewhere as soon as it, a file that it may use or a version differs."""
    ours = [file for folder in ("seqviz", "exercises/checks") for file in (ROOT / folder).rglob("*") if file.is_file()]
    digest = hashlib.sha256()
    for file in [path, ROOT / "constraints.txt", *sorted(file for file in ours if file.suffix != ".pyc")]:
        digest.update(file.read_bytes())
    return FOLDER / f"{path.stem}-{digest.hexdigest()[:16]}.ipynb"
