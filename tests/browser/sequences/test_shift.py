"""The shifted pattern in JupyterLab: the ramp slides and every model answers."""

import numpy as np
import pytest
from playwright.sync_api import Page

import seqviz as sv
from seqviz.plots.sequences.shift import describe_shift

from ..conftest import Watch
from ..page import (
    control,
    made_by,
    plotted,
    point_at,
    serious_violations,
    set_range,
    set_theme,
    show,
    wait_for_sentence,
)

pytestmark = pytest.mark.browser

TIME, TRAINED = 21, (5, 6, 7)
# The same cell makes the models here and in the kernel.
MODELS = """
import torch, seqviz as sv
torch.manual_seed(0)
models = {"MLP": sv.models.SequenceMLP(1, 21, 8, 2), "Conv1D": sv.models.Conv1DClassifier(1, 3, 2, (5,))}
"""
SHIFT = "sv.explore.shift(models, (5, 6, 7), 21)"


def test_the_ramp_slides_and_every_model_answers(page: Page, watch: Watch):
    explorer = show(page, MODELS, SHIFT)
    models = made_by(MODELS)["models"]
    trace = sv.traces.trace_shift(models, "rising", TRAINED, time=TIME, noise=0.3, seed=1)
    for number, curve in enumerate(trace.probabilities.values(), start=2):
        np.testing.assert_allclose(plotted(explorer, number, "y"), curve, atol=1e-6)
    place = control(explorer, "Starts at step")
    place.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, describe_shift(trace, 1))
    np.testing.assert_allclose(plotted(explorer, 0, "y"), trace.inputs[1], atol=1e-6)
    np.testing.assert_allclose(plotted(explorer, 1, "y"), trace.inputs[1, 5:10], atol=1e-6)

    point_at(explorer, 6, 300)
    wait_for_sentence(explorer, describe_shift(trace, 6))
    np.testing.assert_allclose(plotted(explorer, 0, "y"), trace.inputs[6], atol=1e-6)
    page.mouse.down()
    page.mouse.up()
    assert place.input_value() == "6"

    control(explorer, "Ramp").select_option("falling")
    control(explorer, "Noise drawn").select_option("3")
    set_range(control(explorer, "Strength of the noise"), 0.8)
    other = sv.traces.trace_shift(models, "falling", TRAINED, time=TIME, noise=0.8, seed=3)
    wait_for_sentence(explorer, describe_shift(other, 6))
    for number, curve in enumerate(other.probabilities.values(), start=2):
        np.testing.assert_allclose(plotted(explorer, number, "y"), curve, atol=1e-6)
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MODELS, SHIFT)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
