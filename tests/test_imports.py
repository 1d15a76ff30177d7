"""Imports run one way: what a room loads in a fresh process, and what its files name."""

import ast
import pkgutil
import subprocess
import sys
from fnmatch import fnmatch
from importlib import import_module
from pathlib import Path

import pytest

import seqviz

PACKAGE = Path(seqviz.__file__).parent

# room → (rooms its files may name, packages from elsewhere its files may name); a file of the root is a room of its own
ROOMS = {
    "models": (set(), {"torch", "jaxtyping", "lazy_loader"}),
    "data": ({"models"}, {"torch", "numpy", "jaxtyping", "lazy_loader", "num2words", "babel"}),
    "training": ({"models"}, {"torch", "tqdm"}),
    "recipes": ({"models", "data", "training"}, {"torch", "safetensors", "lazy_loader"}),
    "traces": ({"models", "data"}, {"torch", "numpy", "jaxtyping", "lazy_loader"}),
    "plots": ({"traces.*.records"}, {"numpy", "plotly", "jaxtyping", "lazy_loader"}),
    "widgets": (
        {"plots", "traces", "models", "data"},
        {"torch", "numpy", "plotly", "traitlets", "ipywidgets", "anywidget", "jaxtyping", "lazy_loader"},
    ),
    "checks": (set(), {"torch", "numpy", "safetensors", "platformdirs"}),
    "publish": (
        {"checks", "widgets.javascript", "widgets.plotly_js", "widgets.recording", "widgets.runtime"},
        {"torch", "numpy", "nbformat", "nbclient", "nbconvert", "math_core", "plotly", "pygments"},
    ),
    "grading": (
        {"checks", "publish"},
        {
            *{"jinja2", "dask", "distributed"},
            *{"IPython", "ipykernel", "jupyter_client", "nbclient", "nbformat", "papermill", "traitlets", "zmq"},
            *{"numpy", "torch", "tqdm"},
        },
    ),
    "lab": (
        set(),
        {"ipykernel", "jupyter_client", "jupyter_core", "jupyter_server", "jupyterlab", "packaging", "torch"},
    ),
    "cli": ({"lab", "publish", "grading"}, set()),
    "__init__": ({"checks", "data", "models", "plots", "traces", "training", "recipes", "widgets", "lab"}, set()),
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
        elif inside and not any(fnmatch(f"{inside}.", f"{one}.*") for one in {room, *rooms, "__version__"}):
            found.add(f"{place} imports {inside.partition('.')[0]}")
    return sorted(found)


def test_every_import_goes_to_an_allowed_room():
    assert [line for path in sorted(PACKAGE.rglob("*.py")) for line in violations(path)] == []


def test_every_room_is_in_the_table():
    rooms = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in PACKAGE.rglob("*.py")}
    assert rooms == set(ROOMS)


# a topic's files may name what its room shares, their own topic and earlier ones
TOPICS = (
    "charts",
    "sequences",
    "recurrent",
    "gated",
    "stacked",
    "language",
    "embeddings",
    "classification",
    "translation",
    "self_attention",
    "transformer",
    "seeing",
    "hearing",
    "series",
)
DIVIDED = ("models", "data", "traces", "plots", "widgets/explorers")


def topic_of(parts: tuple[str, ...]) -> str | None:
    return next((part for part in parts if part in TOPICS), None)


def test_every_folder_of_a_divided_room_is_a_topic():
    folders = {path.name for room in DIVIDED for path in (PACKAGE / room).iterdir() if (path / "__init__.py").exists()}
    assert folders - {"records"} == set(TOPICS)


def test_a_topic_names_only_earlier_topics():
    later = []
    for path in sorted(PACKAGE.rglob("*.py")):
        place = path.relative_to(PACKAGE)
        if not (own := topic_of(place.parts)):
            continue
        for module in imported_modules(path.read_text(encoding="utf-8"), ".".join(["seqviz", *place.parts[:-1]])):
            named = topic_of(tuple(module.split(".")))
            if named and TOPICS.index(named) > TOPICS.index(own):
                later.append(f"{place} imports {module}")
    assert later == []


