"""Digits as a pen draws them: strokes, drawn by code with the variety of many hands.

Each digit has a few shapes (a seven with or without its bar, a four in one stroke or two). A *hand* then slants,
stretches, turns and trembles. Nothing of it was measured from people. As input for a network the strokes become
either a picture, read row by row, or the steps of the pen, as in Graves et al. 2008, "Unconstrained online
handwriting recognition with recurrent neural networks".
"""

import itertools
from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor

Point = tuple[float, float]  # from 0 to 1; x to the right, y down
Strokes = Sequence[Sequence[Point]]  # the pen is lifted between two

SIZE = 16  # rows and columns of a picture
SPACING = 0.09  # how far the pen moves in one step, in heights of the digit

# Points along the pen's way, smoothly joined; after | the way turns a corner, after / the pen was lifted.
_SHAPES: tuple[tuple[str, ...], ...] = (
    (
        ".5,0 .15,.2 .05,.5 .15,.85 .45,1 .8,.85 .9,.5 .8,.15 .5,0",
        ".6,.02 .85,.2 .92,.5 .8,.88 .45,1 .12,.82 .05,.5 .2,.12 .55,0",
        ".75,.08 .4,.02 .1,.3 .1,.7 .4,1 .8,.8 .9,.4 .7,.1 .5,.1",
    ),
    (".5,0 .5,1", ".2,.25 .5,0 | .5,1", ".2,.25 .5,0 | .5,1 / .2,1 .8,1", ".55,0 .5,.5 .45,1"),
    (
        ".1,.22 .3,.02 .7,.02 .85,.25 .65,.55 .1,1 | .9,1",
        ".1,.2 .45,0 .8,.2 .6,.6 .25,.92 .1,.9 .2,.8 .5,.95 .9,.98",
        ".12,.15 .5,0 .85,.2 .7,.5 .1,1 | .5,.95 .9,1",
    ),
    (
        ".1,.12 .45,0 .8,.15 .7,.4 .4,.48 | .8,.6 .85,.85 .5,1 .08,.9",
        ".1,.02 .8,.02 | .45,.4 | .85,.6 .8,.9 .45,1 .1,.9",
        ".15,.15 .5,0 .82,.2 .6,.45 .45,.48 .75,.55 .88,.78 .55,1 .1,.88",
    ),
    (
        ".6,0 .05,.65 | .95,.65 / .7,.4 .7,1",
        ".2,0 .15,.5 | .85,.5 / .8,0 .8,1",
        ".75,1 .75,0 | .05,.68 | .95,.68",
        ".15,.05 .15,.4 .4,.52 .8,.45 / .8,0 .75,.5 .7,1",
    ),
    (
        ".85,0 .2,0 | .15,.45 | .55,.38 .88,.65 .65,.95 .1,.95",
        ".2,.02 .15,.45 | .5,.38 .88,.6 .75,.93 .35,1 .05,.88 / .2,.02 .85,.02",
        ".85,.02 .25,.05 | .15,.4 .5,.4 .85,.55 .8,.88 .4,1 .1,.9",
    ),
    (
        ".7,0 .3,.25 .1,.65 .3,.98 .7,.95 .85,.7 .6,.5 .15,.65",
        ".6,0 .2,.4 .1,.75 .4,1 .8,.85 .75,.6 .45,.52 .15,.72",
        ".85,.08 .5,.02 .15,.4 .12,.8 .5,1 .85,.78 .6,.55 .2,.65",
    ),
    (
        ".1,.02 .9,.02 | .55,.5 .4,1",
        ".1,.02 .88,.02 | .5,.5 .35,1 / .25,.5 .75,.5",
        ".08,.15 .1,0 | .9,.02 | .4,1",
    ),
    (
        ".8,.15 .45,0 .15,.2 .45,.47 .85,.75 .5,1 .12,.78 .5,.47 .8,.25 .75,.1",
        ".5,.48 .15,.25 .5,0 .85,.22 .5,.48 .1,.75 .5,1 .9,.75 .5,.48",
        ".5,0 .15,.22 .5,.47 .85,.22 .5,0 / .5,.47 .1,.75 .5,1 .9,.75 .5,.47",
        ".75,.08 .4,.02 .2,.25 .75,.65 .8,.9 .4,1 .15,.8 .4,.52 .85,.2",
    ),
    (
        ".85,.2 .5,0 .15,.2 .3,.48 .7,.45 .85,.2 | .82,.6 .75,1",
        ".85,.25 .55,0 .15,.22 .4,.5 .8,.3 .85,.15 .85,.5 .6,.95 .2,.95",
        ".8,.1 .4,.02 .15,.3 .45,.5 .8,.3 .8,.05 | .78,1",
    ),
)


