"""In JupyterLab the table follows the length of the vectors, and the hidden pair comes and goes."""

import numpy as np
import pytest
from playwright.sync_api import Page

import seqviz as sv
from seqviz.plots.embeddings.cooccurrence import describe_cooccurrence

from ..conftest import Watch
from ..page import control, made_by, plotted, serious_violations, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

# The same cell makes the counts here and in the kernel.
MAKE = """
import torch, seqviz as sv
words = sv.data.Tokenizer.of_words(["boat", "ship", "plane", "crew", "waves", "clouds"])
X = torch.randint(1, 40, (6, 6), generator=torch.Generator().manual_seed(4)).double()
X, sizes = X + X.T, (1, 2, 3, 6)
"""
ROWS, COLUMNS = ("boat", "ship", "plane"), ("crew", "waves", "clouds")
TABLE = f'sv.explore.cooccurrence(X, words, {ROWS}, {COLUMNS}, [("plane", "crew")], sizes, 2)'


def trace_of(**asked):
    made = made_by(MAKE)
    asked = {"hidden": ("plane", "crew")} | asked
    return sv.traces.trace_cooccurrence(made["X"], made["words"], ROWS, COLUMNS, made["sizes"], **asked)


def test_the_table_follows_the_length_and_the_pair_comes_and_goes(page: Page, watch: Watch):
    explorer = show(page, MAKE, TABLE)
    trace = trace_of()
    wait_for_sentence(explorer, describe_cooccurrence(trace, 1))
    table = next(i for i, one in enumerate(sv.plots.cooccurrence(trace, 0).figure.data) if one.uid == "table")
    control(explorer, "Numbers in a vector").focus()
    for key, size in (("End", 3), ("Home", 0), ("ArrowRight", 1)):
        page.keyboard.press(key)
        wait_for_sentence(explorer, describe_cooccurrence(trace, size))
        np.testing.assert_allclose(np.array(plotted(explorer, table, "z")), trace.products[size], atol=1e-4)
    control(explorer, "Taken out of the counts").select_option("nothing")
    wait_for_sentence(explorer, describe_cooccurrence(trace_of(hidden=None), 1))
    control(explorer, "Entries").select_option("counts")
    wait_for_sentence(explorer, describe_cooccurrence(trace_of(hidden=None, entries="counts"), 1))
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, TABLE)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
