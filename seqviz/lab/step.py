"""Run one command of the installation, with a line that says what it is doing and for how long."""

import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path


class StepError(Exception):
    """A command failed; ``output`` is everything it printed."""

    def __init__(self, output: str) -> None:
        super().__init__(output)
        self.output = output


def run_step(title: str, command: list[str], folder: Path) -> None:
    """Run ``command`` in ``folder`` and show ``title``, the time and its last line; raise StepError if it fails."""
    started = time.monotonic()
    printed: list[str] = []
    watched = sys.stdout.isatty()
    if not watched:
        print(f"{title} …", flush=True)
    with subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace"
    ) as process:
        assert process.stdout
        reader = threading.Thread(target=printed.extend, args=[process.stdout], daemon=True)  # each line as it comes
        reader.start()
        while reader.is_alive():
            reader.join(0.2)
            if watched:
                latest = printed[-1].strip() if printed else ""
                _show(f"{title} … {_clock(started)}  {latest}")
    if watched:
        _show(f"{title} … {_clock(started)}")
        print()
    if process.returncode:
        raise StepError("".join(printed))


def _clock(started: float) -> str:
    minutes, seconds = divmod(int(time.monotonic() - started), 60)
    return f"{minutes}:{seconds:02}"


def _show(line: str) -> None:
    width = shutil.get_terminal_size().columns - 1
    print(f"\r{line[:width]:{width}}", end="", flush=True)
