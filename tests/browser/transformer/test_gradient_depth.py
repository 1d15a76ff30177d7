"""A hand stacks layers and points at one of them, by mouse and by key."""

import numpy as np
import pytest
from playwright.sync_api import Page

import seqviz as sv
from seqviz.plots.transformer.gradient_depth import describe_gradient_depth, typical

from ..conftest import Watch
from ..page import (
    control,
    faults,
    made_by,
    plotted,
    point_at,
    serious_violations,
    set_range,
    set_theme,
    show,
    wait_for_sentence,
)
from .made import MAKE

pytestmark = pytest.mark.browser

DEPTH = "sv.explore.gradient_depth(text, 3)"


def test_a_hand_stacks_layers_and_points_at_one(page: Page, watch: Watch):
    explorer = show(page, MAKE, DEPTH)
    text = made_by(MAKE)["text"]
    trace = sv.traces.trace_gradient_depth(text, 3)
    wait_for_sentence(explorer, describe_gradient_depth(trace, 0))
    point_at(explorer, 2.0)
    wait_for_sentence(explorer, describe_gradient_depth(trace, 1))
    page.mouse.move(0, 0)
    set_range(control(explorer, "Layers"), 5)
    deeper = sv.traces.trace_gradient_depth(text, 5)
    wait_for_sentence(explorer, describe_gradient_depth(deeper, 0))
    np.testing.assert_allclose(plotted(explorer, 3, "y"), typical(deeper)[1], rtol=1e-4)
    control(explorer, "Layer (point at one)").focus()
    page.keyboard.press("End")
    wait_for_sentence(explorer, describe_gradient_depth(deeper, 4))
    assert watch == Watch()


def test_on_a_phone_nothing_lies_on_anything(narrow: Page, watch: Watch):
    assert faults(show(narrow, MAKE, DEPTH)) == []
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, DEPTH)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
