"""What the chapters assert holds for other seeds too: each is run whole."""

from pathlib import Path

import nbformat
import papermill
import pytest

from tests.notebooks.test_links import START

pytestmark = pytest.mark.slow

CHAPTERS = sorted(path for path in START.parent.glob("*.ipynb") if path != START)
SAID = {"07_bidirectional_and_deep": {"ceilings": "both directions  at most 100.00%"}}  # not asserted but printed


@pytest.fixture(autouse=True)
def _apart(monkeypatch):
    """A chapter's checks leave no record of what passed, and torch takes one core."""
    monkeypatch.setenv("SEQVIZ_DATA_DIR", "")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", range(1, 6))
def test_every_claim_of_a_chapter_holds_with_another_seed(chapter: Path, seed: int, tmp_path: Path):
    has = papermill.inspect_notebook(chapter)
    assert "seed" in has
    repeats = {"cost_repeats": 2} if "cost_repeats" in has else {}  # times are not asserted
    papermill.execute_notebook(
        chapter,
        tmp_path / "run.ipynb",
        parameters={"seed": seed, **repeats},
        kernel_name="python3",
        cwd=tmp_path,
        progress_bar=False,
    )
    cells = {cell.id: cell for cell in nbformat.read(tmp_path / "run.ipynb", as_version=4).cells}
    for name, sentence in SAID.get(chapter.stem, {}).items():
        assert sentence in cells[name].outputs[0]["text"]
