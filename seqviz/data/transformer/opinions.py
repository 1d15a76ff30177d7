"""Pairs of sentences: an opinion, and what follows from it. A grammar says how much of the pair is said twice.

"the film was truly superb" / "we will recommend the film tonight". In half of the pairs the second sentence belongs to
another first one, about a thing of another topic.

In the *ordinary* grammar the second sentence names something that goes with the noun of the first (film … cinema), and
a second sentence from elsewhere has a verdict of its own. In the *redundant* one the noun is said again, the verdict is
the same in both sentences always, most first sentences have two adjectives and few have a *not*, and there are half as
many things to speak of. They differ in these five properties, each a field of `PairGrammar`, so that one can be changed
alone.

The task is that of Devlin et al. 2019, "BERT: pre-training of deep bidirectional transformers for language
understanding", section 3.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import torch
from torch import Generator

from seqviz.data.tokenizer import Tokenizer

# nouns of a first sentence, and what goes with them
_TOPICS = tuple(
    (tuple(nouns.split()), tuple(related.split()))
    for nouns, related in (
        ("film play", "cinema stage actor plot"),
        ("opera song", "singer melody chorus rhythm"),
        ("meal cake", "kitchen recipe cook waiter"),
        ("book lesson", "author chapter teacher page"),
        ("hotel train", "lobby station platform suitcase"),
        ("game walk", "player path park weather"),
        ("house flat", "garden roof door landlord"),
        ("shop market", "price clerk counter stall"),
        ("painting statue", "gallery artist colour frame"),
        ("coat dress", "button sleeve tailor pocket"),
        ("boat car", "engine harbour driver wheel"),
        ("party wedding", "host guest music candle"),
    )
)
_GOES_WITH = {noun: related for nouns, related in _TOPICS for noun in nouns}
# by verdict, [negative, positive], as are the verbs
OPINION_ADJECTIVES = tuple(
    tuple(words.split())
    for words in (
        "awful dreadful dull bland rude terrible boring filthy",
        "brilliant superb lovely delicious charming splendid moving perfect",
    )
)
OPINION_VERBS = (("avoid", "blame", "refuse"), ("enjoy", "praise", "recommend"))
_ADVERBS = ("very", "really", "quite", "truly")
_TIMES = ("again", "tonight", "tomorrow")
_FRAME = ("the", "was", "not", "and", "we", "will")

OPINION_VOCABULARY = Tokenizer.of_words(
    sorted(
        {*_FRAME, *_ADVERBS, *_TIMES, *chain(_GOES_WITH, *_GOES_WITH.values(), *OPINION_ADJECTIVES, *OPINION_VERBS)}
    ),
    special=True,
)


@dataclass(frozen=True)
class PairGrammar:
    """How pairs are made.

    where two_adjectives is the share of first sentences with two adjectives of one verdict ("superb and lovely"), and
    negated the share, among the others, of those with the opposite of one ("not dull"): so either can be changed
    without the other. What is left has an adverb and an adjective. A topic has two nouns, and four words that go with
    them.

    Raises ValueError for fewer than two topics, since a pair must be able to be about two, and for more than there are.
    """

    noun_again: bool
    verdict_kept: bool  # by a second sentence that belongs to another first one
    two_adjectives: float
    negated: float
    topics: int

    def __post_init__(self) -> None:
        if not 2 <= self.topics <= len(_TOPICS):
            raise ValueError(f"topics: expected a number in 2 … {len(_TOPICS)}, got {self.topics}")

    @property
    def nouns(self) -> tuple[str, ...]:
        """Return what first sentences are about."""
        return tuple(noun for nouns, _ in _TOPICS[: self.topics] for noun in nouns)


ORDINARY = PairGrammar(noun_again=False, verdict_kept=False, two_adjectives=0.0, negated=0.25, topics=12)
REDUNDANT = PairGrammar(noun_again=True, verdict_kept=True, two_adjectives=0.6, negated=0.125, topics=6)


class Opinion(NamedTuple):
    """A first sentence, and whether it is a good opinion."""

    words: tuple[str, ...]
    noun: str
    positive: bool


class OpinionPair(NamedTuple):
    """A first sentence, a second one, and whether the second belongs to the first."""

    opinion: Opinion
    second: tuple[str, ...]
    is_next: bool


def opinions(
    count: int, generator: Generator, grammar: PairGrammar, adjectives: Sequence[Sequence[str]] = OPINION_ADJECTIVES
) -> list[Opinion]:
    """Draw first sentences, as many good opinions as bad ones on average.

    where the adjectives, by verdict, may be some of the grammar's only.
    """
    return [_opinion(row, grammar, adjectives) for row in torch.rand(count, 6, generator=generator).tolist()]


def opinion_pairs(count: int, generator: Generator, grammar: PairGrammar) -> list[OpinionPair]:
    """Draw pairs; in half of them the second sentence belongs to the first."""
    firsts = opinions(count, generator, grammar)
    draws = torch.rand(count, 6, generator=generator).tolist()
    return [_pair(opinion, row, grammar) for opinion, row in zip(firsts, draws, strict=True)]


def second_sentence(noun: str, verb: str, time: str) -> tuple[str, ...]:
    """Return what follows from an opinion, such as "we will enjoy the film tonight"."""
    return ("we", "will", verb, "the", noun, time)


def _opinion(row: Sequence[float], grammar: PairGrammar, adjectives: Sequence[Sequence[str]]) -> Opinion:
    kind, verdict, *rest = row
    positive = verdict < 0.5
    noun = _one_of(grammar.nouns, rest[0])
    same, opposite = adjectives[positive], adjectives[not positive]
    if kind < grammar.two_adjectives:
        one = _one_of(same, rest[1])
        said = (one, "and", _one_of([word for word in same if word != one], rest[2]))
    elif kind < grammar.two_adjectives + grammar.negated * (1 - grammar.two_adjectives):
        said = ("not", _one_of(opposite, rest[1]))
    else:
        said = (_one_of(_ADVERBS, rest[3]), _one_of(same, rest[1]))
    return Opinion(("the", noun, "was", *said), noun, positive)


def _pair(opinion: Opinion, row: Sequence[float], grammar: PairGrammar) -> OpinionPair:
    belongs, which, related, verdict, verb, time = row
    is_next = belongs < 0.5
    elsewhere = [noun for noun in grammar.nouns if _GOES_WITH[noun] != _GOES_WITH[opinion.noun]]
    noun = opinion.noun if is_next else _one_of(elsewhere, which)
    positive = opinion.positive if is_next or grammar.verdict_kept else verdict < 0.5
    named = noun if grammar.noun_again else _one_of(_GOES_WITH[noun], related)
    second = second_sentence(named, _one_of(OPINION_VERBS[positive], verb), _one_of(_TIMES, time))
    return OpinionPair(opinion, second, is_next)


def _one_of(words: Sequence[str], uniform: float) -> str:
    return words[int(uniform * len(words))]
