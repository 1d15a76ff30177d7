"""Small notebooks for tests."""

from pathlib import Path

import nbformat


def write_notebook(path: Path, *cells: str) -> Path:
    """Write a notebook; a cell that starts like Markdown is Markdown, any other is code. Return its path."""
    notebook = nbformat.v4.new_notebook()
    for source in cells:
        new = nbformat.v4.new_markdown_cell if source.startswith(("#", "|")) else nbformat.v4.new_code_cell
        notebook.cells.append(new(source))
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
    nbformat.write(notebook, path)
    return path
