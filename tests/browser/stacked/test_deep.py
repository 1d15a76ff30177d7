"""A walk through a stack, in JupyterLab: a layer that is pointed at lights up, in the picture and in the equations."""

import numpy as np
import pytest
from playwright.sync_api import Page

import seqviz as sv
from seqviz.plots.gated.wiring import describe_wiring
from seqviz.plots.stacked.deep import deep_lattice
from seqviz.plots.stacked.lattice import lattice_patch

from ..conftest import Watch
from ..page import at, control, made_by, plotted, set_range, show, wait_for_sentence

pytestmark = pytest.mark.browser

TOKENS = ("a", "b", "c")
# The same cell makes the stack here and in the kernel.
STACK = """
import torch, seqviz as sv
torch.manual_seed(0); torch.set_num_threads(1)
stack, x = sv.models.Stacked([sv.models.RNNLayer(2, 3), sv.models.RNNLayer(3, 3)]), torch.randn(3, 2)
"""


def test_a_layer_lights_up(page: Page, watch: Watch):
    made = made_by(STACK)
    explorer = show(page, STACK, f"sv.explore.deep(stack, x, {TOKENS!r}, unit=1, step=2, part=0)")

    def assert_shown(unit: int, step: int, part: int) -> None:
        drawn = deep_lattice(sv.traces.trace_deep(made["stack"], made["x"], TOKENS, unit), step)
        wait_for_sentence(explorer, describe_wiring(drawn.diagram, part))
        np.testing.assert_allclose(plotted(explorer, 1, "x"), lattice_patch(drawn, part)["lit.x"], atol=1e-6)

    assert_shown(1, 2, 0)
    page.mouse.click(*at(explorer, ("xaxis", 1), ("yaxis", 2)))
    assert_shown(1, 2, 2)
    control(explorer, "Line of the equations").focus()
    page.keyboard.press("ArrowLeft")
    page.mouse.move(0, 0)
    assert_shown(1, 2, 1)
    set_range(control(explorer, "Step t"), 0)
    assert_shown(1, 0, 1)
    set_range(explorer.get_by_role("slider", name="Unit"), 2)
    assert_shown(2, 0, 1)
    assert watch == Watch()
