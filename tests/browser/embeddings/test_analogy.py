"""In JupyterLab the arrow follows the hand from word to word, and the answer is of the full space."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.embeddings.analogy import describe_analogy
from seqviz.widgets.explorers.embeddings.analogy import ASKED

from ..conftest import Watch
from ..page import control, made_by, plotted, serious_violations, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

# The same cell makes the vectors here and in the kernel.
MAKE = """
import torch, seqviz as sv
words = sv.data.Tokenizer.of_words(["man", "woman", "king", "queen", "boy", "girl", "work", "crown"])
vectors = torch.randn(8, 6, generator=torch.Generator().manual_seed(4), dtype=torch.float64)
on_map = words.tokens[:6]
"""
ANALOGY = 'sv.explore.analogy({"vectors": vectors}, words, [("man", "woman"), ("boy", "girl")], on_map, "king")'

# where a word of the map lies on the screen
POINT = """(figure, i) => {
  const plot = figure.querySelector(".js-plotly-plot") ?? figure;
  const { xaxis, yaxis } = plot._fullLayout, box = plot.getBoundingClientRect();
  const trace = plot._fullData.find((one) => one.uid === "words");
  return [box.left + xaxis._offset + xaxis.c2p(trace.x[i]), box.top + yaxis._offset + yaxis.c2p(trace.y[i])];
}"""


def trace_of(pair=("man", "woman"), **asked):
    made = made_by(MAKE)
    return sv.traces.trace_analogy(made["vectors"], made["words"], pair, made["on_map"], **asked)


def at(explorer, word: int) -> tuple[float, float]:
    return tuple(explorer.locator(".seqviz-figure").evaluate(POINT, word))


def test_the_arrow_follows_the_hand_from_word_to_word(page: Page, watch: Watch):
    explorer = show(page, MAKE, ANALOGY)
    trace = trace_of()
    wait_for_sentence(explorer, describe_analogy(trace, 2))
    explorer.locator(".seqviz-figure").scroll_into_view_if_needed()
    arrow = next(i for i, one in enumerate(sv.plots.analogy(trace, 0).figure.data) if one.uid == "arrow")

    page.mouse.move(*at(explorer, 2))
    page.mouse.down()
    for word in (4, 5):
        page.mouse.move(*at(explorer, word), steps=3)
        wait_for_sentence(explorer, describe_analogy(trace, word))
        np.testing.assert_allclose(
            plotted(explorer, arrow, "x"), [trace.places[word, 0], trace.sums[word, 0]], rtol=1e-4
        )
    page.mouse.up()
    page.mouse.move(0, 0)
    wait_for_sentence(explorer, describe_analogy(trace, 5))

    slider = control(explorer, "to the word")
    expect(explorer).to_contain_text("girl")
    slider.focus()
    page.keyboard.press("Home")
    wait_for_sentence(explorer, describe_analogy(trace, 0))
    control(explorer, "The three words of the question").select_option(ASKED)
    wait_for_sentence(explorer, describe_analogy(trace_of(query_left_out=False), 0))
    control(explorer, "Carry over").select_option("boy → girl")
    wait_for_sentence(explorer, describe_analogy(trace_of(("boy", "girl"), query_left_out=False), 0))
    assert watch == Watch()


def test_pointing_beside_the_map_selects_nothing(page: Page, watch: Watch):
    explorer = show(page, MAKE, ANALOGY)
    wait_for_sentence(explorer, describe_analogy(trace_of(), 2))
    figure = explorer.locator(".seqviz-figure")
    figure.scroll_into_view_if_needed()
    page.mouse.move(*at(explorer, 5))
    wait_for_sentence(explorer, describe_analogy(trace_of(), 5))
    box = figure.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] - 40, box["y"] + box["height"] / 2)
    wait_for_sentence(explorer, describe_analogy(trace_of(), 5))
    page.mouse.move(0, 0)
    wait_for_sentence(explorer, describe_analogy(trace_of(), 2))
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, ANALOGY)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
