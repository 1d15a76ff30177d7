"""Imports run one way: what a room loads in a fresh process, and what its files name."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import seqviz

PACKAGE = Path(seqviz.__file__).parent

# room → (rooms its files may name, packages from elsewhere its files may name); a file of the root is a room of its own
ROOMS = {
    "models": (set(), {"torch", "jaxtyping"}),
    "data": ({"models"}, {"torch", "numpy", "jaxtyping"}),
    "training": ({"models"}, {"torch", "tqdm"}),
    "traces": ({"models", "data"}, {"torch", "numpy", "jaxtyping"}),
    "plots": ({"traces.records"}, {"numpy", "plotly", "jaxtyping"}),
    "widgets": (
        {"plots", "traces", "models", "data"},
        {"torch", "numpy", "plotly", "traitlets", "ipywidgets", "anywidget"},
    ),
    "checks": (set(), {"torch", "numpy", "safetensors", "platformdirs"}),
    "publish": (
        {"checks", "widgets.plotly_js", "widgets.recording", "widgets.runtime"},
        {"torch", "numpy", "nbformat", "nbclient", "nbconvert", "math_core", "plotly", "pygments"},
    ),
    "grading": (
        {"checks", "plots", "publish", "widgets.plotly_js"},
        {
            *{"jinja2", "markupsafe"},
            *{"IPython", "ipykernel", "jupyter_client", "nbclient", "nbformat", "papermill", "traitlets", "zmq"},
            *{"numpy", "plotly", "torch", "tqdm"},
        },
    ),
    "lab": (set(), {"jupyter_core", "jupyter_server", "packaging", "torch"}),
    "cli": ({"publish", "grading"}, set()),
    "__init__": ({"checks", "data", "models", "plots", "traces", "training", "widgets", "lab"}, set()),
}


def imported_modules(source: str, package: str) -> set[str]:
    """Return every module a file imports: by statement, relative or not, or by ``import_module`` with its name."""
    modules: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parents, node.module] if node.module else parents)
            # `from seqviz import plots` names a room, `from seqviz.plots import run` a file of it
            modules |= {f"{base}.{alias.name}" for alias in node.names} if base.startswith("seqviz") else {base}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            modules |= {argument.value for argument in node.args if isinstance(argument, ast.Constant)}
    return modules


def violations(path: Path, package: Path = PACKAGE) -> list[str]:
    """Return ``file imports what`` for every import of a file that its room does not allow."""
    place = path.relative_to(package)
    room = place.parts[0].removesuffix(".py")
    rooms, packages = ROOMS[room]
    own = ".".join(["seqviz", *place.parts[:-1]])
    found = set()
    for module in sorted(imported_modules(path.read_text(encoding="utf-8"), own)):
        top, _, inside = module.partition(".")
        if top != "seqviz":
            allowed = top in packages or top in sys.stdlib_module_names
            found |= set() if allowed else {f"{place} imports {top}"}
        elif inside and not any(f"{inside}.".startswith(f"{one}.") for one in {room, *rooms, "__version__"}):
            found.add(f"{place} imports {inside.partition('.')[0]}")
    return sorted(found)


def test_every_import_goes_to_an_allowed_room():
    assert [line for path in sorted(PACKAGE.rglob("*.py")) for line in violations(path)] == []


def test_every_room_is_in_the_table():
    rooms = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in PACKAGE.rglob("*.py")}
    assert rooms == set(ROOMS)


def test_no_two_rooms_may_import_each_other():
    def reachable(room: str) -> set[str]:
        near = {one.partition(".")[0] for one in ROOMS[room][0]}
        return near.union(*(reachable(one) for one in near))

    assert [room for room in ROOMS if room in reachable(room)] == []


@pytest.mark.parametrize(
    ("room", "line", "told"),
    [
        ("models", "from seqviz.plots import run", "imports plots"),
        ("models", "import seqviz.widgets.light", "imports widgets"),
        ("models", "from .. import data", "imports data"),
        ("plots", "from seqviz.traces.rnn import trace_run", "imports traces"),
        ("plots", "import torch", "imports torch"),
        ("checks", "def f():\n    import plotly.graph_objects", "imports plotly"),
        ("grading", "import_module('seqviz.widgets')", "imports widgets"),
        ("traces", "from ipywidgets import IntSlider", "imports ipywidgets"),
    ],
)
def test_an_import_against_the_direction_is_told(tmp_path, room, line, told):
    path = tmp_path / room / "new.py"
    path.parent.mkdir()
    path.write_text(line)
    assert violations(path, tmp_path) == [f"{room}/new.py {told}"]


@pytest.mark.parametrize(
    ("room", "line"),
    [
        ("models", "from . import expect\nfrom .rnn import RNN\nfrom seqviz.models import losses"),
        ("plots", "from seqviz.traces.records import RunTrace\nfrom seqviz.traces import records"),
        ("widgets", "from ..plots import run"),
    ],
)
def test_an_import_along_the_direction_is_not(tmp_path, room, line):
    path = tmp_path / room / "new.py"
    path.parent.mkdir()
    path.write_text(line)
    assert violations(path, tmp_path) == []


WIDGETS = ("ipywidgets", "anywidget")


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("seqviz", ("torch", "numpy", "plotly", *WIDGETS)),
        ("seqviz.cli", ("torch", "numpy", "plotly", *WIDGETS)),
        ("seqviz.models", ("plotly", *WIDGETS)),
        ("seqviz.data", ("plotly", *WIDGETS)),
        ("seqviz.training", ("plotly", *WIDGETS)),
        ("seqviz.traces.records", ("torch", "plotly", *WIDGETS)),
        ("seqviz.traces.rnn", ("plotly", *WIDGETS)),
        ("seqviz.plots", ("torch", "IPython", *WIDGETS)),
        ("seqviz.checks", ("plotly", "IPython", "jupyter_client", "jupyter_server", *WIDGETS)),
        ("seqviz.publish.command", ("plotly", "jupyter_server", *WIDGETS)),
        ("seqviz.grading.batch", WIDGETS),
        ("seqviz.grading.command", WIDGETS),
        ("seqviz.lab.server", ("torch", "plotly", *WIDGETS)),
        ("seqviz.lab.setup_check", ("torch", "plotly", "jupyter_server", *WIDGETS)),
    ],
)
def test_a_fresh_process_loads_no_more_than_the_room_needs(module, forbidden):
    code = f"import sys, {module}; print(*(name for name in {forbidden!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_every_name_a_notebook_imports_is_there():
    assert [name for name in seqviz.__all__ if getattr(seqviz, name) is None] == []
    assert set(seqviz.__all__) <= set(dir(seqviz))
    with pytest.raises(AttributeError, match="module 'seqviz' has no attribute 'nothing'"):
        _ = seqviz.nothing
