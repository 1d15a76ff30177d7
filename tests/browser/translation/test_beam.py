"""In JupyterLab the beam's tree grows downwards, and no word lies on another."""

import numpy as np
import pytest
from playwright.sync_api import Locator, Page

import seqviz as sv
from seqviz.plots.translation.beam import beam_patch, describe_beam, laid_out

from ..conftest import Watch
from ..page import (
    control,
    made_by,
    plotted,
    resize,
    serious_violations,
    set_range,
    set_theme,
    show,
    wait_for_sentence,
    wait_until_it_fills,
)

pytestmark = pytest.mark.browser

# The same cell makes the translator here and in the kernel: long words, said with probabilities from a table.
MAKE = """
import torch, seqviz as sv
words = sv.data.Tokenizer.of_words(["siebzig", "dreißig", "tausend", "hundert", "achtzig"], special=True)
table = torch.randn(len(words), len(words), generator=torch.Generator().manual_seed(3))
table[:, [0, 1, 3, 4, 5, 6]] -= 9
table[:, 2] -= 2
translator = lambda source: ((lambda token, state: (table[token].log_softmax(-1), state)), torch.zeros(1))
"""
BEAM = 'sv.explore.beam(translator, words, "34", width=2, max_length=7)'
WORDS, MISSED, OUTPUTS = 3, 4, 5  # traces of the figure

# boxes of the words that can be seen and lie on each other
OVERLAPS = """root => {
  const seen = [...root.querySelectorAll(".scatterlayer text")].filter((one) => one.textContent);
  const boxes = seen.map((one) => one.getBoundingClientRect()).filter((box) => box.width);
  return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) =>
    a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)).length;
}"""


def tree(**search):
    made = made_by(MAKE)
    asked = {"width": 2, "max_length": 7} | search
    return laid_out(sv.traces.trace_beam(made["translator"], made["words"], "34", **asked))


def test_it_grows_by_key_and_another_width_searches_again(page: Page, watch: Watch):
    explorer = show(page, MAKE, BEAM)
    found = tree()
    last = len(found.trace.steps) - 1
    wait_for_sentence(explorer, describe_beam(found, last))
    set_range(control(explorer, "Width"), 3)
    wider = tree(width=3)
    wait_for_sentence(explorer, describe_beam(wider, len(wider.trace.steps) - 1))
    set_range(control(explorer, "Length counts"), 1.0)
    found = tree(width=3, alpha=1.0)
    last = len(found.trace.steps) - 1
    wait_for_sentence(explorer, describe_beam(found, last))

    control(explorer, "After step").focus()
    page.keyboard.press("Home")
    wait_for_sentence(explorer, describe_beam(found, 0))
    np.testing.assert_allclose(plotted(explorer, WORDS, "x"), beam_patch(found, 0)["words.x"], atol=1e-6)
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, describe_beam(found, 1))
    explorer.locator(".seqviz-play").click()
    wait_for_sentence(explorer, describe_beam(found, last))
    assert watch == Watch()


@pytest.mark.parametrize("width", [1200, 720])
def test_no_word_lies_on_another(page: Page, watch: Watch, width: int):
    explorer = show(page, MAKE, BEAM)
    set_range(control(explorer, "Width"), 4)
    found = tree(width=4)
    wait_for_sentence(explorer, describe_beam(found, len(found.trace.steps) - 1))
    resize(page, width)
    wait_until_it_fills(explorer)
    assert shown(explorer) == sum(map(len, found.trace.steps))
    assert explorer.evaluate(OVERLAPS) == 0
    assert watch == Watch()


def shown(explorer: Locator) -> int:
    return sum(int((~np.isnan(plotted(explorer, trace, "x"))).sum()) for trace in (WORDS, MISSED, OUTPUTS))


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, BEAM)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
