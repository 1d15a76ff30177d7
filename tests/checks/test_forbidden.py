"""Forbidden names are found under the disguises that habit makes; the documented ways round are not claimed to be."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from seqviz.checks.forbidden import find_forbidden, find_forbidden_in_source

FORBID = ("torch.nn", "seqviz.models", ".backward")

FORBIDDEN = {
    "direct": "import torch\ndef f(x):\n    return torch.nn.functional.softmax(x)",
    "module alias": "import torch.nn as layers\ndef f(x):\n    return layers.Linear(3, 4)(x)",
    "nested alias": "import torch.nn.functional as F\ndef f(x):\n    return F.softmax(x)",
    "from import": "from torch import nn\ndef f(x):\n    return nn.Linear(3, 4)(x)",
    "class import": "from torch.nn import RNN as Cell\ndef f(x):\n    return Cell(3, 4)(x)",
    "python function": "from torch.nn.functional import softmax\ndef f(x):\n    return softmax(x)",
    "C function": "from torch.nn.functional import gelu as dot\ndef f(x):\n    return dot(x)",
    "import inside": "def f(x):\n    import torch.nn as n\n    return n.Linear(3, 4)(x)",
    "from import inside": "def f(x):\n    from torch.nn import Linear\n    return Linear(3, 4)(x)",
    "assigned inside": "import torch\ndef f(x):\n    n = torch.nn\n    return n.Linear(3, 4)(x)",
    "assigned outside": "import torch\nn = torch.nn\ndef f(x):\n    return n.Linear(3, 4)(x)",
    "through a function": "import torch\ndef g(x):\n    return torch.nn.Linear(3, 4)(x)\ndef f(x):\n    return g(x)",
    "two functions away": (
        "from torch import nn\ndef a(x):\n    return nn.ReLU()(x)\n"
        "def b(x):\n    return a(x)\ndef f(x):\n    return b(x)"
    ),
    "through a lambda": "import torch\ng = lambda x: torch.nn.Linear(3, 4)(x)\ndef f(x):\n    return g(x)",
    "our models": "import seqviz as sv\ndef f(x):\n    return sv.models.rnn.rnn_step(x)",
    "our function": "from seqviz.models.recurrent.rnn import rnn_step\ndef f(x):\n    return rnn_step(x)",
    "beside what is allowed": "import torch.nn.functional as F\ndef f(x):\n    return F.softmax(F.linear(x, x))",
    "alias inside": "import torch\ndef f(x):\n    F = torch.nn.functional\n    return F.softmax(x)",
    "method": "def f(x):\n    x.sum().backward()\n    return x",
    "instance": "import torch\ncell = torch.nn.Linear(3, 4)\ndef f(x):\n    return cell(x)",
    "decorated": (
        "import functools, torch\ndef keep(g):\n    return functools.wraps(g)(lambda x: g(x))\n"
        "@keep\ndef f(x):\n    return torch.nn.functional.softmax(x)"
    ),
    "closure": (
        "import torch\ndef make():\n    n = torch.nn\n"
        "    def f(x):\n        return n.ReLU()(x)\n    return f\nf = make()"
    ),
    "under a condition": "import torch\nif True:\n    def f(x):\n        return torch.nn.functional.softmax(x)",
    "in a try": "import torch\ntry:\n    def f(x):\n        return torch.nn.functional.softmax(x)\nfinally:\n    pass",
    "helper under a condition": "import torch\nif 1:\n    g = lambda x: torch.nn.ReLU()(x)\ndef f(x):\n    return g(x)",
    "annotated": "import torch\ng: object = lambda x: torch.nn.functional.softmax(x)\ndef f(x):\n    return g(x)",
    "a tuple": "import torch\ng, one = lambda x: torch.nn.functional.softmax(x), 1\ndef f(x):\n    return g(x)",
    "a starred list": "import torch\n[g, *rest] = [torch.nn.ReLU(), 1, 2]\ndef f(x):\n    return g(x)",
    "a default": "import torch\ndef f(x, torch=torch):\n    return torch.nn.functional.softmax(x)",
    "a default by name": "import torch\ndef f(x, *, t=torch):\n    return t.nn.functional.softmax(x)",
    "a default of a lambda": "import torch\ndef f(x):\n    return (lambda t=torch: t.nn.functional.softmax(x))()",
    "while assigning": "import torch\ndef f(x):\n    return (t := torch).nn.functional.softmax(x)",
    "from a list": "import torch\ndef f(x):\n    for t in [torch]:\n        return t.nn.functional.softmax(x)",
    "in a comprehension": "import torch\ndef f(x):\n    return [t.nn.functional.softmax(x) for t in (torch,)][0]",
    "in what a comprehension goes through": (
        "import torch\ndef f(x):\n    t = torch.nn.functional.softmax\n    return [one for one in t(x)]"
    ),
    "in a with": (
        "import contextlib, torch\ndef f(x):\n    with contextlib.nullcontext(torch) as t:\n"
        "        return t.nn.functional.softmax(x)"
    ),
    "in a match": "import torch\ndef f(x):\n    match torch:\n        case t:\n            return t.nn.ReLU()(x)",
    "two steps": "import torch\na = torch\nb = a\ndef f(x):\n    c = b\n    return c.nn.functional.softmax(x)",
    "a global set in a function": (
        "import torch\ndef prepare():\n    global g\n    g = torch.nn.ReLU()\nprepare()\ndef f(x):\n    return g(x)"
    ),
    "an attribute of a class": "import torch\nclass C:\n    t = torch\ndef f(x):\n    return C.t.nn.ReLU()(x)",
    "an attribute of an object": (
        "import torch\nclass C:\n    def __init__(self):\n        self.t = torch\n"
        "    def g(self, x):\n        return self.t.nn.functional.softmax(x)\ndef f(x):\n    return C().g(x)"
    ),
    "an attribute of a function": (
        "import torch\ndef f(x):\n    return f.g(x)\nf.g = lambda x: torch.nn.functional.softmax(x)"
    ),
    "in a dict": "import torch\nd = {}\nd['g'] = torch.nn.ReLU()\ndef f(x):\n    return d['g'](x)",
    "in a list that grows": "import torch\nd = []\nd.append(torch.nn.ReLU())\ndef f(x):\n    return d[0](x)",
    "handed on": "import torch\ndef g(t, x):\n    return t.nn.functional.softmax(x)\ndef f(x):\n    return g(torch, x)",
    "by a constant name": "import torch\ndef f(x):\n    return getattr(torch, 'nn').functional.softmax(x)",
    "by import_module": (
        "import importlib\ndef f(x):\n    return importlib.import_module('torch.nn').functional.softmax(x)"
    ),
    "all names of a module": "from torch.nn.functional import *\ndef f(x):\n    return softmax(x)",
    "in a conditional expression": "import torch\ng = torch.nn.ReLU() if True else None\ndef f(x):\n    return g(x)",
}

ALLOWED = {
    "plain": "import torch\ndef f(x):\n    return torch.tanh(x)",
    "imported, not used": "import torch\nfrom torch import nn\ndef f(x):\n    return torch.tanh(x)",
    "a parameter of that name": "from torch import nn\ndef f(nn):\n    return nn + 1",
    "similar names": "import torch\ndef f(x):\n    nn = x\n    return nn.backwards",
    "its own tanh": "from torch import tanh, Tensor\ndef f(x: Tensor) -> Tensor:\n    return tanh(x)",
    "in a text": "def f(x):\n    'torch.nn is not needed'\n    return x  # torch.nn",
    "another function": "import torch\ndef g(x):\n    return torch.nn.ReLU()(x)\ndef f(x):\n    return x",
    "a plain product": "import torch\ndef f(x):\n    return torch.nn.functional.linear(x, x)",
    "its alias": "import torch.nn.functional as F\ndef f(x):\n    return F.tanh(F.linear(x, x))",
    "its import": "from torch.nn.functional import linear as dot\ndef f(x):\n    return dot(x, x)",
    "its import inside": "def f(x):\n    import torch.nn.functional as F\n    return F.sigmoid(x)",
    "recursion": "def f(x):\n    return f(x - 1) if x else 0",
    "a local like a global": "import torch\nx = torch.nn.ReLU()\ndef f(y):\n    x = y\n    return x",
    "a local of an inner function": (
        "import torch\nz = torch.nn.ReLU()\ndef f(y):\n    def g():\n        z = y\n        return z\n    return g()"
    ),
    "a variable of a comprehension": "import torch\nn = torch.nn.ReLU()\ndef f(y):\n    return [n + 1 for n in y]",
    "a parameter that a comprehension goes through": (
        "import torch\ny = torch.nn.ReLU()\ndef f(y):\n    return sum(n + 1 for n in y)"
    ),
    "a parameter in the first iterable of a comprehension": (
        "import torch\ny = torch.nn.ReLU()\ndef f(y):\n    return [n for n in y[1:]]"
    ),
    "a variable of a lambda": "import torch\nn = torch.nn.ReLU()\ndef f(y):\n    return (lambda n: n + 1)(y)",
    "a variable of a loop": "import torch\nn = torch.nn.ReLU()\ndef f(y):\n    for n in y:\n        return n",
    "an attribute like a global": "import torch\nT = torch.nn.ReLU()\ndef f(y):\n    return y.T",
    "a comparison of one's own": (
        "import torch\ndef f(x):\n    return torch.relu(x)\nx = torch.ones(3)\n"
        "torch.testing.assert_close(f(x), torch.nn.functional.hardtanh(x, 0, 9))"
    ),
    "an annotation": "import torch\ndef f(x: torch.nn.Module) -> torch.nn.Module:\n    return (y := x)",
    "redefined": "import torch\ndef f(x):\n    return torch.nn.ReLU()(x)\ndef f(x):\n    return x",
}

# Cells as they stand in a notebook, with IPython's own commands among them.
NOTEBOOKS = {
    "timed": ["import torch", "%time f = lambda x: torch.nn.functional.softmax(x)", "f.__name__ = 'f'"],
    "timed as a cell": ["import torch", "%%time\ndef f(x):\n    return torch.nn.functional.softmax(x)"],
    "timed and captured": ["import torch", "%%capture\n%%time\ndef f(x):\n    return torch.nn.functional.softmax(x)"],
    "a magic of their own": [
        "import torch\nfrom IPython.core.magic import register_cell_magic\n"
        "@register_cell_magic\ndef mine(line, cell):\n    get_ipython().run_cell(cell)",
        "%%mine\ndef f(x):\n    return torch.nn.functional.softmax(x)",
    ],
    "written over in a file only": [
        "import torch\ndef f(x):\n    return torch.nn.functional.softmax(x)",
        "%%writefile /dev/null\ndef f(x):\n    return x",
    ],
    "a shell command over lines": [
        "import torch\nname = (1\n  % 2)\n!true \\\n  it's\n\ndef f(x):\n    return torch.nn.functional.softmax(x)"
    ],
}
NOTEBOOKS_ALLOWED = {
    "timed beside": ["import torch\ndef f(x):\n    return x", "%%timeit -n1 -r1\nf = torch.nn.ReLU()"],
    "written to a file": [
        "import torch\ndef f(x):\n    return x",
        "%%writefile /dev/null\ndef f(x):\n    return torch.nn.functional.softmax(x)",
    ],
    "a percent sign in a text": ['def f(x):\n    """\n%time torch.nn\n"""\n    return x'],
    "mended": ["import torch\ndef f(x):\n    return torch.nn.functional.softmax(x)", "def f(x):\n    return x"],
}


def run(source: str, name: str, tmp_path: Path):
    """Define ``f`` as a notebook would: from a file, in a module of its own."""
    path = tmp_path / f"student_{abs(hash(name))}.py"
    path.write_text(source)
    namespace: dict = {"__name__": "__main__"}
    exec(compile(source, str(path), "exec"), namespace)
    return namespace["f"]


@pytest.mark.parametrize("name", FORBIDDEN)
def test_found_in_a_running_function(name: str, tmp_path):
    uses = find_forbidden(run(FORBIDDEN[name], name, tmp_path), FORBID)
    assert uses
    assert {use.forbidden for use in uses} <= set(FORBID)
    assert all(use.line >= 1 and use.written and use.function for use in uses)


@pytest.mark.parametrize("name", FORBIDDEN)
def test_found_in_the_source_of_cells(name: str):
    lines = FORBIDDEN[name].split("\n")
    first = next(number for number, line in enumerate(lines) if line.startswith(("def ", "@", "g =", "if ", "try")))
    cells = ["%matplotlib inline", "!ls\n" + "\n".join(lines[:first]), "files = !ls\n" + "\n".join(lines[first:])]
    assert find_forbidden_in_source(cells, "f", FORBID)


IN_A_NOTEBOOK = """
import json, sys
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config
from seqviz.checks.forbidden import find_forbidden
told = {}
shell = InteractiveShell.instance(config=Config(HistoryManager={"hist_file": ":memory:"}))
for name, cells in json.load(sys.stdin).items():
    shell.reset()
    for cell in cells:
        shell.run_cell(cell, store_history=True)
    told[name] = [vars(use) for use in find_forbidden(shell.user_ns["f"], %r)]
