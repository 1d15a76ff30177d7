"""Things lie where the trace says; the sentence says scene, word, verdict and what is odd."""

import dataclasses

import numpy as np
import pytest

from seqviz.plots.seeing.gaze import describe_gaze, gaze_patch
from seqviz.plots.seeing.own_scene import describe_own_scene, own_scene, own_scene_figure, own_scene_patch, verdict
from seqviz.traces.seeing.records import GazeTrace, OwnSceneTrace, SceneDrawing

CORNERS = (np.array([[1.0, 2], [3, 2], [2, 4], [1, 2]]), np.array([[5.0, 5], [7, 5], [7, 7], [5, 7], [5, 5]]))
GAZE = GazeTrace(
    picture=np.zeros((3, 8, 8)),
    words=("a", "red", "<eos>"),
    weights=np.array([[0.1, 0.2, 0.3, 0.4], [0.5, 0.25, 0.125, 0.125], [0.0, 0.0, 1.0, 0.0]]),
    named=np.array([[False] * 4, [True, True, False, False], [False] * 4]),
    fault=None,
)
TRACE = OwnSceneTrace(
    drawing=SceneDrawing(
        names=("red triangle", "blue square"),
        colours=("#ff0000", "#0000ff"),
        middles=np.array([[2.0, 3], [6, 6.5]]),
        outlines=CORNERS,
        size=8,
        oddity=None,
    ),
    gaze=GAZE,
    true="a red triangle left of a blue square",
)


def drawn(word):
    return {trace.uid: trace for trace in own_scene(TRACE, word).figure.data if trace.uid}


def test_things_and_what_a_hand_grabs_lie_where_the_drawing_says():
    traces = drawn(1)
    for number in (1, 2):
        thing, outline, middle = (traces[f"{name}-{number}"] for name in ("thing", "outline", "middle"))
        for shape in (thing, outline):
            np.testing.assert_array_equal(np.stack([shape.x, shape.y], 1), CORNERS[number - 1])
        np.testing.assert_array_equal([*middle.x, *middle.y], TRACE.drawing.middles[number - 1])
        assert thing.fillcolor == TRACE.drawing.colours[number - 1]
        assert outline.xaxis == "x2"
        assert middle.xaxis is None
    order = [*traces]
    assert order.index("thing-1") < order.index("thing-2") < order.index("middle-1")


def test_weights_and_frame_are_those_of_the_word():
    patch, alone = own_scene_patch(TRACE, 1), gaze_patch(GAZE, 1)
    for own, theirs in (("weights.z", "weights.z"), ("named.x", "named.x"), ("named.y", "named.y")):
        np.testing.assert_array_equal(patch[own], alone[theirs])
    assert np.isnan(own_scene_patch(TRACE, 2)["named.x"]).all()


def test_both_panels_are_upright_squares_of_the_pictures_size():
    layout = own_scene_figure(TRACE).layout
    for x, y in ((layout.xaxis, layout.yaxis), (layout.xaxis2, layout.yaxis2)):
        assert (x.range, y.range) == ((0, 8), (8, 0))


def test_what_is_true_is_said_and_nothing_more():
    assert verdict(TRACE) == "It is true."
    told = describe_own_scene(TRACE, 1)
    assert told == (
        f"Drawn are a red triangle (2 across, 3 down) and a blue square (6 across, 6.5 down). {describe_gaze(GAZE, 1)}"
    )


def test_a_fault_is_said_with_what_would_be_true():
    wrong = dataclasses.replace(TRACE, gaze=dataclasses.replace(GAZE, fault="relation"))
    assert verdict(wrong) == "It is not true: both things are there, but stand in another way."
    assert describe_own_scene(wrong, 0).endswith(
        "stand in another way. True would be “a red triangle left of a blue square”."
    )


@pytest.mark.parametrize(
    ("oddity", "said"), [("alike", "two things alike."), ("touch", "so close."), ("between", "clearly the larger.")]
)
def test_what_is_odd_is_said(oddity, said):
    odd = dataclasses.replace(TRACE, drawing=dataclasses.replace(TRACE.drawing, oddity=oddity))
    assert describe_own_scene(odd, 0).endswith(said)
