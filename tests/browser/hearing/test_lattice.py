"""In JupyterLab the frame that is pointed at is in focus, and other digits are summed up."""

import numpy as np
import pytest
from playwright.sync_api import Page

import seqviz as sv
from seqviz.plots.hearing.lattice import describe_lattice, lattice_patch

from ..conftest import Watch
from ..page import at, control, faults, made_by, plotted, serious_violations, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

MAKE = """
import torch, seqviz as sv
log_p = torch.randn(12, 11, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).log_softmax(-1)
"""
LATTICE = 'sv.explore.lattice(log_p, "155", frame=3)'
SHARE = 2  # trace of the figure


def traced(*asked):
    return sv.traces.trace_lattice(made_by(MAKE)["log_p"], *asked)


def test_pointing_brings_a_frame_into_focus_and_digits_are_typed(page: Page, watch: Watch):
    explorer = show(page, MAKE, LATTICE)
    trace = traced("155")
    wait_for_sentence(explorer, describe_lattice(trace, 3))
    assert faults(explorer) == []
    page.mouse.move(*at(explorer, ("xaxis", 7), ("yaxis", 2)))
    wait_for_sentence(explorer, describe_lattice(trace, 6))
    np.testing.assert_allclose(plotted(explorer, SHARE, "x"), lattice_patch(trace, 6)["share.x"], atol=1e-6)
    page.mouse.move(0, 0)
    wait_for_sentence(explorer, describe_lattice(trace, 3))
    control(explorer, "Digits").fill("90")
    wait_for_sentence(explorer, describe_lattice(traced("90"), 3))
    control(explorer, "Show").select_option("share of all paths")
    wait_for_sentence(explorer, describe_lattice(traced("90", "share of all paths"), 3))
    control(explorer, "Frame").press("End")
    wait_for_sentence(explorer, describe_lattice(traced("90", "share of all paths"), 11))
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, LATTICE)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
