"""A syntax error is named with its line, as the student sees it in the cell."""

import sys
from types import SimpleNamespace

import pytest

import seqviz as sv
from seqviz.checks.syntax import SyntaxFault, fault_in, fault_of

OPEN = "import torch\n\ndef leaky_step(x, h:\n    return x"
GOOD = "def leaky_step(x, h):\n    return x"


@pytest.mark.parametrize(
    ("source", "line", "words", "text"),
    [
        (OPEN, 3, "'(' was never closed", "def leaky_step(x, h:"),
        ("%%time\nx = 1\nx +", 3, "invalid syntax", "x +"),
        ("%pip list\n\n  y = 2", 3, "unexpected indent", "  y = 2"),
        ("if True:\n", 1, "expected an indented block after 'if' statement on line 1", "if True:"),
        ("x = " + "1 +" * 60, 1, "invalid syntax", ("x = " + "1 +" * 60)[:100]),
    ],
)
def test_the_first_error_is_found_in_its_line(source, line, words, text):
    assert fault_in(source) == SyntaxFault(line, words, text)


@pytest.mark.parametrize("source", ["", GOOD, "%%time\n!ls\nx = %pwd\nhelp?", "\0"])
def test_what_can_be_read_or_has_no_line_to_show_has_none(source):
    assert fault_in(source) is None


def test_the_last_cell_that_defines_the_function_counts():
    fault = SyntaxFault(3, "'(' was never closed", "def leaky_step(x, h:")
    assert fault_of("leaky_step", [GOOD, OPEN, "sv.check(leaky_step)"]) == fault
    assert fault_of("leaky_step", [OPEN, GOOD, "x ="]) is None
    misspelt = SyntaxFault(1, "invalid syntax", "df leaky_step(x): return x")
    assert fault_of("leaky_step", ["x =", misspelt.text, "sv.check(leaky_step)"]) == misspelt
    assert fault_of("step", [OPEN]) is None, "another function, whose name ends the same"


def test_sv_check_names_the_line_instead_of_checking_an_older_version(monkeypatch):
    def leaky_step(x_t, h, W_xh, W_hh, b_h, alpha):
        raise AssertionError("an older version is not called")

    shell = SimpleNamespace(user_ns={"In": ["", GOOD, OPEN, "sv.check(leaky_step)"]})
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    report = sv.check(leaky_step)
    assert (report.points, report.passed) == (0, False)
    assert "In its cell, line 3: '(' was never closed." in report.message
    assert "  def leaky_step(x, h:" in report.message
    assert "<pre" in report.html()
