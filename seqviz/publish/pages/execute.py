"""Run a chapter from a cold kernel and record what its explorers answer."""

import asyncio
import os
import re
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from seqviz.publish.errors import ReleaseError

ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
TIMEOUT = 300  # s per cell


def executed(path: Path) -> NotebookNode:
    """Return the notebook with the outputs of a run that recorded every widget.

    Raises ReleaseError, naming the cell, when a cell fails.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=TIMEOUT, kernel_name="python3", resources={"metadata": {"path": path.parent}}
    )
    client.extra_arguments = ["--log-level=40"]  # a word on encryption from every kernel would hide what matters
    # a page shows nobody's own progress: no folder for it
    environment = os.environ | {"SEQVIZ_RECORD": "1", "SEQVIZ_DATA_DIR": "", "OMP_NUM_THREADS": "1"}
    try:
        asyncio.run(client.async_execute(env=environment))
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        raise ReleaseError(f"{path.name}, {_guilty(notebook)}: {_last_line(error)}") from error
    return notebook


def _guilty(notebook: NotebookNode) -> str:
    """Name the cell that failed: the last one that was run."""
    run = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code" and "iopub.execute_input" in cell.metadata.get("execution", {})
    ]
    return f"cell {run[-1].id}" if run else "no cell was run"


def _last_line(error: Exception) -> str:
    lines = [line for line in str(error).splitlines() if line.strip()]
    return ANSI.sub("", lines[-1]) if lines else type(error).__name__
