"""Sentences in which only the last word says which noun *it* stands for.

"the animal didn't cross the street because it was too tired": streets are not tired. Two nouns of different classes,
and an adjective that can be said of one class alone. There are six classes: with two, a network need not look at the
noun, since the adjective leaves one class only and "not that one" is enough.

The sentence follows Levesque, Davis & Morgenstern 2012, "The Winograd schema challenge", in the form that Uszkoreit
2017, "Transformer: a novel neural network architecture for language understanding", made known.
"""

from itertools import chain
from typing import NamedTuple

import torch
from jaxtyping import Int
from torch import Generator, Tensor

from seqviz.data.tokenizer import Tokenizer

_CLASSES = (
    ("animal dog horse cow mouse goat", "tired hungry scared sleepy"),
    ("street road river bridge path canal", "wide long steep flooded"),
    ("box bag table cup lamp chair", "broken expensive fragile shiny"),
    ("soup bread cake apple cheese pie", "salty stale sweet burnt"),
    ("song story film poem joke speech", "boring loud famous sad"),
    ("room house hotel office shop cellar", "dark empty crowded dusty"),
)
NOUNS = tuple(tuple(nouns.split()) for nouns, _ in _CLASSES)  # by class
ADJECTIVES = tuple(tuple(adjectives.split()) for _, adjectives in _CLASSES)
VERBS, DEGREES = ("cross", "like", "see", "leave"), ("too", "so", "very")
_FRAME = "the {} didn't {} the {} because it was {} {}"
# where *it*, the adjective and the two nouns stand in the sentence, counted from 0
PRONOUN, ADJECTIVE, PLACES = 7, 10, (1, 5)
_VERB, _DEGREE = 3, 9

PRONOUN_VOCABULARY = Tokenizer.of_words(
    (*(word for word in _FRAME.split() if word != "{}"), *VERBS, *DEGREES, *chain(*NOUNS), *chain(*ADJECTIVES))
)


class PronounSentences(NamedTuple):
    """Sentences as indices of `PRONOUN_VOCABULARY`, the noun that *it* stands for, and its place in the sentence."""

    words: Int[Tensor, "batch 11"]
    noun: Int[Tensor, " batch"]
    place: Int[Tensor, " batch"]


def pronoun_sentences(count: int, generator: Generator) -> PronounSentences:
    """Draw sentences; *it* stands for the first noun as often as for the second."""
    rows = torch.arange(count)
    kinds = torch.rand(count, len(NOUNS), generator=generator).argsort(1)[:, :2]  # two classes, one for each noun
    meant = torch.randint(2, (count,), generator=generator)
    words = PRONOUN_VOCABULARY.encode(_FRAME.format("the", "the", "the", "the", "the")).repeat(count, 1)
    nouns = _drawn(torch.stack([_indices(one) for one in NOUNS])[kinds], generator)
    adjectives = _drawn(torch.stack([_indices(one) for one in ADJECTIVES])[kinds[rows, meant]], generator)
    words[:, PLACES[0]], words[:, PLACES[1]], words[:, ADJECTIVE] = nouns[:, 0], nouns[:, 1], adjectives
    words[:, _VERB] = _drawn(_indices(VERBS).expand(count, -1), generator)
    words[:, _DEGREE] = _drawn(_indices(DEGREES).expand(count, -1), generator)
    return PronounSentences(words, nouns[rows, meant], torch.tensor(PLACES)[meant])


def _indices(words: tuple[str, ...]) -> Tensor:
    return PRONOUN_VOCABULARY.encode(words)


def _drawn(choices: Tensor, generator: Generator) -> Tensor:
    """Return one of the last axis at every place."""
    chosen = torch.randint(choices.shape[-1], (*choices.shape[:-1], 1), generator=generator)
    return choices.gather(-1, chosen)[..., 0]


def pronoun_place(text: str) -> int:
    """Return the place of the noun that *it* stands for, counted from 0.

    Raises ValueError for a text that is no sentence of the grammar, or whose adjective fits neither noun, or both.
    """
    words = text.split()
    frame = _FRAME.split()
    told = f"expected “{_FRAME.format('…', '…', '…', '…', '…')}”, got “{text}”"
    if len(words) != len(frame) or any(part not in ("{}", word) for part, word in zip(frame, words, strict=True)):
        raise ValueError(told)
    classes = [_class_of(words[place], NOUNS) for place in PLACES]
    adjective = _class_of(words[ADJECTIVE], ADJECTIVES)
    if None in classes or adjective is None or words[_VERB] not in VERBS or words[_DEGREE] not in DEGREES:
        strange = [word for word in words if word not in PRONOUN_VOCABULARY]
        raise ValueError(f"{told}; unknown here: {', '.join(strange)}" if strange else told)
    fits = [place for place, kind in zip(PLACES, classes, strict=True) if kind == adjective]
    if len(fits) != 1:
        nouns = " and ".join(words[place] for place in PLACES)
        raise ValueError(f"expected an adjective that fits one noun, got “{words[ADJECTIVE]}” for {nouns}")
    return fits[0]


def _class_of(word: str, classes: tuple[tuple[str, ...], ...]) -> int | None:
    return next((number for number, words in enumerate(classes) if word in words), None)
