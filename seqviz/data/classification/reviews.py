"""Reviews whose verdict depends on the order of their words, made by a small grammar.

What follows *but* counts more than what stands before it, as in the rules of Hutto & Gilbert 2014, "VADER". The
sentence about what is completely lacking is of the kind that A. Ng's lectures on sequence models (2018) use.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor

from seqviz.data.tokenizer import UNKNOWN, Tokenizer

_OPPOSITES = (
    ("good", "bad"),
    ("great", "terrible"),
    ("lovely", "awful"),
    ("funny", "dull"),
    ("fresh", "stale"),
    ("brilliant", "poor"),
)
_GOOD, _BAD = zip(*_OPPOSITES, strict=True)
_SIDES = ((_GOOD, True), (_BAD, False))
_THINGS = ("food", "service", "film", "script", "director", "music", "room", "story", "actors", "ending")
_OPENINGS = ("", "i think", "honestly ,", "well ,")
_ADVERBS = ("", "really", "very", "completely")
_ENDINGS = ("", "at all")
_NEGATIONS = ("not", "never")

REVIEW_KINDS = ("plain", "negated", "good, not bad", "but", "two things", "lacking")
LACKING = "completely lacking a good script , good actors and a good director"


@dataclass(frozen=True)
class Review:
    """The words, the verdict, and which pattern of the grammar they follow, one of `REVIEW_KINDS`."""

    words: tuple[str, ...]
    positive: bool
    kind: str

    @property
    def bag(self) -> Hashable:
        """How often each word comes up: equal for two reviews that differ in the order alone."""
        return frozenset(Counter(self.words).items())


def _review(text: str, positive: bool, kind: str) -> Review:
    return Review(tuple(text.split()), positive, kind)


@cache
def reviews() -> tuple[Review, ...]:
    """Return every review of the grammar once, in a fixed order."""
    found = [*_of_one_thing(), *_of_opposites(), *_of_two_things(), *_lacking()]
    return tuple(dict.fromkeys(found))


def _of_one_thing() -> Iterable[Review]:
    for opening, thing, adverb, (words, positive) in itertools.product(_OPENINGS, _THINGS, _ADVERBS, _SIDES):
        for word in words:
            yield _review(f"{opening} the {thing} was {adverb} {word}", positive, "plain")
            for negation, ending in itertools.product(_NEGATIONS, _ENDINGS):
                yield _review(f"{opening} the {thing} was {negation} {word} {ending}", not positive, "negated")


def _of_opposites() -> Iterable[Review]:
    """The same bag, twice: *good, not bad* and *bad, not good*."""
    slots = itertools.product(_OPENINGS, _THINGS, _NEGATIONS, _OPPOSITES, _ENDINGS)
    for opening, thing, negation, (good, bad), ending in slots:
        start = f"{opening} the {thing} was"
        yield _review(f"{start} {good} , {negation} {bad} {ending}", True, "good, not bad")
        yield _review(f"{start} {bad} , {negation} {good} {ending}", False, "good, not bad")


def _of_two_things() -> Iterable[Review]:
    for one, other in itertools.permutations(_THINGS, 2):
        for good, bad in itertools.product(_GOOD, _BAD):
            yield _review(f"the {one} was {bad} but the {other} was {good}", True, "but")
            yield _review(f"the {one} was {good} but the {other} was {bad}", False, "but")
        for words, positive in _SIDES:
            for first, second in itertools.product(words, repeat=2):
                yield _review(f"a {first} {one} and a {second} {other}", positive, "two things")


def _lacking() -> Iterable[Review]:
    """One or two good things are missing; `LACKING` has three, and is not one of these."""
    for adverb in ("", "completely"):
        for one, other in itertools.permutations(_THINGS, 2):
            for good in _GOOD:
                yield _review(f"{adverb} lacking a {good} {one}", False, "lacking")
                yield _review(f"{adverb} lacking a {good} {one} and a {good} {other}", False, "lacking")


@cache
def review_vocabulary() -> Tokenizer:
    """Return the token for unknown words, then all words of all reviews in alphabetical order."""
    return Tokenizer.of_words([UNKNOWN, *sorted({word for review in reviews() for word in review.words})])


def split_reviews(generator: Generator, train: int = 300, test: int = 100) -> tuple[list[Review], list[Review]]:
    """Draw reviews to learn from and others for the test: about so many of every kind, and no bag in both.

    Whoever has a bag has it whole: all the reviews with these words. So in the test no order of the words is favoured.
    """
    chosen: tuple[list[Review], list[Review]] = ([], [])
    for kind in REVIEW_KINDS:
        bags = defaultdict(list)
        for review in reviews():
            if review.kind == kind:
                bags[review.bag].append(review)
        whole = list(bags.values())
        order = iter(torch.randperm(len(whole), generator=generator).tolist())
        for part, wanted in zip(chosen, (train, test), strict=True):
            drawn: list[Review] = []
            while len(drawn) < wanted and (number := next(order, None)) is not None:
                drawn += whole[number]
            part += drawn
    return chosen


def bag_ceiling(reviews: Sequence[Review]) -> float:
    """Return the highest share of right verdicts for whoever knows only how often each word comes up.

    Of each bag the more frequent verdict is right, and nothing can be better. Raises ValueError without a review.
    """
    if not reviews:
        raise ValueError("expected at least one review, got none")
    verdicts: dict[Hashable, Counter[bool]] = defaultdict(Counter)
    for review in reviews:
        verdicts[review.bag][review.positive] += 1
    return sum(max(counts.values()) for counts in verdicts.values()) / len(reviews)


def padded_texts(
    texts: Sequence[Sequence[str]], vocabulary: Tokenizer
) -> tuple[Float[Tensor, "batch time input"], Int[Tensor, " batch"]]:
    """Return the words of every text one-hot, padded with zeros to the longest, and the lengths.

    Raises ValueError without a text or for one without words.
    """
    if not texts:
        raise ValueError("expected at least one text, got none")
    encoded = [vocabulary.encode(text) for text in texts]
    rows = [vocabulary.one_hot(row) for row in encoded]
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True), torch.tensor([len(row) for row in encoded])
