"""Scenes of coloured shapes on a light ground, drawn from their facts.

In a scene of two, what stands where is never in doubt: the things do not touch, no two have both colour and shape in
common, and one distance, across or down, is clearly larger than the other. The idea is that of Johnson et al. 2017,
"CLEVR: a diagnostic dataset for compositional language and elementary visual reasoning", in two dimensions.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Generator, Tensor

SHAPES = ("circle", "square", "triangle")
COLOURS = ("red", "green", "blue", "yellow")
RELATIONS = ("left of", "right of", "above", "below")
SIZE = 32  # rows and columns of a picture
CROP = 12  # of a picture of one thing
RADII = (4.0, 6.0)
_CLEAR = 3.0  # by how much one distance is larger than the other, in pixels
_RGB = torch.tensor([[0.85, 0.15, 0.15], [0.15, 0.65, 0.2], [0.15, 0.25, 0.85], [0.95, 0.8, 0.1]])
_GROUND, _NOISE = (0.75, 1.0), 0.05
_STILL = 0.9  # the ground without a generator


class Thing(NamedTuple):
    """One shape: its colour, and where its middle is, in pixels from the left and from the top."""

    colour: str
    shape: str
    x: float
    y: float
    radius: float

    @property
    def name(self) -> str:
        """Its colour and its shape, such as “red circle”."""
        return f"{self.colour} {self.shape}"


Scene = tuple[Thing, ...]


def relation(first: Thing, second: Thing) -> str:
    """Return where the first thing stands, seen from the second: one of `RELATIONS`, by the larger of both distances.

    Where both are equal, the one across counts.
    """
    across, down = first.x - second.x, first.y - second.y
    if abs(across) >= abs(down):
        return "left of" if across < 0 else "right of"
    return "above" if down < 0 else "below"


def scenes(count: int, generator: Generator) -> list[Scene]:
    """Draw scenes of two things. Raises ValueError for a count below 1."""
    if count < 1:
        raise ValueError(f"count: expected at least 1, got {count}")
    found: list[Scene] = []
    while len(found) < count:  # two draws in five are scenes
        found += _drawn(3 * count, generator)
    return found[:count]


def _drawn(count: int, generator: Generator) -> list[Scene]:
    kinds = torch.rand(count, len(SHAPES) * len(COLOURS), generator=generator).argsort(1)[:, :2]  # two of the twelve
    radii = _between(RADII, torch.rand(count, 2, generator=generator))
    places = radii[..., None] + (SIZE - 2 * radii[..., None]) * torch.rand(count, 2, 2, generator=generator)
    apart = (places[:, 0] - places[:, 1]).abs()
    clear = (apart[:, 0] - apart[:, 1]).abs() >= _CLEAR
    separate = apart.amax(1) >= radii.sum(1) + 1
    rows = (clear & separate).nonzero()[:, 0]
    drawn = torch.cat([kinds[rows, :, None].float(), places[rows], radii[rows, :, None]], -1)
    return [tuple(_thing(*thing) for thing in scene) for scene in drawn.tolist()]


def oddity(scene: Scene) -> str | None:
    """Return what sets a scene of two apart from all that `scenes` draws, or None where nothing does.

    - alike: both things have one colour and one shape;
    - touch: nothing lies between them;
    - between: neither distance, across or down, is clearly the larger, so that their relation is in doubt.

    Raises ValueError for a scene of any other number.
    """
    if len(scene) != 2:
        raise ValueError(f"expected a scene of 2 things, got {len(scene)}")
    first, second = scene
    across, down = abs(first.x - second.x), abs(first.y - second.y)
    if first.name == second.name:
        return "alike"
    if max(across, down) < first.radius + second.radius + 1:
        return "touch"
    return "between" if abs(across - down) < _CLEAR else None


def single_things(count: int, generator: Generator) -> list[Scene]:
    """Draw scenes of one thing near the middle of a picture of `CROP` rows and columns.

    Raises ValueError for a count below 1.
    """
    if count < 1:
        raise ValueError(f"count: expected at least 1, got {count}")
    kinds = torch.randint(len(SHAPES) * len(COLOURS), (count, 1), generator=generator).float()
    places = _between((CROP / 3, CROP * 2 / 3), torch.rand(count, 2, generator=generator))
    radii = _between(RADII, torch.rand(count, 1, generator=generator))
    return [(_thing(*thing),) for thing in torch.cat([kinds, places, radii], 1).tolist()]


def _between(ends: tuple[float, float], share: Tensor) -> Tensor:
    return ends[0] + (ends[1] - ends[0]) * share


def _thing(kind: float, x: float, y: float, radius: float) -> Thing:
    colour, shape = divmod(int(kind), len(SHAPES))
    return Thing(COLOURS[colour], SHAPES[shape], x, y, radius)


def pictures(
    drawn: Sequence[Scene], generator: Generator | None = None, size: int = SIZE
) -> Float[Tensor, "batch 3 row column"]:
    """Draw scenes, red, green and blue from 0 to 1; what comes later in a scene covers what came before.

    With a generator the ground of every picture has a light grey of its own, and every pixel a little noise.

    Raises ValueError without scenes, and for a colour or shape that does not exist.
    """
    if not drawn:
        raise ValueError("expected at least one scene, got none")
    for thing in (thing for scene in drawn for thing in scene):
        if thing.colour not in COLOURS or thing.shape not in SHAPES:
            raise ValueError(f"expected one of {', '.join(COLOURS)} and of {', '.join(SHAPES)}, got {thing.name}")
    ground = torch.full((len(drawn), 1, 1, 1), _STILL)
    if generator is not None:
        ground = _between(_GROUND, torch.rand(ground.shape, generator=generator))
    image = ground.repeat(1, 3, size, size)
    for place in range(max(map(len, drawn))):  # the first thing of every scene, then the second
        rows = torch.tensor([row for row, scene in enumerate(drawn) if len(scene) > place])
        things = [scene[place] for scene in drawn if len(scene) > place]
        paint = _RGB[[COLOURS.index(thing.colour) for thing in things], :, None, None]
        image[rows] = torch.where(covered(things, size)[:, None], paint, image[rows])
    if generator is not None:
        image = image + _NOISE * torch.randn(image.shape, generator=generator)
    return image.clamp(0, 1)


def covered(things: Sequence[Thing], size: int = SIZE) -> Bool[Tensor, "thing row column"]:
    """Return which pixels each thing covers: those whose middle lies in it."""
    middles = torch.arange(size) + 0.5
    x, y, radius = torch.tensor([[thing.x, thing.y, thing.radius] for thing in things]).T[..., None, None]
    across, down = middles - x, middles[:, None] - y
    inside = {
        "circle": across**2 + down**2 <= radius**2,
        "square": torch.maximum(across.abs(), down.abs()) <= 0.85 * radius,
        "triangle": (down.abs() <= 0.85 * radius) & (across.abs() <= 0.55 * (down + 0.85 * radius)),
    }
    return torch.stack([inside[thing.shape][row] for row, thing in enumerate(things)])


def cells_of(things: Sequence[Thing], cells: int, size: int = SIZE) -> Bool[Tensor, "thing cell"]:
    """Return which cells of a grid laid over the picture, row after row, a thing's bounding square touches."""
    starts = torch.arange(cells) * size / cells
    ends = starts + size / cells
    x, y, radius = torch.tensor([[thing.x, thing.y, thing.radius] for thing in things]).T[..., None]
    columns, rows = ((starts < middle + radius) & (ends > middle - radius) for middle in (x, y))
    return (rows[:, :, None] & columns[:, None, :]).flatten(1)


def outline(thing: Thing, corners: int = 24) -> Float[Tensor, "corner 2"]:
    """Return the corners of what a thing covers, x and y in pixels, the first once more at the end.

    where a circle has so many corners: `covered` draws the same shapes in pixels.
    """
    if thing.shape == "circle":
        angle = torch.arange(corners) * 2 * math.pi / corners
        around = torch.stack([angle.cos(), angle.sin()], -1)
    elif thing.shape == "square":
        around = 0.85 * torch.tensor([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    else:
        around = torch.tensor([[0.0, -0.85], [0.935, 0.85], [-0.935, 0.85]])  # 0.935 = 0.55 (0.85 + 0.85)
    return torch.tensor([thing.x, thing.y]) + thing.radius * torch.cat([around, around[:1]])


def hex_colour(colour: str) -> str:
    """Return a colour of things, such as “red”, as pages and plots write it. Raises ValueError for an unknown one."""
    return "#" + "".join(f"{round(255 * part):02x}" for part in _RGB[COLOURS.index(colour)].tolist())
