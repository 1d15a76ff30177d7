"""JupyterLab as a student starts it: by a command of ours, with the address that it prints."""

import json
import os
import re
import signal
import subprocess
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tenacity import retry, stop_after_delay, wait_fixed


@contextmanager
def serving(command: Sequence[str | Path], folder: Path, log: Path, **environment: str) -> Iterator[str]:
    """Run ``command`` in ``folder`` and yield the address, with its token, that JupyterLab writes to ``log``."""
    with log.open("w") as file:
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | environment, stdout=file, stderr=file, start_new_session=True
        )
    try:
        yield _address(log)
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # the command, and the server that it started
        process.wait(30)


@retry(stop=stop_after_delay(90), wait=wait_fixed(0.3), reraise=True)
def _address(log: Path) -> str:
    found = re.search(r"http://127\.0\.0\.1:\S+", log.read_text())
    assert found, log.read_text()
    return found[0]


def contents(address: str) -> set[str]:
    """Return the names of what the server at ``address`` shows in its first folder."""
    with urllib.request.urlopen(address.replace("/lab/tree/notebooks/00_start_here.ipynb", "/api/contents")) as reply:
        return {entry["name"] for entry in json.load(reply)["content"]}
