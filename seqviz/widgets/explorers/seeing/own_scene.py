"""Draw a scene of your own and read what a network writes about it."""

from collections.abc import Sequence

from seqviz.data.seeing.scenes import COLOURS, SHAPES, SIZE, Scene, Thing
from seqviz.models.seeing.captioner import ShowAttendAndTell
from seqviz.models.seeing.conv2d import ConvNet
from seqviz.plots.seeing import own_scene as plots
from seqviz.plots.seeing.gaze import gaze_levels
from seqviz.traces.seeing.own_scene import trace_own_scene
from seqviz.traces.seeing.records import OwnSceneTrace
from seqviz.widgets.controls import Choice, Control, Range
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.strip import Caption, Strip

LONGEST = 12  # words
RADIUS = 5.0  # of both things, in pixels: between the least and the greatest that are learned from
NAMES = tuple(f"{colour} {shape}" for colour in COLOURS for shape in SHAPES)
START = (Thing("red", "circle", 5, 5, RADIUS), Thing("blue", "square", 16, 27, RADIUS))
GRAB = {"middle-1": ("x1", "y1"), "middle-2": ("x2", "y2")}


def scene_controls(start: Scene, recorded: tuple[int, int]) -> list[Control]:
    """Return a list for the name of each of two things and sliders for its place, which never leaves the picture.

    where recorded is how many places across and down a page without a kernel has, for each thing.
    """
    least, most = int(RADIUS), int(SIZE - RADIUS)
    made: list[Control] = []
    for number, (order, thing) in enumerate(zip(("First", "Second"), start, strict=True), 1):
        made.append(Choice(f"name{number}", f"{order} thing", NAMES, thing.name, recorded=False))
        for axis, way, at, count in (("x", "across", thing.x, recorded[0]), ("y", "down", thing.y, recorded[1])):
            made.append(Range(f"{axis}{number}", f"{order}: {way}", least, most, 1, int(at), recorded=count))
    return made


def scene_of(name1: str, x1: float, y1: float, name2: str, x2: float, y2: float) -> Scene:
    """Return the scene that the controls say."""
    return thing_of(name1, x1, y1), thing_of(name2, x2, y2)


def thing_of(name: str, x: float, y: float) -> Thing:
    """Return a thing from its name and place."""
    colour, shape = name.split()
    return Thing(colour, shape, float(x), float(y), RADIUS)


def own_scene(
    net: ConvNet, scale: float, captioner: ShowAttendAndTell, start: Sequence[Thing] = START, word: int = 1
) -> Explorer[OwnSceneTrace]:
    """Drag two things about and choose what they are: the network captions them anew, and a parser judges it.

    where ``scale`` divides what the net sees, as it did in training, start is the scene to begin with, and word is the
    word of the caption, from 0.
    """

    def strip(trace: OwnSceneTrace) -> Strip:
        words = f"What it says of your scene. {plots.verdict(trace)} Lit: the weight on the thing that a word names"
        tokens = tuple("end" if word == "<eos>" else word for word in trace.gaze.words)
        return Strip(words, tokens, gaze_levels(trace.gaze), captions=[Caption(words, ("0", "1"))], flowing=True)

    return Explorer(
        "A scene of your own",
        lambda **drawn: trace_own_scene(net, scale, captioner, scene_of(**drawn), longest=LONGEST),
        View(
            figure=plots.own_scene_figure,
            patch=plots.own_scene_patch,
            describe=plots.describe_own_scene,
            selections=lambda trace: len(trace.gaze.words),
            structure=lambda trace: trace.drawing.names,
            grab=GRAB,
            strip=strip,
        ),
        scene_controls(tuple(start), recorded=(3, 3)),
        Range("word", "Word", 0, LONGEST - 1, 1, word, browser=True, offset=1, play="Word by word"),
    )
