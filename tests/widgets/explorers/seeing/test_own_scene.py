"""Names and places of the controls make the scene, the caption is new with each, and a page has what it recorded."""

import numpy as np
import pytest
import torch

from seqviz.data.seeing.captions import CAPTION_VOCABULARY
from seqviz.data.seeing.scenes import SIZE, Thing, covered, pictures
from seqviz.data.tokenizer import EOS
from seqviz.models.seeing.captioner import ShowAttendAndTell
from seqviz.models.seeing.conv2d import ConvNet
from seqviz.plots.seeing.gaze import gaze_levels
from seqviz.plots.seeing.own_scene import describe_own_scene, verdict
from seqviz.traces import trace_own_scene
from seqviz.widgets import explore
from seqviz.widgets.explorers.seeing.own_scene import NAMES, RADIUS, START, scene_controls, scene_of, thing_of
from tests.widgets.asked import answer, opened

RED, BLUE = START


@pytest.fixture
def models():
    torch.manual_seed(0)
    net, captioner = ConvNet(3, (2, 3, 4)), ShowAttendAndTell(len(CAPTION_VOCABULARY), 3, 4, 6, 5)
    with torch.no_grad():
        captioner.b_o[EOS] -= 9
    return net, 0.5, captioner


def test_each_scene_that_is_drawn_is_captioned_anew(wire, models):
    explorer = explore.own_scene(*models)
    moved = Thing("yellow", "triangle", 20, 9, RADIUS)
    answers = {
        START: opened(wire, explorer)["content"],
        (RED, BLUE._replace(x=25.0)): answer(wire, explorer, x2=25)["content"],
        (moved, BLUE._replace(x=25.0)): answer(wire, explorer, name1="yellow triangle", x1=20, y1=9)["content"],
    }
    seen = []
    for scene, content in answers.items():
        trace = trace_own_scene(*models, scene)
        assert content["strip"]["tokens"] == list(trace.gaze.words)
        assert verdict(trace) in content["strip"]["captions"][0]["words"]
        np.testing.assert_allclose(content["strip"]["levels"], gaze_levels(trace.gaze), atol=1e-6)
        assert content["sentences"] == [describe_own_scene(trace, word) for word in range(12)]
        seen.append(trace.gaze.weights)
    assert not np.allclose(seen[0], seen[1], atol=1e-6)


def test_only_other_things_need_another_figure(wire, models):
    explorer = explore.own_scene(*models)
    assert set(answer(wire, explorer, x1=9, y2=20)) == {"content"}
    assert set(answer(wire, explorer, name2="green square")) == {"content", "figure"}


def test_what_no_drawn_scene_has_is_captioned_all_the_same_and_said(wire, models):
    explorer = explore.own_scene(*models)
    alike = answer(wire, explorer, name2="red circle")["content"]
    assert alike["sentences"][0].endswith("No scene that it learned from has two things alike.")
    touching = answer(wire, explorer, name2="blue square", x2=5, y2=5)["content"]
    assert touching["sentences"][0].endswith("In no scene that it learned from do things lie so close.")


def test_a_hand_grabs_what_the_sliders_move(models):
    explorer = explore.own_scene(*models)
    uids = {trace.uid for trace in explorer.still()[0].data}
    names = {control["name"] for control in explorer.controls}
    for uid, controls in explorer.content["grab"].items():
        assert uid in uids
        assert set(controls) <= names
    assert scene_of("red circle", 1, 2, "blue square", 3, 4) == (
        thing_of("red circle", 1, 2),
        thing_of("blue square", 3, 4),
    )


def test_no_thing_leaves_the_picture():
    for control in scene_controls(START, recorded=(3, 3)):
        if control.kind == "range":
            for at in (control.minimum, control.maximum):
                for name in NAMES:
                    assert covered([thing_of(name, at, at)]).sum() == covered([thing_of(name, 16, 16)]).sum()
    assert pictures([START]).shape[-1] == SIZE


def test_a_page_moves_both_things_and_says_that_other_things_need_a_kernel(models):
    made = explore.own_scene(*models).recording()
    assert made["recorded"] == {
        "name1": ["red circle"],
        "x1": [5, 16, 27],
        "y1": [5, 16, 27],
        "name2": ["blue square"],
        "x2": [5, 16, 27],
        "y2": [5, 16, 27],
    }
    assert len(made["answers"]) == 81
    assert not [answer for answer in made["answers"] if "error" in answer["content"]]
    assert len(made["figures"]) == 1
    assert ["fixed" in control for control in made["controls"]] == [True, False, False, True, False, False, False]