ROOMS_THAT_HAND_ON = ["seqviz", *(f"seqviz.{room.replace('/', '.')}" for room in DIVIDED)]


@pytest.mark.parametrize("package", ROOMS_THAT_HAND_ON)
def test_every_name_that_a_room_hands_on_is_there_and_is_no_file_of_it(package):
    room = import_module(package)
    files = {module.name for module in pkgutil.iter_modules(room.__path__)}
    for name in room.__all__:
        handed_on = getattr(room, name)
        assert name not in files or handed_on is sys.modules[f"{package}.{name}"], f"{package}.{name} is a file too"


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
        ("plots", "from seqviz.traces.recurrent.run import trace_run", "imports traces"),
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
        ("plots", "from seqviz.traces.recurrent.records import RunTrace\nfrom seqviz.traces.gated import records"),
        ("widgets", "from ..plots import run"),
    ],
)
def test_an_import_along_the_direction_is_not(tmp_path, room, line):
    path = tmp_path / room / "new.py"
    path.parent.mkdir()
    path.write_text(line)
    assert violations(path, tmp_path) == []


WIDGETS = ("ipywidgets", "anywidget")
# what `seqviz grade` loads before a kernels' parent or a cluster's workers begin, and then get ready beside it
BEFORE_OTHERS_BEGIN = (
    "publish.course",
    *(f"grading.{name}" for name in ("sandbox", "submissions", "data_files", "kernel_client", "cluster", "station")),
)


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("seqviz", ("torch", "numpy", "plotly", *WIDGETS)),
        ("seqviz.cli", ("torch", "numpy", "plotly", *WIDGETS)),
        ("seqviz.models", ("plotly", *WIDGETS)),
        ("seqviz.data", ("plotly", *WIDGETS)),
        ("seqviz.training", ("plotly", *WIDGETS)),
        ("seqviz.traces.recurrent.records", ("torch", "plotly", *WIDGETS)),
        ("seqviz.traces.recurrent.run", ("plotly", *WIDGETS)),
        ("seqviz.plots.recurrent.run", ("torch", "IPython", *WIDGETS)),
        ("seqviz.plots", ("torch", "plotly", *WIDGETS)),
        ("seqviz.checks", ("plotly", "IPython", "jupyter_client", "jupyter_server", *WIDGETS)),
        ("seqviz.publish.command", ("plotly", "jupyter_server", *WIDGETS)),
        ("seqviz.grading.batch", ("papermill", "jupyter_client", *WIDGETS)),
        *((f"seqviz.{one}", ("torch", "nbformat", "papermill")) for one in BEFORE_OTHERS_BEGIN),
        ("seqviz.grading.results", ("papermill", "torch", "IPython")),
        ("seqviz.grading.derived", ("papermill", "torch", "IPython", "jupyter_client", "plotly")),
        ("seqviz.grading.command", WIDGETS),
        ("seqviz.lab.server", ("torch", "plotly", *WIDGETS)),
        ("seqviz.lab.setup_check", ("torch", "plotly", "jupyter_server", *WIDGETS)),
        ("seqviz.lab.command", ("torch", "plotly", "jupyterlab", *WIDGETS)),
    ],
)
def test_a_fresh_process_loads_no_more_than_the_room_needs(module, forbidden):
    code = f"import sys, {module}; print(*(name for name in {forbidden!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


def test_start_needs_the_standard_library_alone():
    code = "import seqviz.lab.start, sys; print(*{name.partition('.')[0] for name in sys.modules})"
    # -S: no installed package is found
    command = [sys.executable, "-S", "-c", code]
    done = subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"seqviz", "__main__", *sys.stdlib_module_names}


def test_every_name_a_notebook_imports_is_there():
    assert [name for name in seqviz.__all__ if getattr(seqviz, name) is None] == []
    assert set(seqviz.__all__) <= set(dir(seqviz))
    with pytest.raises(AttributeError, match="module 'seqviz' has no attribute 'nothing'"):
        _ = seqviz.nothing
