"""A walk through a gated unit, in JupyterLab: a gate is held, and the answer follows."""

import numpy as np
import pytest
from playwright.sync_api import Page

import seqviz as sv
from seqviz.plots.gated.gru_cell import gru_cell_diagram
from seqviz.plots.gated.wiring import describe_wiring, wiring_patch

from ..conftest import Watch
from ..page import control, made_by, plotted, point_at, set_range, show, wait_for_sentence

pytestmark = pytest.mark.browser

TOKENS = ("a", "b", "c")
# The same cell makes the network here and in the kernel.
NETWORK = """
import torch, seqviz as sv
torch.manual_seed(0); torch.set_num_threads(1)
model, x = sv.models.GRU(2, 3, 1), torch.randn(3, 2)
"""


def test_a_gate_is_held_and_let_go(page: Page, watch: Watch):
    made = made_by(NETWORK)
    explorer = show(page, NETWORK, f"sv.explore.gru_cell(model, x, {TOKENS!r}, unit=1, step=2, part=3, held='r_t = 0')")

    def assert_shown(unit: int, step: int, part: int, held: str) -> None:
        diagram = gru_cell_diagram(sv.traces.trace_gru_cell(made["model"], made["x"], TOKENS, unit, held), step)
        wait_for_sentence(explorer, describe_wiring(diagram, part))
        for name in "xy":
            np.testing.assert_allclose(
                plotted(explorer, 0, name), wiring_patch(diagram, part)[f"lit.{name}"], atol=1e-6
            )

    assert_shown(1, 2, 3, "r_t = 0")
    control(explorer, "Hold a gate").select_option("none")
    assert_shown(1, 2, 3, "")
    point_at(explorer, 4)
    assert_shown(1, 2, 4, "")
    page.mouse.move(0, 0)
    set_range(control(explorer, "Step t"), 1)
    assert_shown(1, 1, 3, "")
    set_range(explorer.get_by_role("slider", name="Unit"), 0)
    assert_shown(0, 1, 3, "")
    assert watch == Watch()
