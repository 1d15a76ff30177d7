"""Links of notebooks and written documentation lead somewhere, and the map knows every chapter there is."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted(path for room in ("notebooks", "exercises", "solutions") for path in (ROOT / room).glob("*.ipynb"))
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
START = ROOT / "notebooks" / "00_start_here.ipynb"


def links(path):
    """Return the targets of every relative link in a notebook's or a page's text."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = json.loads(text)["cells"]
        text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return {target for target in re.findall(r"\]\(([^)#\s]+)", text) if "://" not in target}


@pytest.mark.parametrize("path", [*NOTEBOOKS, *PAGES], ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file(path):
    assert [target for target in links(path) if not (path.parent / target).is_file()] == []


def test_the_map_links_to_every_chapter_and_its_exercises():
    chapters = {path.name for path in (ROOT / "notebooks").glob("*.ipynb")} - {START.name}
    exercises = {f"../exercises/{path.name}" for path in (ROOT / "exercises").glob("*.ipynb")}
    assert chapters | exercises <= links(START)
