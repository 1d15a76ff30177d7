"""The window in JupyterLab: it slides by key, pointer and control, and its sum follows."""

import numpy as np
import pytest
import torch
from playwright.sync_api import Page

import seqviz as sv
from seqviz.plots.sequences.window import describe_window

from ..conftest import Watch
from ..page import control, plotted, point_at, serious_violations, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

X = torch.tensor([0.0, 1, 2, 1, 0, -1, 0, 3])
WINDOWS = {"mean": torch.full((3,), 1 / 3), "rises": torch.tensor([-1.0, 0, 1])}
MAKE = """
import torch, seqviz as sv
x = torch.tensor([0.0, 1, 2, 1, 0, -1, 0, 3])
windows = {"mean": torch.full((3,), 1 / 3), "rises": torch.tensor([-1.0, 0, 1])}
"""
WINDOW = "sv.explore.window(windows, x)"
COVERED, WEIGHTS, SUMS, SUM = 1, 2, 3, 4  # traces


def test_the_window_slides_by_key_and_pointer_and_its_sum_follows(page: Page, watch: Watch):
    explorer = show(page, MAKE, WINDOW)
    mean, rises = (sv.traces.trace_window(weights, X) for weights in WINDOWS.values())
    control(explorer, "Starts at step").focus()
    page.keyboard.press("End")
    wait_for_sentence(explorer, describe_window(mean, 5))
    np.testing.assert_allclose(plotted(explorer, COVERED, "y"), X[5:].numpy(), atol=1e-6)

    point_at(explorer, 2, 300)
    wait_for_sentence(explorer, describe_window(mean, 2))
    np.testing.assert_allclose(plotted(explorer, SUM, "y"), mean.outputs[2:3], atol=1e-6)
    page.mouse.down()
    page.mouse.up()
    assert control(explorer, "Starts at step").input_value() == "2"

    control(explorer, "Window").select_option("rises")
    wait_for_sentence(explorer, describe_window(rises, 2))
    np.testing.assert_allclose(plotted(explorer, WEIGHTS, "y"), rises.weights, atol=1e-6)
    np.testing.assert_allclose(plotted(explorer, SUMS, "y"), rises.outputs, atol=1e-6)
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, WINDOW)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
