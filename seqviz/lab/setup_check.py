"""What a notebook needs around it, looked at one by one; whatever is wrong is said in words, with what to do."""

import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from packaging.requirements import Requirement

# The server extension leaves here, for the kernels that the server starts, which environment the server runs in.
SERVER_PREFIX = "SEQVIZ_SERVER_PREFIX"
INSTALL = "in the project's folder run: python start.py"


@dataclass(frozen=True)
class Row:
    """One thing looked at: whether it is as it should be, what was found, and what to do if it is not."""

    good: bool
    found: str
    advice: str = ""

    def __str__(self) -> str:
        return f"{'✓' if self.good else '✗'} {self.found}" + ("" if self.good else f" → {self.advice}")


class SetupCheck(tuple[Row, ...]):
    """All rows; a notebook shows them as lines."""

    def __repr__(self) -> str:
        wrong = sum(not row.good for row in self)
        if not wrong:
            last = "Everything is as it should be."
        else:
            last = f"{wrong} {'line needs' if wrong == 1 else 'lines need'} your attention: follow the arrow."
        return "\n".join([*map(str, self), last])


def check_setup() -> SetupCheck:
    """Look at Python, the packages, JupyterLab's extensions and torch's threads, and say what is wrong."""
    print(
        "Looking at Python, the packages and JupyterLab. Loading torch for the first time takes a while …", flush=True
    )
    server = _server_environment()
    lab_here = server is None or server == _environment()
    return SetupCheck(
        [
            python_row(sys.version_info[:3]),
            *package_rows(_requirements(lab_here)),
            *(_rows_of_lab_here() if lab_here else rows_of_lab_elsewhere(cast("str", server), _environment())),
            threads_row(_torch_threads(), _cores()),
        ]
    )


def python_row(version: tuple[int, int, int]) -> Row:
    """Python is 3.11 or newer."""
    found = f"Python {'.'.join(map(str, version))}"
    return Row(version >= (3, 11), found, "seqviz needs 3.11 or newer; start with another: python3.12 start.py")


def package_rows(requirements: Iterable[str]) -> list[Row]:
    """Every required package is installed, within its range, and can be imported; the good ones share a line."""
    from packaging.requirements import Requirement  # it comes with plotly

    rows = [_package_row(Requirement(line)) for line in requirements]
    good = [row.found for row in rows if row.good]
    return ([Row(True, ", ".join(good))] if good else []) + [row for row in rows if not row.good]


def _package_row(requirement: "Requirement") -> Row:
    name = requirement.name
    advice = f'{INSTALL}, or: pip install "{name}{requirement.specifier}"'
    try:
        version = metadata.version(name)
    except metadata.PackageNotFoundError:
        return Row(False, f"{name} is not installed", advice)
    if not requirement.specifier.contains(version, prereleases=True):
        return Row(False, f"{name} {version}, expected {requirement.specifier}", advice)
    try:
        import_module(name.replace("-", "_"))  # so are our own requirements imported
    except Exception as error:  # a broken package may raise anything: it is what we are looking for
        return Row(False, f"{name} {version} cannot be imported ({type(error).__name__}: {error})", INSTALL)
    return Row(True, f"{name} {version}")


def _rows_of_lab_here() -> list[Row]:
    if find_spec("jupyterlab") is None:
        return []  # it is among the packages that are missing
    return [*extension_rows(_lab_extension_folders()), server_extension_row(_server_extensions())]


def rows_of_lab_elsewhere(server: str, kernel: str) -> list[Row]:
    """JupyterLab, in the environment ``server``, can draw what this kernel, in another one, sends."""
    advice = f"start JupyterLab from this kernel's environment ({INSTALL}), or install seqviz in JupyterLab's too"
    if not server:
        return [Row(False, f"JupyterLab runs in an environment without seqviz, this kernel in {kernel}", advice)]
    rows = extension_rows([Path(server, "share", "jupyter", "labextensions")])
    return [Row(True, f"JupyterLab runs in {server}, this kernel in {kernel}"), *rows]


def extension_rows(folders: Iterable[Path]) -> list[Row]:
    """JupyterLab finds the two extensions that draw a widget."""
    folders = list(folders)
    rows = []
    for package, extension in {
        "ipywidgets": "@jupyter-widgets/jupyterlab-manager",
        "anywidget": "anywidget",
    }.items():
        there = any((folder / extension / "package.json").is_file() for folder in folders)
        found = f"JupyterLab {'has' if there else 'does not have'} the extension of {package}"
        rows.append(Row(there, found, f"start JupyterLab from this project's environment ({INSTALL})"))
    return rows


def server_extension_row(enabled: Mapping[str, bool]) -> Row:
    """The server extension that sends every reply at once is switched on."""
    if enabled.get("seqviz.lab"):
        return Row(True, "JupyterLab sends every reply of a kernel at once")
    return Row(
        False,
        "JupyterLab may wait 40 ms with each reply, so sliders lag",
        "run: jupyter server extension enable seqviz.lab, then start JupyterLab again",
    )


def threads_row(threads: int, cores: int) -> Row:
    """Torch does not use more threads than there are cores."""
    found = f"torch computes with {threads} {'thread' if threads == 1 else 'threads'}, cores: {cores}"
    return Row(threads <= cores, found, "more threads than cores slow each other down: torch.set_num_threads(1)")


def _server_environment() -> str | None:
    """Return the environment of the server that started this kernel: "" if it has no seqviz, None without a server."""
    if "JPY_SESSION_NAME" not in os.environ:
        return None
    server = os.environ.get(SERVER_PREFIX, "")
    return server and str(Path(server).resolve())


def _environment() -> str:
    return str(Path(sys.prefix).resolve())


def _requirements(lab_here: bool) -> list[str]:
    """What this version of seqviz asks for, and JupyterLab if that should be here."""
    try:
        lines = metadata.requires("seqviz") or []
    except metadata.PackageNotFoundError:
        return ["seqviz"]
    runtime = [line for line in lines if "extra" not in line]
    lab = [line.partition(";")[0] for line in lines if line.startswith("jupyterlab>")]
    return [*runtime, *(lab if lab_here else [])]


def _lab_extension_folders() -> list[Path]:
    from jupyter_core.paths import jupyter_path

    return [Path(folder) for folder in jupyter_path("labextensions")]


def _server_extensions() -> Mapping[str, bool]:
    from jupyter_core.paths import jupyter_config_path

    try:
        from jupyter_server.extension.config import ExtensionConfigManager
    except ImportError:
        return {}
    return ExtensionConfigManager(read_config_path=jupyter_config_path()).get_jpserver_extensions()


def _torch_threads() -> int:
    import torch

    return torch.get_num_threads()


def _cores() -> int:
    """How many cores this process may use: in a container often fewer than the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
