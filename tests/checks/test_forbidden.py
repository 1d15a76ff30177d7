"""Forbidden names are found under the disguises that habit makes; the documented ways round are not claimed to be."""

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
    "our function": "from seqviz.models.rnn import rnn_step\ndef f(x):\n    return rnn_step(x)",
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


@pytest.mark.parametrize("name", [name for name in FORBIDDEN if name not in ("instance", "closure")])
def test_found_in_the_source_of_cells(name: str):
    """An object or a closure made elsewhere is only known when it runs; grading looks at the source."""
    lines = FORBIDDEN[name].split("\n")
    first = next(number for number, line in enumerate(lines) if line.startswith(("def ", "@", "g =")))
    cells = ["%matplotlib inline", "!ls\n" + "\n".join(lines[:first]), "files = !ls\n" + "\n".join(lines[first:])]
    assert find_forbidden_in_source(cells, "f", FORBID)


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
