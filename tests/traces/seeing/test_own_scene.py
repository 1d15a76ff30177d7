"""A drawn scene is captioned as any other, and drawn where its facts say."""

import numpy as np
import pytest
import torch

from seqviz.data.seeing.captions import CAPTION_VOCABULARY
from seqviz.data.seeing.scenes import SIZE, Thing, hex_colour, outline
from seqviz.data.tokenizer import EOS
from seqviz.models.seeing.captioner import ShowAttendAndTell
from seqviz.models.seeing.conv2d import ConvNet
from seqviz.traces.seeing.gaze import trace_gaze
from seqviz.traces.seeing.own_scene import drawing_of, trace_own_scene

SCENE = (Thing("red", "circle", 6, 10, 5), Thing("blue", "square", 24, 14, 4))


def test_things_are_drawn_where_and_as_the_facts_say():
    drawing = drawing_of(SCENE)
    assert drawing.names == ("red circle", "blue square")
    assert drawing.named == "a red circle (6 across, 10 down) and a blue square (24 across, 14 down)"
    assert drawing.colours == (hex_colour("red"), hex_colour("blue"))
    np.testing.assert_array_equal(drawing.middles, [[6, 10], [24, 14]])
    for corners, thing in zip(drawing.outlines, SCENE, strict=True):
        np.testing.assert_array_equal(corners, outline(thing))
    assert (drawing.size, drawing.oddity) == (SIZE, None)
    assert drawing_of((SCENE[0], SCENE[1]._replace(x=12))).oddity == "touch"


def test_it_is_captioned_as_the_captioner_does_and_what_would_be_true_is_the_rules():
    torch.manual_seed(0)
    net = ConvNet(3, (2, 3, 4))
    captioner = ShowAttendAndTell(len(CAPTION_VOCABULARY), 3, 4, 6, 5)
    with torch.no_grad():
        captioner.b_o[EOS] -= 9
    trace, gaze = (
        trace_own_scene(net, 0.5, captioner, SCENE, longest=5),
        trace_gaze(net, 0.5, captioner, SCENE, longest=5),
    )
    assert (trace.gaze.words, trace.gaze.fault) == (gaze.words, gaze.fault)
    np.testing.assert_array_equal(trace.gaze.weights, gaze.weights)
    assert trace.true == "a red circle left of a blue square"
    assert trace.drawing.names == ("red circle", "blue square")


def test_a_scene_of_one_thing_is_refused():
    with pytest.raises(ValueError, match="expected a scene of 2 things, got 1"):
        drawing_of(SCENE[:1])
