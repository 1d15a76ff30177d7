"""In JupyterLab a hand points at questions about a scene that it draws, and both answers follow."""

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

import seqviz as sv
from seqviz.data.seeing.scenes import Scene
from seqviz.plots.seeing.ask import ask_figure, ask_patch, describe_ask
from seqviz.widgets.explorers.seeing.own_scene import START, thing_of

from ..conftest import Watch
from ..page import at, control, faults, made_by, plotted, pull, serious_violations, set_theme, show, wait_for_sentence
from .things import wait_for_things

pytestmark = pytest.mark.browser

# The same cell makes the answerers here and in the kernel.
MAKE = """
import torch, seqviz as sv
from seqviz.data.seeing.questions import ANSWERS
torch.manual_seed(0)
net = sv.models.ConvNet(3, (2, 3, 4))
sizes = (len(sv.data.QUESTION_VOCABULARY), len(ANSWERS), 3, 4, 6, 5)
seeing, blind = sv.models.QuestionAnswerer(*sizes), sv.models.QuestionAnswerer(*sizes)
"""
ASK = "sv.explore.ask(net, 0.5, seeing, blind)"


def traced(scene: Scene):
    made = made_by(MAKE)
    return sv.traces.trace_ask(made["net"], 0.5, made["seeing"], made["blind"], scene)


def assert_shown(explorer: Locator, scene: Scene, question: int) -> None:
    """Wait for a question about a scene; both answers are drawn."""
    trace = traced(scene)
    wait_for_sentence(explorer, describe_ask(trace, question))
    patch = ask_patch(trace, question)
    place = {one.uid: number for number, one in enumerate(ask_figure(trace).data) if one.uid}
    wait_for_things(explorer, trace.drawing, place)
    for path in ("seeing.x", "blind.x", "right.y", "weights.z", "middle-1.x", "middle-2.y"):
        uid, name = path.split(".")
        np.testing.assert_allclose(plotted(explorer, place[uid], name), patch[path], atol=1e-4)
    expect(explorer.locator(".seqviz-strip button")).to_have_text([f"{text}?" for text in trace.questions])


def test_a_hand_points_at_questions_and_both_answers_follow(page: Page, watch: Watch):
    explorer = show(page, MAKE, ASK)
    assert_shown(explorer, START, 0)
    questions = explorer.locator(".seqviz-strip button")
    questions.nth(5).hover()
    assert_shown(explorer, START, 5)
    questions.nth(13).click()
    page.keyboard.press("ArrowRight")
    page.mouse.move(0, 0)
    assert_shown(explorer, START, 14)
    assert watch == Watch()


def test_another_scene_is_asked_anew(page: Page, watch: Watch):
    explorer = show(page, MAKE, ASK)
    red, blue = START
    assert_shown(explorer, START, 0)
    pull(page, at(explorer, ("xaxis", red.x), ("yaxis", red.y)), at(explorer, ("xaxis", 20), ("yaxis", 12)))
    page.mouse.move(0, 0)
    moved = red._replace(x=20.0, y=12.0)
    assert_shown(explorer, (moved, blue), 0)
    control(explorer, "First: down").press("ArrowRight")
    assert_shown(explorer, (moved._replace(y=13.0), blue), 0)
    # of two circles no question says “the circle”: there are fewer
    control(explorer, "Second thing").select_option("blue circle")
    control(explorer, "Question").press("End")
    scene = (moved._replace(y=13.0), thing_of("blue circle", blue.x, blue.y))
    assert_shown(explorer, scene, len(traced(scene).questions) - 1)
    assert watch == Watch()


def test_on_a_phone_nothing_lies_on_anything(narrow: Page, watch: Watch):
    explorer = show(narrow, MAKE, ASK)
    assert_shown(explorer, START, 0)
    assert faults(explorer) == []
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    explorer = show(page, MAKE, ASK)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert faults(explorer) == []
    assert watch == Watch()
