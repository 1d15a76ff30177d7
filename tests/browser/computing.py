"""A page that computes, from disk, with one explorer on it."""

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from seqviz.cli import main
from tests.notebooks.writing import write_notebook


def exported(folder: Path, *cells: str) -> Path:
    """Execute and export a chapter of these cells; return its page."""
    chapter = write_notebook(folder / "01_first.ipynb", "# A page\n\n**Does it compute?**", *cells)
    assert main(["export", str(chapter), "--out", str(folder / "site")]) == 0
    return folder / "site" / "01_first.html"


def first_explorer(page: Page) -> Locator:
    """Return the page's explorer, drawn."""
    explorer = page.locator(".recorded .seqviz")
    expect(explorer).to_have_attribute("data-selected", re.compile(r"\d"))
    return explorer


def loaded(page: Page) -> bool:
    """Say whether the page has loaded what it takes to compute."""
    return page.evaluate("() => 'seqvizOnnxRuntime' in globalThis")
