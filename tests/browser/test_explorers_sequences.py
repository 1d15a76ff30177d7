"""The explorers of sequences in JupyterLab: by mouse and keyboard, the page shows what data and models say."""

import numpy as np
import pytest

import seqviz as sv

from .conftest import Watch
from .page import control, made_by, plotted, point_at, serious_violations, set_range, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

TIME, TRAINED = 21, (5, 6, 7)
# The same cell makes the models here and in the kernel.
MODELS = """
import torch, seqviz as sv
torch.manual_seed(0)
models = {"MLP": sv.models.SequenceMLP(1, 21, 8, 2), "Conv1D": sv.models.Conv1DClassifier(1, 3, 2, (5,))}
"""
TASKS = "sv.explore.task_shapes()"
SHIFT = "sv.explore.shifted_pattern(models, (5, 6, 7), 21)"


def example(question: str) -> sv.plots.TaskExample:
    task = sv.data.TASKS[question]
    return sv.plots.TaskExample(question, task.shape, task.inputs, task.outputs, task.first_answer)


def test_a_task_is_walked_through_step_by_step(page, lab, watch):
    explorer = show(page, lab, TASKS)
    review = example("Is the review good?")
    wait_for_sentence(explorer, sv.plots.describe_task(review, 8))
    step = control(explorer, "Step t")
    step.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, sv.plots.describe_task(review, 1))
    np.testing.assert_array_equal(plotted(explorer, 4, "x"), [0, 1, *[np.nan] * 7])
    assert np.isnan(plotted(explorer, 5, "x")).all(), "nothing is said yet"

    control(explorer, "Task").select_option("Translate")
    translate = example("Translate")
    wait_for_sentence(explorer, sv.plots.describe_task(translate, 1))
    step.focus()
    page.keyboard.press("End")
    wait_for_sentence(explorer, sv.plots.describe_task(translate, translate.steps - 1))
    texts = explorer.locator(".seqviz-figure").evaluate("(div) => [div.data[2].text, div.data[3].text]")
    assert [tuple(row) for row in texts] == [translate.inputs, translate.outputs]
    assert watch == Watch()


def test_pointing_at_a_column_selects_its_step(page, lab, watch):
    explorer = show(page, lab, TASKS)
    review = example("Is the review good?")
    figure = explorer.locator(".seqviz-figure")
    # the label that reads 4, and the box above it
    box = figure.locator(".xtick", has_text="4").bounding_box() or {}
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] - 60)
    wait_for_sentence(explorer, sv.plots.describe_task(review, 3))
    np.testing.assert_array_equal(plotted(explorer, 4, "x")[:5], [0, 1, 2, 3, np.nan])
    assert watch == Watch()


def test_the_ramp_slides_and_every_model_answers(page, lab, watch):
    explorer = show(page, lab, MODELS, SHIFT)
    models = made_by(MODELS)["models"]
    trace = sv.traces.trace_shift(models, "rising", TRAINED, time=TIME, noise=0.3, seed=1)
    for number, curve in enumerate(trace.probabilities.values(), start=2):
        np.testing.assert_allclose(plotted(explorer, number, "y"), curve, atol=1e-6)
    place = control(explorer, "Starts at step")
    place.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, sv.plots.describe_shift(trace, 1))
    np.testing.assert_allclose(plotted(explorer, 0, "y"), trace.inputs[1], atol=1e-6)
    np.testing.assert_allclose(plotted(explorer, 1, "y"), trace.inputs[1, 5:10], atol=1e-6)

    point_at(explorer, 6, 300)
    wait_for_sentence(explorer, sv.plots.describe_shift(trace, 6))
    np.testing.assert_allclose(plotted(explorer, 0, "y"), trace.inputs[6], atol=1e-6)
    page.mouse.down()
    page.mouse.up()
    assert place.input_value() == "6"

    control(explorer, "Ramp").select_option("falling")
    control(explorer, "Noise drawn").select_option("3")
    set_range(control(explorer, "Strength of the noise"), 0.8)
    other = sv.traces.trace_shift(models, "falling", TRAINED, time=TIME, noise=0.8, seed=3)
    wait_for_sentence(explorer, sv.plots.describe_shift(other, 6))
    for number, curve in enumerate(other.probabilities.values(), start=2):
        np.testing.assert_allclose(plotted(explorer, number, "y"), curve, atol=1e-6)
    assert watch == Watch()


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_serious_in_either_theme(page, lab, watch, theme):
    show(page, lab, MODELS, TASKS, SHIFT)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
