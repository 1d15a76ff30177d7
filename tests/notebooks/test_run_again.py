"""A cell run again gives the same: no later cell binds anew a name that it reads and does not bind itself."""

import symtable
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.notebooks.test_links import START

CHAPTERS = sorted(path for path in START.parent.glob("*.ipynb") if path != START)


@dataclass(frozen=True)
class Cell:
    """The names that a cell binds, those that it or a function in it reads, and those that each function reads."""

    bound: set[str]
    read: set[str]
    functions: dict[str, set[str]]


def cell_of(source: str) -> Cell:
    table = symtable.symtable(source, "cell", "exec")
    symbols = table.get_symbols()
    functions = {child.get_name(): read_inside(child) for child in table.get_children()}
    return Cell(
        {s.get_name() for s in symbols if s.is_assigned() or s.is_imported() or s.is_namespace()},
        {s.get_name() for s in symbols if s.is_referenced()}.union(*functions.values()),
        functions,
    )


def read_inside(table: symtable.SymbolTable) -> set[str]:
    """Return the names of the notebook that a function, or one inside it, reads."""
    read = {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
    return read.union(*map(read_inside, table.get_children()))


def needed(cell: Cell, earlier: list[Cell]) -> set[str]:
    """Return the names that a cell reads and does not bind, itself or through functions of earlier cells."""
    functions = {name: read for one in earlier for name, read in one.functions.items()}
    found, new = set(), cell.read - cell.bound
    while new:
        found |= new
        new = set().union(*(functions.get(name, set()) for name in new)) - cell.bound - found
    return found


def lost(sources: dict[str, str]) -> list[str]:
    """Say which cell reads what a later cell has bound anew; ``sources`` maps the ids of the cells, in order."""
    names, cells = list(sources), [cell_of(source) for source in sources.values()]
    return [
        f"{names[place]} reads {name}, which {later} binds anew"
        for place, cell in enumerate(cells)
        for later, rebinding in zip(names[place + 1 :], cells[place + 1 :], strict=True)
        for name in sorted(needed(cell, cells[:place]) & rebinding.bound)
        if any(name in one.bound for one in cells[:place])
    ]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_no_cell_reads_what_a_later_one_binds_anew(chapter: Path):
    cells = nbformat.read(chapter, as_version=4).cells
    assert lost({cell.id: cell.source for cell in cells if cell.cell_type == "code"}) == []


def test_a_name_that_is_bound_anew_is_found_in_functions_too():
    cells = {"one": "x = 1", "two": "def f():\n    return x", "three": "y = x", "four": "x = 2\nz = x"}
    assert lost(cells) == ["two reads x, which four binds anew", "three reads x, which four binds anew"]
    assert lost({"one": "x = 1", "two": "x = x + 1", "three": "print(x)"}) == []


def test_a_name_that_a_function_reads_is_found_where_the_function_is_called():
    cells = {"one": "x = 1\n\ndef f():\n    return x", "two": "y = f()", "three": "x = 2\nz = f()"}
    assert lost(cells) == ["two reads x, which three binds anew"]


@pytest.mark.slow
@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_cell_run_twice_raises_nothing_and_prints_the_same(chapter: Path, monkeypatch, tmp_path: Path):
    """Also sees what the names do not tell: weights changed in place, and draws from torch's own generator."""
    monkeypatch.setenv("SEQVIZ_DATA_DIR", "")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    notebook = nbformat.read(chapter, as_version=4)
    twice = [cell for cell in notebook.cells if cell.cell_type == "code" for _ in range(2)]
    notebook.cells = [nbformat.v4.new_code_cell(cell.source) for cell in twice]
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": tmp_path}}).execute()
    checked = [cell for cell in notebook.cells if cell.source.startswith("# NBVAL_CHECK_OUTPUT")]
    printed = ["".join(output.get("text", "") for output in cell.outputs) for cell in checked]
    assert printed[::2] == printed[1::2]
