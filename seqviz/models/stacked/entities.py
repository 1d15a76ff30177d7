r"""Names in a tagged sentence, and how well they were found: whole names count, not words.

A tag is O, or B- or I- and a kind: the first word of a name is B, the others I (the IOB2 scheme).

Source: Tjong Kim Sang & De Meulder 2003, "Introduction to the CoNLL-2003 shared task", section 2.3: "precision is the
percentage of named entities found by the learning system that are correct", recall that of the entities present that
are found, and a name is correct only if it is an exact match.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Entity(NamedTuple):
    """A name: its kind, and the steps it stands on, from start up to, not including, stop."""

    kind: str
    start: int
    stop: int


class Scores(NamedTuple):
    """Precision, recall and their harmonic mean; 0 where there is nothing to divide by."""

    precision: float
    recall: float
    f1: float


def entities(tags: Sequence[str]) -> list[Entity]:
    """Return the names of a sentence in their order.

    An I that does not go on with a name of its own kind begins one, as in the shared task's own script.

    Raises ValueError for a tag that is not O, B-… or I-….
    """
    found: list[Entity] = []
    for step, tag in enumerate(tags):
        mark, _, kind = tag.partition("-")
        if mark not in ("O", "B", "I") or (mark == "O") != (kind == ""):
            raise ValueError(f"expected O, B-… or I-…, got {tag!r}")
        goes_on = mark == "I" and found and found[-1].kind == kind and found[-1].stop == step
        if goes_on:
            found[-1] = found[-1]._replace(stop=step + 1)
        elif mark != "O":
            found.append(Entity(kind, step, step + 1))
    return found


def entity_scores(pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> Scores:
    r"""Score sentences, each given as its right and its predicted tags.

    $$P = \frac{\text{right}}{\text{found}} \qquad R = \frac{\text{right}}{\text{there}} \qquad
    F_1 = \frac{2 P R}{P + R}$$

    where a name is right if kind, start and stop are.

    Raises ValueError when two lists of tags differ in length.
    """
    right = found = there = 0
    for expected, predicted in pairs:
        if len(expected) != len(predicted):
            raise ValueError(f"expected as many tags as words, {len(expected)}, got {len(predicted)}")
        truth, guess = set(entities(expected)), set(entities(predicted))
        right, found, there = right + len(truth & guess), found + len(guess), there + len(truth)
    precision, recall = right / max(found, 1), right / max(there, 1)
    return Scores(precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0)