class PenSteps(NamedTuple):
    """A batch of drawings as the pen's steps: how far it moved, and whether it was lifted on the way."""

    x: Float[Tensor, "batch time 3"]  # Δx, Δy, in steps of `SPACING`, and 1 where the pen was up
    lengths: Int[Tensor, " batch"]


def digit_shapes(digit: int) -> int:
    """Return how many shapes there are of a digit. Raises ValueError for anything but 0 … 9."""
    if digit not in range(10):
        raise ValueError(f"digit: expected 0 … 9, got {digit}")
    return len(_SHAPES[digit])


def digit_strokes(digit: int, shape: int = 0) -> list[list[Point]]:
    """Return the strokes of one shape of a digit, before any hand. Raises ValueError for an unknown digit or shape."""
    if shape not in range(digit_shapes(digit)):
        raise ValueError(f"shape: expected 0 … {digit_shapes(digit) - 1} of the digit {digit}, got {shape}")
    return _by_hands(digit, shape, 1, None)[0]


def pen_digits(count: int, generator: Generator) -> tuple[list[list[list[Point]]], Int[Tensor, " batch"]]:
    """Draw digits, each in one of its shapes and by a hand of its own; return their strokes and which they are.

    A hand slants, stretches, turns and shakes the points before they are joined.
    """
    digits = torch.randint(10, (count,), generator=generator)
    drawn: list[list[list[Point]]] = [[] for _ in range(count)]
    for digit in range(10):
        rows = (digits == digit).nonzero()[:, 0]
        shapes = torch.randint(digit_shapes(digit), (len(rows),), generator=generator)
        for shape in range(digit_shapes(digit)):
            places = rows[shapes == shape].tolist()
            for place, strokes in zip(places, _by_hands(digit, shape, len(places), generator), strict=True):
                drawn[place] = strokes
    return drawn, digits


def _by_hands(digit: int, shape: int, count: int, generator: Generator | None) -> list[list[list[Point]]]:
    """Draw one shape, each time by another hand; without a generator as it is."""
    identity, still = torch.eye(2).expand(count, -1, -1), torch.zeros(count, 1, 1)
    linear, shake = (identity, still) if generator is None else _hands(count, generator)
    strokes = []
    for stroke in _SHAPES[digit][shape].split("/"):
        curves = [[_point(pair) for pair in curve.split()] for curve in stroke.split("|")]
        points = torch.tensor([*itertools.chain(*curves)]).expand(count, -1, -1)
        if generator is not None:
            points = points + shake * torch.randn(points.shape, generator=generator)
        pieces = ((points - 0.5) @ linear.mT + 0.5).split([len(curve) for curve in curves], dim=1)
        starts = [pieces[0][:, :0], *(piece[:, -1:] for piece in pieces[:-1])]  # where the last curve ended
        joined = [smooth(torch.cat(pair, dim=1)) for pair in zip(starts, pieces, strict=True)]
        strokes.append([[(x, y) for x, y in one] for one in torch.cat(joined, dim=1).tolist()])
    return [list(drawing) for drawing in zip(*strokes, strict=True)]


def _hands(count: int, generator: Generator) -> tuple[Float[Tensor, "batch 2 2"], Float[Tensor, "batch 1 1"]]:
    """Return, for each hand, the matrix that slants, stretches and turns, and how much it shakes."""
    slant, stretch, turn, shake = torch.randn(4, count, generator=generator)
    slant, stretch, turn = 0.22 * slant, (0.22 * stretch).exp(), 0.12 * turn
    zero, one = torch.zeros(count), torch.ones(count)
    rotation = torch.stack([turn.cos(), -turn.sin(), turn.sin(), turn.cos()], 1).view(-1, 2, 2)
    slanted = torch.stack([stretch, -slant, zero, one], 1).view(-1, 2, 2)
    return rotation @ slanted, (0.035 * (0.3 * shake).exp())[:, None, None]


def _point(pair: str) -> Point:
    x, y = pair.split(",")
    return 0.2 + 0.6 * float(x), float(y)  # digits are narrower than high


def smooth(points: Float[Tensor, "*axes point 2"], pieces: int = 4) -> Float[Tensor, "*axes finer 2"]:
    """Join points by a curve through all of them (Catmull & Rom 1974), with so many pieces between two."""
    first, last = points[..., :1, :], points[..., -1:, :]
    padded = torch.cat([first, points, last], dim=-2)[..., None, :]
    count = points.shape[-2] - 1
    before, start, end, after = (padded[..., i : count + i, :, :] for i in range(4))
    s = (torch.arange(pieces) / pieces)[:, None]
    curve = start + 0.5 * (
        (end - before) * s
        + (2 * before - 5 * start + 4 * end - after) * s**2
        + (3 * start - before - 3 * end + after) * s**3
    )
    return torch.cat([curve.flatten(-3, -2), last], dim=-2)


