"""Point at a word of a caption and see where the network looked when it wrote it."""

from collections.abc import Mapping

from torch import Tensor

from seqviz.data.seeing.scenes import Scene
from seqviz.models.seeing.captioner import ShowAttendAndTell
from seqviz.models.seeing.conv2d import ConvNet
from seqviz.plots.seeing import gaze as plots
from seqviz.traces.seeing.gaze import trace_gaze
from seqviz.traces.seeing.records import GazeTrace
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.strip import Caption, Strip

LONGEST = 12  # words


def gaze(
    net: ConvNet,
    scale: float,
    captioner: ShowAttendAndTell,
    scenes: Mapping[str, tuple[Scene, Tensor]],
    word: int = 1,
) -> Explorer[GazeTrace]:
    """Point at a word of a caption: the picture is lit where the network looked for it.

    where ``scale`` divides what the net sees, as it did in training, and scenes are facts and pictures to choose from.
    """

    def source(scene: str) -> GazeTrace:
        return trace_gaze(net, scale, captioner, *scenes[scene], longest=LONGEST)

    def strip(trace: GazeTrace) -> Strip:
        words = "Point at a word to see where the network looked. Lit: the weight on the thing that the word names"
        tokens = tuple("end" if word == "<eos>" else word for word in trace.words)
        return Strip(words, tokens, plots.gaze_levels(trace), captions=[Caption(words, ("0", "1"))], flowing=True)

    first = next(iter(scenes))
    return Explorer(
        "Where it looked",
        source,
        View(
            figure=plots.gaze_figure,
            patch=plots.gaze_patch,
            describe=plots.describe_gaze,
            selections=lambda trace: len(trace.words),
            structure=lambda trace: trace.picture.tobytes(),
            strip=strip,
        ),
        [Choice("scene", "Scene", list(scenes), first)],
        Range("word", "Word", 0, LONGEST - 1, 1, word, browser=True, offset=1, play="Word by word"),
    )
