"""What can be said of a scene, and whether it is true.

A caption names one thing, or two and how the first stands to the second: “a red circle left of a blue square”. A true
caption is one that the scene bears out; many are true of one scene. `caption` returns the one that a fixed rule picks,
`faults` says what is wrong with any other.
"""

from typing import NamedTuple

from seqviz.data.seeing.scenes import COLOURS, RELATIONS, SHAPES, Scene, Thing, relation
from seqviz.data.tokenizer import Tokenizer

CAPTION_VOCABULARY = Tokenizer.of_words(
    ("a", *COLOURS, *SHAPES, *dict.fromkeys(" ".join(RELATIONS).split())), special=True
)
# how a caption can fail, in the order in which it is looked for
FAULTS = ("grammar", "thing", "pairing", "twice", "relation")


class Said(NamedTuple):
    """What a caption says: the names of its things, colour and shape, and how the first stands to the second."""

    names: tuple[tuple[str, str], ...]
    relation: str | None


def caption(scene: Scene) -> str:
    """Return the caption of a scene of two that begins with the left one of its things or, above each other, the upper.

    Raises ValueError for a scene of any other number.
    """
    if len(scene) != 2:
        raise ValueError(f"expected a scene of 2 things, got {len(scene)}")
    first, second = scene if relation(*scene) in ("left of", "above") else reversed(scene)
    return f"a {first.name} {relation(first, second)} a {second.name}"


def parse(text: str) -> Said | None:
    """Return what a caption says, or None if it is no sentence of the grammar."""
    words = text.split()
    first, between, second = words[:3], words[3:-3], words[-3:]
    if not _names(first):
        return None
    if len(words) == 3:
        return Said(((first[1], first[2]),), None)
    if " ".join(between) not in RELATIONS or not _names(second):
        return None
    return Said(((first[1], first[2]), (second[1], second[2])), " ".join(between))


def _names(words: list[str]) -> bool:
    return len(words) == 3 and words[0] == "a" and words[1] in COLOURS and words[2] in SHAPES


def caption_is_true(text: str, scene: Scene) -> bool:
    """Say whether there are things in the scene of which the caption holds; what is no sentence is not true.

    where two names stand for two things, never for one twice.
    """
    said = parse(text)
    if said is None:
        return False
    if said.relation is None:
        return any(_is(thing, said.names[0]) for thing in scene)
    return any(
        _is(first, said.names[0]) and _is(second, said.names[1]) and relation(first, second) == said.relation
        for first in scene
        for second in scene
        if first is not second
    )


def fault(text: str, scene: Scene) -> str | None:
    """Return the first of `FAULTS` that a caption has, or None for a true one.

    - grammar: it is no sentence;
    - thing: a colour or a shape that it names is nowhere in the scene;
    - pairing: the colour of one thing goes with the shape of another;
    - twice: it names one thing twice;
    - relation: both things are there, and stand in another way.
    """
    if caption_is_true(text, scene):
        return None
    said = parse(text)
    if said is None:
        return "grammar"
    colours, shapes = {thing.colour for thing in scene}, {thing.shape for thing in scene}
    if any(colour not in colours or shape not in shapes for colour, shape in said.names):
        return "thing"
    if not all(any(_is(thing, name) for thing in scene) for name in said.names):
        return "pairing"
    matching = [thing for thing in scene if any(_is(thing, name) for name in said.names)]
    return "twice" if len(matching) < len(said.names) else "relation"


def _is(thing: Thing, name: tuple[str, str]) -> bool:
    return (thing.colour, thing.shape) == name
