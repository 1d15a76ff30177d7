"""Sentences in which the same word is a name or not, and only other words tell: with the tag of every word.

The two small grammars are lists of patterns. All sentences of a grammar can be listed with their probabilities, so what
the best possible reader reaches can be computed instead of estimated. Everything is lower case, as in a message typed
in a hurry: capitals would give the names away, except at the start of a sentence, where every word has one.

The two sentences about Teddy are those of A. Ng's lectures on sequence models (2018).
"""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor

from seqviz.data.tokenizer import UNKNOWN, Tokenizer

TAGS = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")  # begin and inside of a person, organisation, place


@dataclass(frozen=True)
class TaggedSentence:
    """Words and, for each, its tag."""

    words: tuple[str, ...]
    tags: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.words) != len(self.tags):
            raise ValueError(f"expected a tag for every word, got {len(self.words)} words and {len(self.tags)} tags")


@dataclass(frozen=True)
class NamesGrammar:
    """Patterns and what may fill their slots.

    A pattern is a text of ``word`` and ``word/tag``; ``{slot}`` stands for any of ``slots["slot"]``, texts of the
    same form, all equally probable. So are the patterns. A word without a tag has the tag O.
    """

    patterns: tuple[str, ...]
    slots: Mapping[str, tuple[str, ...]]

    def sentences(self) -> dict[TaggedSentence, float]:
        """Return all sentences with their probabilities."""
        found: dict[TaggedSentence, float] = {}
        for pattern in self.patterns:
            filled = list(itertools.product(*(self._choices(part) for part in pattern.split())))
            for parts in filled:
                sentence = parse(" ".join(parts))
                found[sentence] = found.get(sentence, 0.0) + 1 / len(filled) / len(self.patterns)
        return found

    def vocabulary(self) -> Tokenizer:
        """Return, after the sign for unknown words, all words of all sentences in alphabetical order."""
        texts = [*self.patterns, *itertools.chain.from_iterable(self.slots.values())]
        words = {word for text in texts for word in parse(text).words if not word.startswith("{")}
        return Tokenizer.of_words([UNKNOWN, *sorted(words)])

    def sample(self, count: int, generator: Generator) -> list[TaggedSentence]:
        """Draw sentences."""
        drawn = []
        for number in torch.randint(len(self.patterns), (count,), generator=generator).tolist():
            parts = [self._choices(part) for part in self.patterns[number].split()]
            picks = [int(torch.randint(len(choices), (), generator=generator)) for choices in parts]
            drawn.append(parse(" ".join(choices[pick] for choices, pick in zip(parts, picks, strict=True))))
        return drawn

    def _choices(self, part: str) -> Sequence[str]:
        if not part.startswith("{"):
            return (part,)
        return self.slots[part.strip("{}")]


def parse(text: str) -> TaggedSentence:
    """Read ``"he said teddy/B-PER roosevelt/I-PER"``. Raises ValueError for a tag that is not one of `TAGS`."""
    pairs = [word.partition("/") for word in text.split()]
    unknown = sorted({tag for _, _, tag in pairs if tag} - set(TAGS))
    if unknown:
        raise ValueError(f"expected tags of {TAGS}, got {', '.join(unknown)}")
    return TaggedSentence(tuple(word for word, _, _ in pairs), tuple(tag or "O" for _, _, tag in pairs))


def teddy_and_apple() -> NamesGrammar:
    """Return a small grammar with both kinds: the past tells what a word is, or only the future does."""
    return NamesGrammar(
        patterns=(
            "{he} said ' teddy bears are {offered} ! '",
            "{he} said ' teddy/B-PER roosevelt/I-PER was a {great} president ! '",
            "teddy bears are {offered}",
            "teddy/B-PER roosevelt/I-PER was a {great} president",
            "the {new} {device} is sold in apple/B-ORG {shops}",  # past and future tell
            "the {new} cake is made with apple {food}",
            "the {new} {device} comes from apple/B-ORG",  # only the past tells
            "the {new} cake smells of apple",
            "apple/B-ORG {shops} sell the {new} {device}",  # only the future tells
            "apple {food} is {refreshing}",
        ),
        slots={
            "he": ("he", "she", "the guide"),
            "offered": ("on sale", "in the window", "very soft"),
            "great": ("great", "popular", "young"),
            "new": ("new", "best"),
            "device": ("iphone", "tablet", "laptop"),
            "shops": ("stores", "shops"),
            "food": ("juice", "pie", "sauce"),
            "refreshing": ("refreshing", "cheap", "sweet"),
        },
    )


