"""Sentences whose later words must agree with the subject: in number, and in gender where the subject is a person.

Two small grammars, both drawn with a generator:

- *Meals*, for one question at a chosen distance: "the cat , which already ate the cakes and a small apple , was full".
  Between the subject and its verb stand as many words as you ask for; what was eaten is singular or plural whatever
  the subject is, so it says nothing about the verb. `meal` makes one sentence, `subject_verb_batch` a batch as numbers:
  all words before the verb, and 1 where “were” is right.
- *People*, for a story that goes on: "the aunts , who already saw the boy , were tired and slept like queens . the …".
  The verb asks for the number of the subject, the last word for its gender too (king, queen, kings, queens), and then
  a new subject comes. `person` makes one sentence, `people` a whole text with the subject's gender and number at every
  word.

The first sentence follows one of A. Ng's lectures on sequence models (2018).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from jaxtyping import Bool, Int
from torch import Generator, Tensor

from seqviz.data.tokenizer import Tokenizer

Choice = TypeVar("Choice")

_EATERS = (("cat", "cats"), ("dog", "dogs"), ("mouse", "mice"), ("child", "children"))
_FOOD = (("cake", "cakes"), ("apple", "apples"), ("pie", "pies"), ("sandwich", "sandwiches"))
_KINDS_OF_FOOD = ("small", "warm", "sweet")
_FEMININE = (("girl", "girls"), ("woman", "women"), ("aunt", "aunts"))
_MASCULINE = (("boy", "boys"), ("man", "men"), ("uncle", "uncles"))
_SEEN = ("saw", "met", "called")
_STATES = ("tired", "happy", "late")
_ENDS = {"f": ("queen", "queens"), "m": ("king", "kings")}
_OWN_WORDS = (
    *("the", ",", ".", "and", "very", "which", "who", "already", "ate", "was", "were", "full"),
    *("slept", "like", "a"),
)
VERBS = ("was", "were")
SHORTEST_MEAL = 7  # ", which already ate the cake ,": the fewest words that can stand between, besides none

AGREEMENT_VOCABULARY = Tokenizer.of_words(
    (
        *_OWN_WORDS,
        *_KINDS_OF_FOOD,
        *_SEEN,
        *_STATES,
        *(form for pairs in (_EATERS, _FOOD, _FEMININE, _MASCULINE, _ENDS.values()) for pair in pairs for form in pair),
    )
)


@dataclass(frozen=True)
class Sentence:
    """Words, where the subject and what agrees with it stand (counted from 0), and what there is to agree with."""

    words: tuple[str, ...]
    subject: int
    verb: int
    plural: bool
    feminine: bool | None = None  # None where the grammar has no gender
    ending: int | None = None  # the place of king, queen, kings or queens


def meal(distance: int, generator: Generator) -> Sentence:
    """Draw a sentence about a meal with ``distance`` words between subject and verb: 0, or 7 and more.

    Raises ValueError for a distance that cannot be made.
    """
    if distance != 0 and distance < SHORTEST_MEAL:
        raise ValueError(f"distance: expected 0, or {SHORTEST_MEAL} or more words in between, got {distance}")
    plural = _coin(generator)
    words = ["the", _pick(_EATERS, generator)[plural]]
    if distance:
        words += [",", "which", "already", "ate", *_list_of_food(distance - 5, generator), ","]
    verb = len(words)
    return Sentence((*words, VERBS[plural], "full"), 1, verb, plural)


def _list_of_food(length: int, generator: Generator) -> list[str]:
    """Things to eat in exactly ``length`` words, 2 or more: "the cakes", "the very warm pie and the cake"."""
    words: list[str] = []
    while True:
        left = length - len(words)
        # an item takes 2 to 4 words, "and" and a further item at least 3
        own = int(_pick(tuple(n for n in (2, 3, 4) if n == left or left - n >= 3), generator))
        words += ["the", *(["very"] if own == 4 else []), *([_pick(_KINDS_OF_FOOD, generator)] if own > 2 else [])]
        words.append(_pick(_FOOD, generator)[_coin(generator)])
        if len(words) == length:
            return words
        words.append("and")


def subject_verb_batch(
    batch: int, distance: int, generator: Generator
) -> tuple[Int[Tensor, "batch time"], Int[Tensor, " batch"]]:
    """Return sentences about meals up to before the verb, as indices, and 1 where the verb is “were”, 0 for “was”.

    Every row has 2 + distance words, so the subject stands distance + 1 words before the verb's place.
    Raises as `meal`.
    """
    sentences = [meal(distance, generator) for _ in range(batch)]
    x = torch.stack([AGREEMENT_VOCABULARY.encode(sentence.words[: sentence.verb]) for sentence in sentences])
    return x, torch.tensor([int(sentence.plural) for sentence in sentences])


def meals(batch: int, distance: int, generator: Generator) -> Int[Tensor, "batch time"]:
    """Return whole sentences about meals as indices; the subject is word 1 and the verb word distance + 2, from 0.

    Raises as `meal`.
    """
    return torch.stack([AGREEMENT_VOCABULARY.encode(meal(distance, generator).words) for _ in range(batch)])


def person(generator: Generator) -> Sentence:
    """Draw a sentence about people, with none, one or two others between the subject and its verb."""
    plural, feminine = _coin(generator), _coin(generator)
    words = ["the", _pick(_FEMININE if feminine else _MASCULINE, generator)[plural]]
    others = int(torch.randint(3, (), generator=generator))
    if others:
        seen = [["the", _pick(_FEMININE + _MASCULINE, generator)[_coin(generator)]] for _ in range(others)]
        words += [",", "who", "already", _pick(_SEEN, generator), *(" and ".join(map(" ".join, seen)).split()), ","]
    verb = len(words)
    words += [VERBS[plural], _pick(_STATES, generator), "and", "slept", "like", *([] if plural else ["a"])]
    ending = len(words)
    words += [_ENDS["f" if feminine else "m"][plural], "."]
    return Sentence(tuple(words), 1, verb, plural, feminine, ending)


@dataclass(frozen=True, eq=False)
class People:
    """A story of people: its words as text and as indices, and at every word what there is to be remembered.

    From a subject on, plural and feminine are those of this subject, until the next subject; before the first they
    are False. ``subjects``, ``verbs`` and ``endings`` are the places of these words.
    """

    words: tuple[str, ...]
    indices: Int[Tensor, " time"]
    plural: Bool[np.ndarray, " time"]
    feminine: Bool[np.ndarray, " time"]
    subjects: tuple[int, ...]
    verbs: tuple[int, ...]
    endings: tuple[int, ...]


def people(sentences: int, generator: Generator) -> People:
    """Draw a text of so many sentences of `person`. Raises ValueError for fewer than one."""
    if sentences < 1:
        raise ValueError(f"sentences: expected at least 1, got {sentences}")
    return story([person(generator) for _ in range(sentences)])


def story(sentences: list[Sentence]) -> People:
    """Put sentences about people one after the other. Raises ValueError for a sentence without gender."""
    words: list[str] = []
    places: dict[str, list[int]] = {"subject": [], "verb": [], "ending": []}
    plural, feminine = [False], [False]
    for sentence in sentences:
        if sentence.feminine is None or sentence.ending is None:
            raise ValueError(f"expected a sentence about people, got {' '.join(sentence.words)!r}")
        for name, place in zip(places, (sentence.subject, sentence.verb, sentence.ending), strict=True):
            places[name].append(len(words) + place)
        # "the" still belongs to the subject before: nothing says yet that a new one comes, and which
        plural += [plural[-1]] * sentence.subject + [sentence.plural] * (len(sentence.words) - sentence.subject)
        feminine += [feminine[-1]] * sentence.subject + [sentence.feminine] * (len(sentence.words) - sentence.subject)
        words += sentence.words
    return People(
        tuple(words),
        AGREEMENT_VOCABULARY.encode(words),
        np.array(plural[1:]),
        np.array(feminine[1:]),
        *(tuple(places[name]) for name in ("subject", "verb", "ending")),
    )


def story_windows(
    text: People, batch: int, time: int, generator: Generator
) -> tuple[Int[Tensor, "batch time"], Int[Tensor, "batch time"], Bool[Tensor, "batch time"]]:
    """Cut ``batch`` windows of ``time`` words that begin with a sentence.

    Returns the words, the same windows one word later as targets, and where such a target agrees with the subject: it
    is a verb or an ending. Raises ValueError when the text is shorter than a window and its target.
    """
    length = len(text.words)
    if length <= time:
        raise ValueError(f"expected a text longer than time={time}, got {length} words")
    starts = torch.tensor([subject - 1 for subject in text.subjects if subject - 1 + time < length])
    positions = starts[torch.randint(len(starts), (batch, 1), generator=generator)] + torch.arange(time)
    agrees = torch.zeros(length, dtype=torch.bool)
    agrees[[*text.verbs, *text.endings]] = True
    return text.indices[positions], text.indices[positions + 1], agrees[positions + 1]


def _coin(generator: Generator) -> bool:
    return bool(torch.randint(2, (), generator=generator))


def _pick(choices: Sequence[Choice], generator: Generator) -> Choice:
    return choices[int(torch.randint(len(choices), (), generator=generator))]
