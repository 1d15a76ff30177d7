"""A walk through both directions, in JupyterLab: what is pointed at lights up, in the picture and in the equations."""

import numpy as np
import pytest
from playwright.sync_api import Page

import seqviz as sv
from seqviz.plots.gated.wiring import describe_wiring
from seqviz.plots.stacked.bidirectional import PARTS, bidirectional_lattice
from seqviz.plots.stacked.lattice import lattice_patch

from ..conftest import Watch
from ..page import at, control, made_by, plotted, serious_violations, set_range, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

WORDS = ["apple", "stores", "sell", "the", "new", "iphone"]
# The same cell makes the tagger here and in the kernel.
TAGGER = f"""
import torch, seqviz as sv
torch.manual_seed(0); torch.set_num_threads(1)
words = {WORDS!r}
vocabulary, tags = sv.data.Tokenizer.of_words(words), sv.data.TAGS
both = sv.models.Bidirectional(sv.models.RNNLayer(6, 4), sv.models.RNNLayer(6, 4))
tagger = sv.models.Tagger(both, 8, len(tags))
"""
EXPLORER = "sv.explore.bidirectional(tagger, vocabulary, tags, words, unit=1, step=2, part=3)"
LIT = 1  # the trace of the light


def test_what_is_pointed_at_lights_up(page: Page, watch: Watch):
    made = made_by(TAGGER)
    explorer = show(page, TAGGER, EXPLORER)

    def assert_shown(unit: int, step: int, part: int) -> None:
        trace = sv.traces.trace_bidirectional(made["tagger"], made["vocabulary"], made["tags"], WORDS, unit)
        drawn = bidirectional_lattice(trace, step)
        wait_for_sentence(explorer, describe_wiring(drawn.diagram, part))
        for name in "xy":
            np.testing.assert_allclose(
                plotted(explorer, LIT, name), lattice_patch(drawn, part)[f"lit.{name}"], atol=1e-6
            )

    assert_shown(1, 2, 3)
    page.mouse.move(*at(explorer, ("xaxis", 1), ("yaxis", 2)))  # the row of backward states: a look
    assert_shown(1, 2, 2)
    explorer.get_by_role("button", name=PARTS[1]).click()
    page.mouse.move(0, 0)
    assert_shown(1, 2, 1)
    page.keyboard.press("ArrowLeft")
    assert_shown(1, 2, 0)
    set_range(control(explorer, "Step t"), 5)
    assert_shown(1, 5, 0)
    set_range(explorer.get_by_role("slider", name="Unit"), 3)
    assert_shown(3, 5, 0)
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, TAGGER, EXPLORER)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
