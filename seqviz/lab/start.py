"""What ``python start.py`` does: install what is missing, then hand over to ``seqviz lab`` in the new environment."""

import argparse
import io
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from .install import InstallError, environment_python, install

ROOT = Path(__file__).parents[2]


def main(argv: Sequence[str] | None = None) -> int:
    """Install and open JupyterLab; return 0 when it was closed, 1 when something stopped it, said in words."""
    arguments, for_jupyterlab = _parser().parse_known_args(argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that cannot write "…" still shows the rest
    try:
        install(ROOT, torch_index=arguments.torch_index, large_torch=arguments.large_torch)
    except InstallError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. The same command goes on from here.", file=sys.stderr)
        return 1
    if arguments.install_only:
        return 0
    return _run_to_its_end([str(environment_python(ROOT)), "-m", "seqviz.cli", "lab", str(ROOT), *for_jupyterlab])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="start.py",
        description="Install the course into .venv, if it is not there yet, and open it in JupyterLab.",
        epilog="All other options go to JupyterLab, such as --port 8899 and --no-browser.",
        allow_abbrev=False,
    )
    parser.add_argument("--install-only", action="store_true", help="do not open JupyterLab")
    parser.add_argument(
        "--torch-index",
        metavar="ADDRESS",
        default=os.environ.get("TORCH_INDEX", ""),
        help="the index to take torch from; also read from the environment variable TORCH_INDEX",
    )
    parser.add_argument(
        "--large-torch", action="store_true", help="on Linux: accept a torch that brings gigabytes for graphics cards"
    )
    return parser


def _run_to_its_end(command: list[str]) -> int:
    process = subprocess.Popen(command)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            pass  # JupyterLab was told too, and asks whether it should stop
