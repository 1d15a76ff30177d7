"""Make ``.venv`` and install the course into it. Standard library only: nothing else is there yet."""

import contextlib
import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from .install_errors import InstallError, NoVersionError, install_error
from .step import StepError, run_step

GB = 1_000_000_000
NEEDED = 2 * GB  # 1.3 for the environment, and what pip keeps while it works


def environment_python(root: Path) -> Path:
    """Return where the Python of ``root``'s environment is."""
    return root / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def install(root: Path, *, torch_index: str = "", large_torch: bool = False) -> None:
    """Install what ``pyproject.toml`` asks for, unless that is done; raise InstallError, which says what to do."""
    done = root / ".venv" / "installed.txt"
    wanted = _wanted(root)
    if done.is_file() and done.read_text(encoding="utf-8") == wanted and environment_python(root).exists():
        return
    if not _works(environment_python(root)):
        _check_space(root)
        _make_environment(root)
    _install_torch(root, torch_index, large_torch)
    _pip_install(root, "[3/3] Installing JupyterLab and the course", "--editable", ".[lab]")
    done.write_text(wanted, encoding="utf-8")


def _wanted(root: Path) -> str:
    """Return what the environment depends on, in short: it is installed again when this changes."""
    files = [(root / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    return f"{root}\n" + "\n".join(hashlib.sha256(data).hexdigest() for data in files)


def _works(python: Path) -> bool:
    """Whether there is an environment that was not broken, such as by an upgrade of the Python it was made from."""
    try:
        command = [python, "-c", "import pip, sys; sys.exit(sys.version_info < (3, 11))"]
        return subprocess.run(command, capture_output=True).returncode == 0
    except OSError:
        return False


def _check_space(root: Path) -> None:
    free = shutil.disk_usage(root).free
    if free < NEEDED:
        raise InstallError(
            f"The course needs {NEEDED / GB:.0f} GB of disk; {root} has {free / GB:.1f} GB free.\n"
            "Make room, or move the folder to another disk, then start again."
        )


def _make_environment(root: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise InstallError(
            "This Python cannot make environments: its package venv is missing.\n"
            f"On Debian and Ubuntu run:  sudo apt install python{version}-venv  then start again."
        )
    _run(root, "[1/3] Making the environment .venv", [sys.executable, "-m", "venv", "--clear", str(root / ".venv")])


def _install_torch(root: Path, index: str, large: bool) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    torch = next(line for line in project["dependencies"] if line.startswith("torch"))
    if sys.platform == "linux" and not index and not large and _brings_graphics_libraries(root, torch):
        raise InstallError(
            "Where pip looks, torch comes with libraries for graphics cards: about 3 GB to download and 7 GB of disk.\n"
            "Nothing here needs them. PyTorch's install page shows the address of the small build, 0.2 GB: choose\n"
            "Linux, Pip, Python, CPU, and copy what follows --index-url. Then start again with it:\n"
            "  python start.py --torch-index ADDRESS\n"
            "To take the large build all the same:\n"
            "  python start.py --large-torch"
        )
    _pip_install(root, "[2/3] Installing torch", *(["--index-url", index] if index else []), torch)


def _brings_graphics_libraries(root: Path, torch: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        options = ["--dry-run", "--report", str(report)]
        _pip_install(root, "[2/3] Looking for a torch without graphics libraries", *options, torch)
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    return any(one["metadata"]["name"].lower().startswith(("nvidia", "cuda", "triton")) for one in found)


def _pip_install(root: Path, title: str, *arguments: str) -> None:
    """Install in the tested versions; where one of them is not to be had, in those that are."""
    pip = [str(environment_python(root)), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
    try:
        _run(root, title, [*pip, "--constraint", str(root / "constraints.txt"), *arguments])
    except NoVersionError:
        _run(root, f"{title}, in other versions than the tested ones", [*pip, *arguments])


def _run(root: Path, title: str, command: list[str]) -> None:
    try:
        run_step(title, command, root)
    except StepError as failure:
        log = root / ".venv" / "install.log"
        with contextlib.suppress(OSError):  # a full disk, a folder of somebody else: the words below say so
            log.parent.mkdir(exist_ok=True)
            log.write_text(failure.output, encoding="utf-8")
        raise install_error(failure.output, log) from None
