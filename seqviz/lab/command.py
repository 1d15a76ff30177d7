"""``seqviz lab``: copy chapters and exercises into a folder and open JupyterLab on the first chapter."""

import argparse
import importlib.util
import os
import socket
import sys
from pathlib import Path

from .course import Copied, copy_course, course_folder

FIRST = "notebooks/00_start_here.ipynb"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``seqviz lab``."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="yours to work in; made if it is not there")
    parser.add_argument(
        "options",
        nargs=argparse.REMAINDER,
        metavar="OPTION",
        help="for JupyterLab, such as --port 8899 or --no-browser",
    )


def run(arguments: argparse.Namespace) -> int:
    """Copy, open JupyterLab, and return 0 when it is closed, or 1 and say what is in the way."""
    folder = arguments.folder.resolve()
    course = course_folder()
    if folder != course.resolve():
        try:
            copied = copy_course(course, folder)
        except OSError as error:
            return _stop(str(error))
        print(*_lines(copied, folder), sep="\n", flush=True)
    if importlib.util.find_spec("jupyterlab") is None:
        return _stop('JupyterLab is not installed; run: python -m pip install "jupyterlab>=4.2", then this again')
    port = _port(arguments.options)
    if port and _taken(port):
        return _stop(
            f"port {port} is taken, perhaps by a JupyterLab that is still open. Close that, give another, or leave\n"
            "--port out: then a free one is found."
        )
    print(f"JupyterLab opens {FIRST} in your browser. Ctrl+C in this window ends it.", flush=True)
    _open_jupyterlab(folder, [*(["--ServerApp.port_retries=0"] if port else []), *arguments.options])
    return 0


def _lines(copied: Copied, folder: Path) -> list[str]:
    lines = [f"{len(copied.new)} files copied into {folder}"] if copied.new else []
    lines += [f"updated: {name}" for name in copied.updated]
    lines += [f"newer in the course: {name}; yours stays, since you changed it" for name in copied.kept]
    if copied.kept:
        lines.append("To get a newer one, rename yours and start again.")
    return lines or [f"{folder} is up to date"]


def _port(options: list[str]) -> int:
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--port", type=int, default=0)
    return parser.parse_known_args(options)[0].port


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _open_jupyterlab(folder: Path, options: list[str]) -> None:
    from jupyterlab.labapp import main

    # two kernels of many threads on few cores slow each other down ten times and more
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    quiet = ["--ServerApp.log_level=ERROR", "--LabApp.log_level=ERROR", "--LanguageServerManager.autodetect=False"]
    main([f"--ServerApp.root_dir={folder}", f"--LabApp.default_url=/lab/tree/{FIRST}", *quiet, *options])


def _stop(words: str) -> int:
    print(f"seqviz lab: {words}", file=sys.stderr)
    return 1