def upright(strokes: Strokes) -> list[Float[Tensor, "_ 2"]]:
    """Move and scale a drawing into the square from 0 to 1: its larger side has length 1, its middle lies at 0.5.

    Raises ValueError for a drawing without a line.
    """
    drawn = [torch.tensor(stroke, dtype=torch.float32).reshape(-1, 2) for stroke in strokes if len(stroke)]
    points = torch.cat([*drawn, torch.empty(0, 2)])
    side = float((points.amax(0) - points.amin(0)).max()) if len(points) else 0.0
    if side == 0.0:
        raise ValueError("expected a drawing with at least one line: press and move the pen")
    middle = (points.amax(0) + points.amin(0)) / 2
    return [(stroke - middle) / side + 0.5 for stroke in drawn]


def pen_pictures(drawings: Sequence[Strokes], size: int = SIZE) -> Float[Tensor, "batch row column"]:
    """Return every drawing as a picture: 1 where the pen went, down to 0 a pixel away. The digit is 3/4 of its height.

    Raises ValueError for a drawing without a line.
    """
    lines = [_lines(upright(strokes)) for strokes in drawings]
    starts = torch.nn.utils.rnn.pad_sequence([line[:, 0] for line in lines], batch_first=True, padding_value=-9.0)
    ends = torch.nn.utils.rnn.pad_sequence([line[:, 1] for line in lines], batch_first=True, padding_value=-9.0)
    starts, ends = (size * (0.125 + 0.75 * points) for points in (starts, ends))
    grid = torch.arange(size) + 0.5
    y, x = torch.meshgrid(grid, grid, indexing="ij")
    pixels = torch.stack([x, y], -1).reshape(-1, 1, 2)
    drawn = [_darkness(pixels, *one) for one in zip(starts.split(64), ends.split(64), strict=True)]
    return torch.cat(drawn).reshape(-1, size, size)


def _lines(strokes: Sequence[Float[Tensor, "_ 2"]]) -> Float[Tensor, "line 2 2"]:
    """Return the start and the end of every straight piece; a stroke of one point is a line without length."""
    pairs = [(one[:-1], one[1:]) if len(one) > 1 else (one, one) for one in strokes]
    return torch.cat([torch.stack(pair, 1) for pair in pairs])


def _darkness(pixels: Tensor, starts: Tensor, ends: Tensor) -> Float[Tensor, "batch pixel"]:
    way = (ends - starts)[:, None]
    from_start = pixels - starts[:, None]
    along = ((from_start * way).sum(-1) / way.square().sum(-1).clamp(min=1e-9)).clamp(0, 1)
    distance = (from_start - along[..., None] * way).norm(dim=-1).amin(-1)
    return (1.5 - distance).clamp(0, 1)


def pen_steps(drawings: Sequence[Strokes], spacing: float = SPACING) -> PenSteps:
    """Return every drawing as the steps of the pen: walked along in equal steps, however fast it was drawn.

    Between two strokes the pen is lifted: one long step. Raises ValueError for a drawing without a line.
    """
    rows = [_steps(upright(strokes), spacing) for strokes in drawings]
    return PenSteps(torch.nn.utils.rnn.pad_sequence(rows, batch_first=True), torch.tensor([len(row) for row in rows]))


def pen_points(strokes: Strokes, spacing: float = SPACING) -> Float[Tensor, "step 2"]:
    """Return where the pen is after each of its steps, and before the first one, in the square from 0 to 1."""
    drawn = upright(strokes)
    moved = _steps(drawn, spacing)[:, :2] * spacing
    return torch.cat([drawn[0][:1], drawn[0][:1] + moved.cumsum(0)])


def _steps(strokes: Sequence[Float[Tensor, "_ 2"]], spacing: float) -> Float[Tensor, "time 3"]:
    steps, at = [], None
    for stroke in strokes:
        points = _evenly(stroke, spacing)
        if at is not None:
            steps.append(torch.cat([(points[:1] - at) / spacing, torch.ones(1, 1)], 1))
        moved = points.diff(dim=0) / spacing
        steps.append(torch.cat([moved, torch.zeros(len(moved), 1)], 1))
        at = points[-1:]
    return torch.cat(steps)


def _evenly(stroke: Float[Tensor, "point 2"], spacing: float) -> Float[Tensor, "step 2"]:
    """Return points along a stroke at equal distances of about the spacing, the first and the last included."""
    if len(stroke) == 1:
        return stroke
    way = torch.cat([torch.zeros(1), stroke.diff(dim=0).norm(dim=-1).cumsum(0)])
    pieces = max(1, round(float(way[-1]) / spacing))
    wanted = torch.linspace(0, float(way[-1]), pieces + 1)
    after = torch.searchsorted(way, wanted).clamp(1, len(way) - 1)
    share = ((wanted - way[after - 1]) / (way[after] - way[after - 1]).clamp(min=1e-9))[:, None].clamp(0, 1)
    return stroke[after - 1] + share * (stroke[after] - stroke[after - 1])
