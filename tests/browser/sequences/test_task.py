"""The explorer of tasks in JupyterLab: each is walked through by mouse and keyboard."""

import numpy as np
import pytest
from playwright.sync_api import Page

import seqviz as sv
from seqviz.plots.sequences.task import describe_task

from ..conftest import Watch
from ..page import control, plotted, serious_violations, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

TASKS = "sv.explore.task()"


def example(question: str) -> sv.plots.TaskExample:
    task = sv.data.TASKS[question]
    return sv.plots.TaskExample(question, task.shape, task.inputs, task.outputs, task.first_answer)


def test_a_task_is_walked_through_step_by_step(page: Page, watch: Watch):
    explorer = show(page, TASKS)
    review = example("Is the review good?")
    wait_for_sentence(explorer, describe_task(review, 8))
    step = control(explorer, "Step t")
    step.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, describe_task(review, 1))
    np.testing.assert_array_equal(plotted(explorer, 4, "x"), [0, 1, *[np.nan] * 7])
    assert np.isnan(plotted(explorer, 5, "x")).all(), "nothing is said yet"

    control(explorer, "Task").select_option("Translate")
    translate = example("Translate")
    wait_for_sentence(explorer, describe_task(translate, 1))
    step.focus()
    page.keyboard.press("End")
    wait_for_sentence(explorer, describe_task(translate, translate.steps - 1))
    texts = explorer.locator(".seqviz-figure").evaluate("(div) => [div.data[2].text, div.data[3].text]")
    assert [tuple(row) for row in texts] == [translate.inputs, translate.outputs]
    assert watch == Watch()


def test_pointing_at_a_column_selects_its_step(page: Page, watch: Watch):
    explorer = show(page, TASKS)
    review = example("Is the review good?")
    figure = explorer.locator(".seqviz-figure")
    # the label that reads 4, and the box above it
    box = figure.locator(".xtick", has_text="4").bounding_box() or {}
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] - 60)
    wait_for_sentence(explorer, describe_task(review, 3))
    np.testing.assert_array_equal(plotted(explorer, 4, "x")[:5], [0, 1, 2, 3, np.nan])
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, TASKS)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
