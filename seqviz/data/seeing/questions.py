"""Questions about a scene of two things, with their answers, and the choices that a multiple-choice question offers.

Every question is drawn so that its answer is in the scene and follows from it alone. The kinds are those of Antol et
al. 2015, "VQA: visual question answering" (what, how many, is) for scenes of two shapes.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Generator

from seqviz.data.seeing.scenes import COLOURS, RELATIONS, SHAPES, Scene, Thing, relation
from seqviz.data.tokenizer import Tokenizer

NUMBERS, YES_NO = ("none", "one", "two"), ("yes", "no")
ANSWERS_OF = {"colour": COLOURS, "shape": SHAPES, "count": NUMBERS, "same": YES_NO, "relation": YES_NO}
QUESTION_KINDS = tuple(ANSWERS_OF)
ANSWERS = (*COLOURS, *SHAPES, *NUMBERS, *YES_NO)
_OPPOSITE = {"left of": "right of", "right of": "left of", "above": "below", "below": "above"}
_PLURALS = {f"{shape}s": shape for shape in SHAPES}
_FRAMES = "what colour is the what shape is the thing how many things are there are both of one is"

QUESTION_VOCABULARY = Tokenizer.of_words(
    [*_FRAMES.split(), *COLOURS, *SHAPES, *_PLURALS, *" ".join(RELATIONS).split()], special=True
)


class Question(NamedTuple):
    """The words, the right answer, which of `QUESTION_KINDS` it is, and the thing it asks about, if it is one."""

    text: str
    answer: str
    kind: str
    about: Thing | None


def question(scene: Scene, kind: str, generator: Generator) -> Question | None:
    """Draw a question of one kind, or return None where the scene has none of it.

    where a colour is asked only of a shape that only one thing has, and so on: what “the” stands for is never in doubt.

    Raises ValueError for an unknown kind.
    """
    if kind not in QUESTION_KINDS:
        raise ValueError(f"kind: expected one of {', '.join(QUESTION_KINDS)}, got {kind!r}")
    texts = _texts(scene, kind)
    if not texts:
        return None
    text, about = texts[int(torch.randint(len(texts), (), generator=generator))]
    return Question(text, answer(text, scene), kind, about)


def questions(drawn: Sequence[Scene], generator: Generator) -> list[Question]:
    """Draw a question about every scene, each kind as often as the others where the scene has one."""
    asked = []
    for scene in drawn:
        found = None
        while found is None:
            kind = QUESTION_KINDS[int(torch.randint(len(QUESTION_KINDS), (), generator=generator))]
            found = question(scene, kind, generator)
        asked.append(found)
    return asked


def every_question(scene: Scene) -> list[Question]:
    """Return every question that could be drawn of a scene, kind by kind."""
    return [
        Question(text, answer(text, scene), kind, about)
        for kind in QUESTION_KINDS
        for text, about in _texts(scene, kind)
    ]


def choices(asked: Question, generator: Generator, count: int = 4) -> list[str]:
    """Return the choices that go with a question, in any order: its answer, then others of its kind, then any others.

    Raises ValueError unless there are 2 to 12 of them.
    """
    if count not in range(2, len(ANSWERS) + 1):
        raise ValueError(f"count: expected 2 … {len(ANSWERS)}, got {count}")
    of_kind = [one for one in ANSWERS_OF[asked.kind] if one != asked.answer]
    others = [one for one in ANSWERS if one not in ANSWERS_OF[asked.kind]]
    chosen = [asked.answer, *_shuffled(of_kind, generator), *_shuffled(others, generator)][:count]
    return _shuffled(chosen, generator)


def _shuffled(items: list[str], generator: Generator) -> list[str]:
    return [items[place] for place in torch.randperm(len(items), generator=generator).tolist()]


def _texts(scene: Scene, kind: str) -> list[tuple[str, Thing | None]]:
    """Return every question of a kind that a drawn question may be; yes and no are equally many but for “same”."""
    shapes, colours = [thing.shape for thing in scene], [thing.colour for thing in scene]
    if kind == "colour":
        return [(f"what colour is the {one.shape}", one) for one in scene if shapes.count(one.shape) == 1]
    if kind == "shape":
        return [(f"what shape is the {one.colour} thing", one) for one in scene if colours.count(one.colour) == 1]
    if kind == "count":
        return [(f"how many {what} are there", None) for what in (*_PLURALS, *(f"{one} things" for one in COLOURS))]
    if kind == "same":
        return [(f"are both of one {what}", None) for what in ("colour", "shape")]
    return [
        (f"is the {first.shape} {asked} the {second.shape}", None)
        for first in scene
        for second in scene
        if shapes.count(first.shape) == 1 == shapes.count(second.shape) and first is not second
        for asked in (relation(first, second), _OPPOSITE[relation(first, second)])
    ]


def answer(text: str, scene: Scene) -> str:
    """Return the answer to a question of the grammar, from the facts of the scene.

    Raises ValueError for what is no such question, and where “the circle” is not one thing of the scene.
    """
    match text.split():
        case ["what", "colour", "is", "the", shape] if shape in SHAPES:
            return _only(shape, [thing for thing in scene if thing.shape == shape]).colour
        case ["what", "shape", "is", "the", colour, "thing"] if colour in COLOURS:
            return _only(f"{colour} thing", [thing for thing in scene if thing.colour == colour]).shape
        case ["how", "many", plural, "are", "there"] if plural in _PLURALS:
            return _number(sum(thing.shape == _PLURALS[plural] for thing in scene))
        case ["how", "many", colour, "things", "are", "there"] if colour in COLOURS:
            return _number(sum(thing.colour == colour for thing in scene))
        case ["are", "both", "of", "one", "colour" | "shape" as what]:
            return _yes_or_no(len({getattr(thing, what) for thing in scene}) == 1)
        case ["is", "the", first, *asked, "the", second] if (
            first in SHAPES and second in SHAPES and " ".join(asked) in RELATIONS
        ):
            things = [_only(shape, [thing for thing in scene if thing.shape == shape]) for shape in (first, second)]
            return _yes_or_no(things[0] is not things[1] and relation(*things) == " ".join(asked))
    raise ValueError(
        "expected a question such as “what colour is the circle”, “what shape is the red thing”, “how many squares are"
        f" there”, “are both of one shape” or “is the circle left of the square”, got “{text}”"
    )


def _only(name: str, found: list[Thing]) -> Thing:
    if len(found) != 1:
        raise ValueError(f"expected one {name} in the scene, since the question says “the”, got {len(found)}")
    return found[0]


def _number(count: int) -> str:
    if count >= len(NUMBERS):
        raise ValueError(f"expected at most {len(NUMBERS) - 1} of a kind, got {count}")
    return NUMBERS[count]


def _yes_or_no(holds: bool) -> str:
    return YES_NO[not holds]
