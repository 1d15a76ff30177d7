"""A cell run again gives the same: no later cell binds anew a name that it reads and does not bind itself."""

import symtable
from pathlib import Path

import nbformat
import pytest

from tests.notebooks.test_links import START

CHAPTERS = sorted(path for path in START.parent.glob("*.ipynb") if path != START)


def names(source: str) -> tuple[set[str], set[str]]:
    """Return the names that a cell binds, and those that it or a function in it reads."""
    cell = symtable.symtable(source, "cell", "exec")
    bound = {s.get_name() for s in cell.get_symbols() if s.is_assigned() or s.is_imported() or s.is_namespace()}
    read = {s.get_name() for s in cell.get_symbols() if s.is_referenced()}
    tables = cell.get_children()
    while tables:
        table = tables.pop()
        read |= {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
        tables += table.get_children()
    return bound, read


def lost(sources: dict[str, str]) -> list[str]:
    """Say which cell reads what a later cell has bound anew; ``sources`` maps the ids of the cells, in order."""
    cells = [(cell, *names(source)) for cell, source in sources.items()]
    return [
        f"{cell} reads {name}, which {later} binds anew"
        for place, (cell, bound, read) in enumerate(cells)
        for later, rebound, _ in cells[place + 1 :]
        for name in sorted((read - bound) & rebound)
        if any(name in earlier for _, earlier, _ in cells[:place])
    ]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_no_cell_reads_what_a_later_one_binds_anew(chapter: Path):
    cells = nbformat.read(chapter, as_version=4).cells
    assert lost({cell.id: cell.source for cell in cells if cell.cell_type == "code"}) == []


def test_a_name_that_is_bound_anew_is_found_in_functions_too():
    cells = {"one": "x = 1", "two": "def f():\n    return x", "three": "y = x", "four": "x = 2\nz = x"}
    assert lost(cells) == ["two reads x, which four binds anew", "three reads x, which four binds anew"]
    assert lost({"one": "x = 1", "two": "x = x + 1", "three": "print(x)"}) == []
