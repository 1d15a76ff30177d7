"""Let a captioner write of a scene that somebody drew."""

import numpy as np

from seqviz.data.seeing.captions import caption
from seqviz.data.seeing.scenes import SIZE, Scene, hex_colour, oddity, outline
from seqviz.models.seeing.captioner import ShowAttendAndTell
from seqviz.models.seeing.conv2d import ConvNet
from seqviz.traces.seeing.gaze import trace_gaze
from seqviz.traces.seeing.records import OwnSceneTrace, SceneDrawing


def drawing_of(scene: Scene) -> SceneDrawing:
    """Return how a scene of two things is drawn. Raises ValueError for a scene of any other number."""
    return SceneDrawing(
        names=tuple(thing.name for thing in scene),
        colours=tuple(hex_colour(thing.colour) for thing in scene),
        middles=np.array([[thing.x, thing.y] for thing in scene], dtype=np.float32),
        outlines=tuple(outline(thing).numpy() for thing in scene),
        size=SIZE,
        oddity=oddity(scene),
    )


def trace_own_scene(
    net: ConvNet, scale: float, captioner: ShowAttendAndTell, scene: Scene, *, longest: int = 12
) -> OwnSceneTrace:
    """Record what the network writes about a scene of two things, drawn without noise, and whether it is true.

    where ``scale`` divides what the net sees, as it did when the captioner was trained.

    Raises ValueError for a scene of any other number.
    """
    drawing = drawing_of(scene)
    return OwnSceneTrace(drawing, trace_gaze(net, scale, captioner, scene, longest=longest), caption(scene))
