"""In JupyterLab the number stays, the stretches move under it, and another letter is drawn."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.language.sampling import describe_sampling
from seqviz.widgets.explorers.language.sampling import TEMPERATURES

from ..conftest import Watch
from ..page import control, made_by, plotted, serious_violations, set_range, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

# The same cell makes the reader here and in the kernel.
MAKE = """
import torch, seqviz as sv
letters = sv.data.Tokenizer.of_characters("abcdefgh ")
counts = sv.models.NGram(letters.encode("a bad cab had a head bag decaf cafe fade hag"), 9, 2)
reader = (sv.models.ngram.ngram_decode_step(counts), sv.models.ngram.no_context(1))
"""
SAMPLING = 'sv.explore.sampling(reader, letters, "a ba", u=0.7)'


def test_the_temperature_moves_the_stretches_and_the_number_stays(page: Page, watch: Watch):
    explorer = show(page, MAKE, SAMPLING)
    made = made_by(MAKE)

    def trace(u: float, **cut):
        return sv.traces.trace_sampling(made["reader"], made["letters"], "a ba", u, temperatures=TEMPERATURES, **cut)

    number = next(i for i, one in enumerate(sv.plots.sampling(trace(0.7), 0).figure.data) if one.uid == "number")
    temperature = control(explorer, "Temperature")
    temperature.focus()
    page.keyboard.press("End")
    wait_for_sentence(explorer, describe_sampling(trace(0.7), len(TEMPERATURES) - 1))
    np.testing.assert_allclose(plotted(explorer, number, "x"), [0.7, 0.7], atol=1e-6)
    page.keyboard.press("Home")
    wait_for_sentence(explorer, describe_sampling(trace(0.7), 0))
    expect(explorer).to_contain_text("0.1")

    control(explorer, "Keep (top-k)").select_option("the 2 likeliest")
    wait_for_sentence(explorer, describe_sampling(trace(0.7, top_k=2), 0))
    set_range(control(explorer, "The number, held"), 0.95)
    wait_for_sentence(explorer, describe_sampling(trace(0.95, top_k=2), 0))
    np.testing.assert_allclose(plotted(explorer, number, "x"), [0.95, 0.95], atol=1e-6)
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, SAMPLING)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
