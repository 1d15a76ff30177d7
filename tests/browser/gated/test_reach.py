"""How far the gradients of three networks reach, in JupyterLab: they follow the word pointed at."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.gated.reach import describe_reach

from ..conftest import Watch
from ..page import at, control, made_by, plotted, show, wait_for_sentence

pytestmark = pytest.mark.browser

TEXT = "the cats , which already ate the cake , were full"
# The same cell makes the networks here and in the kernel.
NETWORKS = """
import torch, seqviz as sv
torch.manual_seed(0); torch.set_num_threads(1)
words = sv.data.AGREEMENT_VOCABULARY
kinds = {"RNN": sv.models.RNN, "GRU": sv.models.GRU, "LSTM": sv.models.LSTM}
networks = {name: kind(len(words), 8, len(words)) for name, kind in kinds.items()}
"""


@pytest.fixture
def made() -> dict:
    return made_by(NETWORKS)


def test_the_gradients_of_three_networks_follow_the_word_pointed_at(page: Page, watch: Watch, made):
    explorer = show(page, NETWORKS, f"sv.explore.reach(networks, words, {TEXT!r}, step=8)")

    def assert_shown(text, t):
        trace = sv.traces.trace_reach(made["networks"], made["words"], text.split())
        wait_for_sentence(explorer, describe_reach(trace, t))
        for number in range(3):
            np.testing.assert_allclose(plotted(explorer, number, "y"), trace.relative[number, t], rtol=1e-4)

    assert_shown(TEXT, 8)
    page.mouse.click(*at(explorer, ("xaxis", 5), "yaxis"))
    assert_shown(TEXT, 5)
    # the rows of colours can be pointed at too
    page.mouse.click(*at(explorer, ("xaxis", 3), "yaxis2"))
    assert_shown(TEXT, 3)
    control(explorer, "Loss at step").focus()
    page.keyboard.press("End")
    assert_shown(TEXT, 9)

    box = control(explorer, "Type another text")
    box.fill("the dog ate")
    expect(explorer.get_by_role("alert")).to_have_text("")
    assert_shown("the dog ate", 1)
    box.fill("the fox ate")
    expect(explorer.get_by_role("alert")).to_contain_text("'fox'")
    assert watch == Watch()