def named_entities() -> NamesGrammar:
    """Return a larger grammar: persons, organisations and places of one to three words, many of them ambiguous."""
    return NamesGrammar(
        patterns=(
            "{person} {spoke} to the {crowd}",
            "the {crowd} {met} {person} in {place}",
            "{place} is a {large} {city}",
            "{company} {hired} {person} last {week}",
            "we {met} the {boss} of {company} in {place}",
            "{paper} reporters {met} {person}",
            "{person} reads the {paper} every {week}",
            "last {week} {person} left {place}",
            "the {crowd} in {place} reads the {paper}",
            "{company} shares fell last {week}",
            "{person} and {person} {met} in {place}",
            "the {boss} of {company} left {place} last {week}",
        ),
        slots={
            "person": (
                "washington/B-PER",
                "paris/B-PER hilton/I-PER",
                "jordan/B-PER",
                "george/B-PER washington/I-PER",
                "michael/B-PER jordan/I-PER",
                "charlotte/B-PER",
                "ada/B-PER lovelace/I-PER",
                "jack/B-PER london/I-PER",
                "austin/B-PER",
                "ford/B-PER",
            ),
            "place": (
                "washington/B-LOC",
                "paris/B-LOC",
                "jordan/B-LOC",
                "london/B-LOC",
                "charlotte/B-LOC",
                "austin/B-LOC",
                "new/B-LOC york/I-LOC",
                "lincoln/B-LOC",
            ),
            "company": (
                "apple/B-ORG",
                "ford/B-ORG",
                "amazon/B-ORG",
                "bank/B-ORG of/I-ORG london/I-ORG",
                "jordan/B-ORG shoes/I-ORG",
                "lincoln/B-ORG cars/I-ORG",
            ),
            "paper": (
                "washington/B-ORG post/I-ORG",
                "new/B-ORG york/I-ORG times/I-ORG",
                "london/B-ORG news/I-ORG",
                "paris/B-ORG match/I-ORG",
            ),
            "spoke": ("spoke", "waved", "sang"),
            "crowd": ("crowd", "children", "students"),
            "met": ("met", "saw", "welcomed"),
            "large": ("large", "quiet", "noisy"),
            "city": ("city", "place", "town"),
            "hired": ("hired", "paid", "fired"),
            "week": ("week", "month", "morning"),
            "boss": ("boss", "owner", "founder"),
        },
    )


def tagged_batch(
    sentences: Sequence[TaggedSentence], vocabulary: Tokenizer, tags: Sequence[str] = TAGS
) -> tuple[Float[Tensor, "batch time input"], Int[Tensor, "batch time"], Int[Tensor, " batch"]]:
    """Return the words one-hot, the index of every tag, and the lengths; shorter sentences are filled up with zeros.

    Raises ValueError without a sentence or for a word or tag that is not known.
    """
    if not sentences:
        raise ValueError("expected at least one sentence, got none")
    lengths = torch.tensor([len(sentence.words) for sentence in sentences])
    x = torch.zeros(len(sentences), int(lengths.max()), len(vocabulary))
    y = torch.zeros(x.shape[:2], dtype=torch.long)
    for row, sentence in enumerate(sentences):
        x[row, : lengths[row]] = vocabulary.one_hot(vocabulary.encode(sentence.words))
        y[row, : lengths[row]] = torch.tensor([list(tags).index(tag) for tag in sentence.tags])
    return x, y, lengths
