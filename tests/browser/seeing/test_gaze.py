"""In JupyterLab a hand points at words, by mouse and by key, and the picture is lit where each looked."""

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import seqviz as sv
from seqviz.plots.seeing.gaze import describe_gaze, gaze_patch

from ..conftest import Watch
from ..page import control, faults, made_by, plotted, serious_violations, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

# The same cell makes the captioner here and in the kernel.
MAKE = """
import torch, seqviz as sv
torch.manual_seed(0)
net = sv.models.ConvNet(3, (2, 3, 4))
captioner = sv.models.ShowAttendAndTell(len(sv.data.CAPTION_VOCABULARY), 3, 4, annotation=6, attention=5)
with torch.no_grad():
    captioner.b_o[:7] -= 9
    captioner.v_a *= 30
drawn = sv.data.scenes(2, torch.Generator().manual_seed(0))
shown = sv.data.pictures(drawn)
scenes = {f"Two things: {sv.data.caption(scene)}": (scene, picture) for scene, picture in zip(drawn, shown)}
"""
GAZE = "sv.explore.gaze(net, 0.5, captioner, scenes)"
SHADE, WEIGHTS = 1, 2  # traces of the figure; the picture is the first


def traced(place: int):
    made = made_by(MAKE)
    return sv.traces.trace_gaze(made["net"], 0.5, made["captioner"], *list(made["scenes"].values())[place])


def picture(explorer: Locator) -> Locator:
    """The scene itself: heat maps are images too."""
    return explorer.locator(".seqviz-figure .im image")


def test_a_hand_points_at_words_and_the_light_follows(page: Page, watch: Watch):
    explorer = show(page, MAKE, GAZE)
    trace = traced(0)
    wait_for_sentence(explorer, describe_gaze(trace, 1))
    words = explorer.locator(".seqviz-strip button")
    expect(words).to_have_count(len(trace.words))
    words.nth(4).hover()
    wait_for_sentence(explorer, describe_gaze(trace, 4))
    np.testing.assert_allclose(plotted(explorer, WEIGHTS, "z"), gaze_patch(trace, 4)["weights.z"], atol=1e-6)
    np.testing.assert_allclose(plotted(explorer, SHADE, "z"), gaze_patch(trace, 4)["shade.z"], atol=1e-6)
    words.nth(2).click()
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, describe_gaze(trace, 3))

    page.mouse.move(0, 0)  # it would point at what comes to lie under it
    control(explorer, "Scene").select_option(index=1)
    wait_for_sentence(explorer, describe_gaze(traced(1), 3))
    expect(picture(explorer)).to_have_count(1)
    assert watch == Watch()


def test_on_a_phone_the_picture_and_the_weights_lie_below_each_other(narrow: Page, watch: Watch):
    explorer = show(narrow, MAKE, GAZE)
    wait_for_sentence(explorer, describe_gaze(traced(0), 1))
    assert (explorer.locator(".seqviz-figure").bounding_box() or {"width": 999})["width"] <= 390
    assert faults(explorer) == []
    box = picture(explorer).bounding_box()
    assert box
    assert min(box["width"], box["height"]) > 150
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, GAZE)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
