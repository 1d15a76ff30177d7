"""In JupyterLab a hand drags things about, by mouse, finger and key, and the caption is new with each scene."""

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import seqviz as sv
from seqviz.data.seeing.scenes import Scene
from seqviz.plots.seeing.own_scene import describe_own_scene, own_scene_figure, own_scene_patch, verdict
from seqviz.widgets.explorers.seeing.own_scene import START, thing_of

from ..conftest import Watch
from ..page import (
    at,
    between,
    control,
    faults,
    made_by,
    plotted,
    pull,
    serious_violations,
    set_theme,
    show,
    touch,
    wait_for_sentence,
)
from .things import wait_for_things

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
"""
OWN_SCENE = "sv.explore.own_scene(net, 0.5, captioner)"


def traced(scene: Scene):
    made = made_by(MAKE)
    return sv.traces.trace_own_scene(made["net"], 0.5, made["captioner"], scene)


def assert_shown(explorer: Locator, scene: Scene, word: int = 1) -> None:
    """Wait for a scene; its things lie where they should."""
    trace = traced(scene)
    wait_for_sentence(explorer, describe_own_scene(trace, word))
    patch = own_scene_patch(trace, word)
    place = {one.uid: number for number, one in enumerate(own_scene_figure(trace).data) if one.uid}
    wait_for_things(explorer, trace.drawing, place)
    for uid in ("middle-1", "middle-2", "thing-1", "thing-2"):
        for axis in "xy":
            np.testing.assert_allclose(plotted(explorer, place[uid], axis), patch[f"{uid}.{axis}"], atol=1e-4)
    np.testing.assert_allclose(plotted(explorer, place["weights"], "z"), patch["weights.z"], atol=1e-4)
    expect(explorer.locator(".seqviz-caption")).to_contain_text(verdict(trace))


def spot(explorer: Locator, x: float, y: float) -> tuple[float, float]:
    """Where on the page a pixel of the scene lies."""
    return at(explorer, ("xaxis", x), ("yaxis", y))


def test_a_hand_drags_the_nearer_thing_and_the_caption_follows(page: Page, watch: Watch):
    explorer = show(page, MAKE, OWN_SCENE)
    red, blue = START
    assert_shown(explorer, START)
    pull(page, spot(explorer, red.x, red.y), spot(explorer, 20, 12))
    expect(control(explorer, "First: across")).to_have_value("20")
    expect(control(explorer, "First: down")).to_have_value("12")
    moved = red._replace(x=20.0, y=12.0)
    assert_shown(explorer, (moved, blue))
    # grabbed beside its middle, a thing keeps its distance from the pointer
    pull(page, spot(explorer, blue.x + 2, blue.y - 2), spot(explorer, 12, 20))
    assert_shown(explorer, (moved, blue._replace(x=10.0, y=22.0)))
    # no further than its place in the picture
    pull(page, spot(explorer, 10, 22), spot(explorer, 1, 22))
    assert_shown(explorer, (moved, blue._replace(x=5.0, y=22.0)))
    assert watch == Watch()


def test_keys_move_things_and_lists_change_them(page: Page, watch: Watch):
    explorer = show(page, MAKE, OWN_SCENE)
    red, blue = START
    assert_shown(explorer, START)
    control(explorer, "Second: across").press("ArrowRight")
    assert_shown(explorer, (red, blue._replace(x=17.0)))
    control(explorer, "First thing").select_option("yellow triangle")
    yellow = thing_of("yellow triangle", red.x, red.y)
    assert_shown(explorer, (yellow, blue._replace(x=17.0)))
    explorer.locator(".seqviz-strip button").nth(3).click()
    assert_shown(explorer, (yellow, blue._replace(x=17.0)), word=3)
    page.keyboard.press("ArrowLeft")
    assert_shown(explorer, (yellow, blue._replace(x=17.0)), word=2)
    # another thing is another figure: a hand still finds it
    pull(page, spot(explorer, yellow.x, yellow.y), spot(explorer, 9, 20))
    page.mouse.move(0, 0)
    assert_shown(explorer, (yellow._replace(x=9.0, y=20.0), blue._replace(x=17.0)), word=2)
    assert watch == Watch()


def test_a_finger_drags_a_thing_and_the_page_stays(page: Page, watch: Watch):
    explorer = show(page, MAKE, OWN_SCENE)
    red, blue = START
    assert_shown(explorer, START)
    before = explorer.evaluate("(root) => root.getBoundingClientRect().top")
    touch(page, *between(spot(explorer, blue.x, blue.y), spot(explorer, 25, 9)))
    assert_shown(explorer, (red, blue._replace(x=25.0, y=9.0)))
    assert explorer.evaluate("(root) => root.getBoundingClientRect().top") == before
    assert watch == Watch()


def test_on_a_phone_the_scene_and_the_weights_lie_below_each_other(narrow: Page, watch: Watch):
    explorer = show(narrow, MAKE, OWN_SCENE)
    assert_shown(explorer, START)
    assert faults(explorer) == []
    above, below = (at(explorer, (f"xaxis{n}", 16), (f"yaxis{n}", 16)) for n in ("", "2"))
    assert below[1] > above[1] + 150
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    explorer = show(page, MAKE, OWN_SCENE)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert faults(explorer) == []
    assert watch == Watch()
