"""Let a captioner write of a scene, and keep where it looked."""

import itertools
import math

import torch

from seqviz.data.seeing.captions import CAPTION_VOCABULARY, fault
from seqviz.data.seeing.scenes import SIZE, Scene, cells_of, pictures
from seqviz.data.tokenizer import BOS, EOS
from seqviz.models.seeing.captioner import ShowAttendAndTell, with_places
from seqviz.models.seeing.conv2d import ConvNet
from seqviz.traces.seeing.records import GazeTrace


@torch.no_grad()
def annotate(net: ConvNet, scale: float, drawn: torch.Tensor) -> torch.Tensor:
    """Return what each cell of every picture sees, over the scale it was learned in, and where the cell is."""
    cells = net(drawn) / scale
    return with_places(cells, math.isqrt(cells.shape[1]))


@torch.no_grad()
def trace_gaze(
    net: ConvNet,
    scale: float,
    captioner: ShowAttendAndTell,
    scene: Scene,
    picture: torch.Tensor | None = None,
    *,
    longest: int = 12,
) -> GazeTrace:
    """Record the caption that the network writes by itself, the likeliest word at every step, and where it looked.

    where ``scale`` divides what the net sees, as it did when the captioner was trained. A word names a thing where it
    is the colour or the shape of one that the scene has and the caption says so: “red” and “circle” of “a red circle”.
    Without a picture the scene is drawn without noise.
    """
    shown = pictures([scene]) if picture is None else picture[None]
    tokens, looked = captioner.write(annotate(net, scale, shown), BOS, longest)
    row = tokens[0].tolist()
    length = row.index(EOS) + 1 if EOS in row else len(row)
    words = CAPTION_VOCABULARY.tokens_of(tokens[0, :length])
    weights = looked[0, :length]  # type: ignore[index] this captioner looks
    return GazeTrace(
        picture=shown[0].numpy(),
        words=words,
        weights=weights.numpy(),
        named=_named(words, scene, math.isqrt(weights.shape[1])).numpy(),
        fault=fault(" ".join(word for word in words if word != "<eos>"), scene),
    )


def _named(words: tuple[str, ...], scene: Scene, cells: int) -> torch.Tensor:
    named = torch.zeros(len(words), cells * cells, dtype=torch.bool)
    for place, name in enumerate(itertools.pairwise(words)):
        things = [thing for thing in scene if thing.name == " ".join(name)]
        if things:
            named[place : place + 2] = cells_of(things, cells, SIZE).any(0)
    return named