print("told", json.dumps(told), sep="\\n")
"""


def test_the_notebook_and_the_grader_say_the_same():
    notebooks = {name: [source] for name, source in (FORBIDDEN | ALLOWED).items()} | NOTEBOOKS | NOTEBOOKS_ALLOWED
    done = subprocess.run(
        [sys.executable, "-c", IN_A_NOTEBOOK % (FORBID,)],
        input=json.dumps(notebooks),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.rpartition("told\n")[2])
    graded = {name: [vars(use) for use in find_forbidden_in_source(c, "f", FORBID)] for name, c in notebooks.items()}
    assert told == graded
    assert {name for name in (FORBIDDEN | NOTEBOOKS) if not told[name]} == set()
    assert {name for name in (ALLOWED | NOTEBOOKS_ALLOWED) if told[name]} == set()


@pytest.mark.parametrize("count", [2_000, 20_000])
def test_long_cells_are_read_in_proportion_to_their_length(count: int):
    cell = "import torch\ndef f(x):\n    return torch.nn.ReLU()(x)"
    long = [
        "%%latex\n" + "x = % y ? \n" * count,
        "y =" + " " * count + "1",
        "a = b" + " " * count + "? % !",
        "import torch as b0\n" + "\n".join(f"b{n + 1} = b{n}" for n in range(count // 100)),
        "\n".join(f"import torch as b{n}" for n in range(count // 10)),
        "z = [" + "1, " * count + "]",
        "%who\n" * count,
    ]
    steps = 0

    def count_steps(*_: object) -> None:
        nonlocal steps
        steps += 1

    sys.setprofile(count_steps)
    try:
        uses = find_forbidden_in_source([*long, cell], "f", FORBID)
    finally:
        sys.setprofile(None)
    assert [use.written for use in uses] == ["torch.nn.ReLU"]
    assert steps < 400 * count + 100_000


def test_a_loop_of_wrappers_ends():
    def f(x):
        return x

    f.__wrapped__ = f  # type: ignore[attr-defined]
    assert find_forbidden(f, FORBID) == []


@pytest.mark.parametrize("name", ALLOWED)
def test_not_found_where_it_is_not(name: str, tmp_path):
    assert find_forbidden(run(ALLOWED[name], name, tmp_path), FORBID) == []
    assert find_forbidden_in_source([ALLOWED[name]], "f", FORBID) == []


def test_it_says_what_where_and_how(tmp_path, monkeypatch):
    source = (
        "import torch.nn as layers\ndef g(x):\n    y = x\n    return layers.Linear(3, 4)(y)\ndef f(x):\n    return g(x)"
    )
    (use,) = find_forbidden(run(source, "g", tmp_path), FORBID)
    assert (use.forbidden, use.function, use.line) == ("torch.nn", "g", 3)
    assert use.written == "layers.Linear"


def test_the_last_definition_counts():
    first = "import torch\ndef f(x):\n    return torch.nn.ReLU()(x)"
    assert find_forbidden_in_source([first, "def f(x):\n    return x"], "f", FORBID) == []
    assert find_forbidden_in_source(["def f(x):\n    return x", first], "f", FORBID)


def test_without_source_nothing_is_claimed():
    namespace: dict = {}
    exec("import torch\ndef f(x): return torch.nn.ReLU()(x)", namespace)
    assert find_forbidden(namespace["f"], FORBID) == []
    assert find_forbidden(len, FORBID) == []


def test_hostile_source_does_not_stop_the_search():
    hostile = ["(" * 10_000, "\x00", "def f(x):\n" + "  " * 3 + "return", "é = 1", "-" * 100_000 + "1"]
    cell = "import torch\ndef f(x):\n    return torch.nn.ReLU()(x)"
    assert find_forbidden_in_source([*hostile, cell], "f", FORBID)
