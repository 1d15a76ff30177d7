"""A walk through an LSTM's cell, in JupyterLab: what is pointed at lights up, in the picture and in the equations."""

import numpy as np
import pytest
from playwright.sync_api import Page

import seqviz as sv
from seqviz.plots.gated.lstm_cell import PARTS, lstm_cell_diagram
from seqviz.plots.gated.wiring import describe_wiring, wiring_patch

from ..conftest import Watch
from ..page import control, made_by, plotted, point_at, set_range, show, wait_for_sentence

pytestmark = pytest.mark.browser

TEXT = "the value"
# The same cell makes the network here and in the kernel.
NETWORK = """
import torch, seqviz as sv
torch.manual_seed(0); torch.set_num_threads(1)
letters = sv.data.PROSE_ALPHABET
model = sv.models.LSTM(len(letters), 4, len(letters))
"""


def test_what_is_pointed_at_lights_up(page: Page, watch: Watch):
    made = made_by(NETWORK)
    explorer = show(page, NETWORK, f"sv.explore.lstm_cell(model, letters, {TEXT!r}, unit=1, step=2, part=4)")

    def assert_shown(unit: int, step: int, part: int) -> None:
        diagram = lstm_cell_diagram(sv.traces.trace_lstm_cell(made["model"], made["letters"], TEXT, unit), step)
        wait_for_sentence(explorer, describe_wiring(diagram, part))
        for name in "xy":
            np.testing.assert_allclose(
                plotted(explorer, 0, name), wiring_patch(diagram, part)[f"lit.{name}"], atol=1e-6
            )

    assert_shown(1, 2, 4)
    point_at(explorer, 1)  # the column of the forget gate: a look
    assert_shown(1, 2, 1)
    explorer.get_by_role("button", name=PARTS[6]).click()
    page.mouse.move(0, 0)
    assert_shown(1, 2, 6)
    page.keyboard.press("ArrowLeft")
    assert_shown(1, 2, 5)
    set_range(control(explorer, "Step t"), 7)
    assert_shown(1, 7, 5)
    set_range(control(explorer, "Cell"), 3)
    assert_shown(3, 7, 5)
    assert watch == Watch()
