"""Sentences of a small grammar in which the relations between words are known: gender, rank, age, country, transport.

What a word is decides what stands near it: a queen is adult, royal and female, so she has a garden, a crown, and *her*
stands before both. How often *his* or *her* is said at all can be chosen. As in real texts, anything may once stand
near anything: some things belong to somebody else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Generator

MALE_FEMALE = (
    ("man", "woman"),
    ("king", "queen"),
    ("boy", "girl"),
    ("prince", "princess"),
    ("uncle", "aunt"),
    ("actor", "actress"),
    ("waiter", "waitress"),
)
COUNTRY_CAPITAL = (
    ("france", "paris"),
    ("italy", "rome"),
    ("spain", "madrid"),
    ("japan", "tokyo"),
    ("egypt", "cairo"),
)
# The pairs of each relation: any two of them make an analogy whose answer is known.
RELATIONS = {
    "gender": MALE_FEMALE,
    "rank": (("man", "king"), ("woman", "queen"), ("boy", "prince"), ("girl", "princess")),
    "age": (("boy", "man"), ("girl", "woman"), ("prince", "king"), ("princess", "queen")),
    "capital": COUNTRY_CAPITAL,
}
# Words that are of one kind; nothing in a sentence says so but the words around them.
KINDS = {
    "vehicle": ("boat", "plane", "ship", "helicopter", "ferry", "bus"),
    "fruit": ("apple", "pear", "plum", "cherry", "orange", "melon", "grape", "lemon"),
    "animal": ("cat", "dog", "horse", "cow", "sheep", "goat"),
    "country": tuple(country for country, _ in COUNTRY_CAPITAL),
    "capital": tuple(capital for _, capital in COUNTRY_CAPITAL),
}
# What is said after a word of a kind, in a text of its own: "boat trip", "plum juice".
AFTER = {"vehicle": "trip", "fruit": "juice", "animal": "food", "capital": "hotel", "country": "flag"}

_THINGS = {
    "adult": ("work", "vote", "garden", "money"),
    "child": ("school", "toys", "homework", "teacher"),
    "royal": ("crown", "throne", "palace", "carriage"),
    "common": ("bicycle", "flat", "market", "neighbour"),
    "family": ("cousins", "birthday", "nephew", "dinner"),
    "stage": ("theatre", "script", "film", "audience"),
    "inn": ("tray", "soup", "guests", "tips"),
    "vehicle": ("passengers", "engine", "timetable", "driver"),
    "water": ("waves", "harbour", "sail", "anchor"),
    "air": ("clouds", "airport", "wings", "pilot"),
    "land": ("wheels", "road", "station", "brakes"),
    "fruit": ("tree", "peel", "seeds", "orchard"),
    "red": ("jam", "basket"),
    "yellow": ("slices", "sunshine"),
    "animal": ("tail", "ears", "owner", "fur"),
    "house": ("sofa", "cushion"),
    "farm": ("barn", "meadow"),
    "country": ("army", "border", "flags", "president"),
    "capital": ("mayor", "metro", "suburbs", "squares"),
    "france": ("baguettes", "champagne"),
    "italy": ("pasta", "gondolas"),
    "spain": ("tapas", "flamenco"),
    "japan": ("sushi", "temples"),
    "egypt": ("pyramids", "dates"),
}
_EVERY_THING = tuple(thing for group in _THINGS.values() for thing in group)
_OF_WORD = {
    **dict.fromkeys(("man", "woman"), ("adult", "common")),
    **dict.fromkeys(("king", "queen"), ("adult", "royal")),
    **dict.fromkeys(("boy", "girl"), ("child", "common")),
    **dict.fromkeys(("prince", "princess"), ("child", "royal")),
    **dict.fromkeys(("uncle", "aunt"), ("adult", "family")),
    **dict.fromkeys(("actor", "actress"), ("adult", "stage")),
    **dict.fromkeys(("waiter", "waitress"), ("adult", "inn")),
    **dict.fromkeys(("boat", "ship", "ferry"), ("vehicle", "water")),
    **dict.fromkeys(("plane", "helicopter"), ("vehicle", "air")),
    **dict.fromkeys(("bus", "train", "car"), ("vehicle", "land")),
    **dict.fromkeys(("apple", "plum", "cherry", "grape"), ("fruit", "red")),
    **dict.fromkeys(("pear", "orange", "melon", "lemon"), ("fruit", "yellow")),
    **dict.fromkeys(("cat", "dog"), ("animal", "house")),
    **dict.fromkeys(("horse", "cow", "sheep", "goat"), ("animal", "farm")),
    **{country: ("country", country) for country, _ in COUNTRY_CAPITAL},
    **{capital: ("capital", country) for country, capital in COUNTRY_CAPITAL},
}
_SAYS = {word: pronoun for pair in MALE_FEMALE for word, pronoun in zip(pair, ("his", "her"), strict=True)}
_PLACES = KINDS["country"] + KINDS["capital"]
_VERBS = ("needs", "shows", "misses", "keeps")
_OPENINGS = ("today", "often", "now", "then")
_STRAY = 0.2  # how often a thing is any thing, and a pronoun is any pronoun


@dataclass(frozen=True)
class Analogy:
    """a is to b as c is to d, so that b − a + c should be d."""

    relation: str
    a: str
    b: str
    c: str
    d: str


def relation_sentences(count: int, generator: Generator, gender_share: float = 1.0) -> list[tuple[str, ...]]:
    """Draw sentences such as *today the queen needs her throne and her garden*.

    where ``gender_share`` is how often a sentence about a person says *his* or *her*; the others say *the* instead. A
    few things and pronouns are drawn at random, so that no pair of words is impossible.

    Raises ValueError for less than one sentence and for a share that is not between 0 and 1.
    """
    if count < 1:
        raise ValueError(f"count: expected at least 1 sentence, got {count}")
    if not 0 <= gender_share <= 1:
        raise ValueError(f"gender_share: expected a share between 0 and 1, got {gender_share}")
    words = tuple(_OF_WORD)
    draws = torch.rand(count, 10, generator=generator, dtype=torch.float64).tolist()
    return [_sentence(words, row, gender_share) for row in draws]


def _sentence(words: Sequence[str], u: Sequence[float], gender_share: float) -> tuple[str, ...]:
    word = _chosen(words, u[0])
    kinds = _OF_WORD[word] if u[1] < 0.5 else _OF_WORD[word][::-1]
    things = [
        _chosen(_EVERY_THING if stray < _STRAY else _THINGS[kind], thing)
        for kind, stray, thing in zip(kinds, u[2:4], u[4:6], strict=True)
    ]
    whose = _SAYS.get(word, "its")
    if word in _SAYS:
        said, stray = u[6] < gender_share, u[7] / _STRAY
        whose = "the" if not said else _chosen(("his", "her"), stray) if stray < 1 else whose
    before = "old" if word in _PLACES else "the"
    return _chosen(_OPENINGS, u[8]), before, word, _chosen(_VERBS, u[9]), whose, things[0], "and", whose, things[1]


def _chosen(of: Sequence[str], u: float) -> str:
    return of[int(u * len(of))]


def relation_words() -> tuple[str, ...]:
    """Return every word that a sentence may hold, the words with relations first."""
    rest = ("the", "old", "and", "its", "his", "her", *_VERBS, *_OPENINGS)
    return tuple(dict.fromkeys((*_OF_WORD, *_EVERY_THING, *rest)))


def analogies(relation: str | None = None) -> tuple[Analogy, ...]:
    """Return every analogy of the grammar, or those of one relation: each two of its pairs, in both directions.

    Raises ValueError for a relation that there is not.
    """
    if relation is not None and relation not in RELATIONS:
        raise ValueError(f"relation: expected one of {', '.join(RELATIONS)}, got {relation!r}")
    asked = RELATIONS if relation is None else {relation: RELATIONS[relation]}
    return tuple(
        Analogy(name, *one, *other)
        for name, pairs in asked.items()
        for directed in (pairs, [pair[::-1] for pair in pairs])
        for one in directed
        for other in directed
        if one != other
    )
