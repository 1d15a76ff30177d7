"""Sentences that show why order and distance matter."""

from itertools import product
from typing import NamedTuple

SAME_BAG = ("The food was good, not bad at all", "The food was bad, not good at all")

LANGUAGES = {"France": "French", "Japan": "Japanese", "Poland": "Polish", "Turkey": "Turkish"}
_BETWEEN = (
    "and I went to school there .",
    "but I left when I was nine .",
    ", by the sea , with two brothers and a dog .",
)


class Gap(NamedTuple):
    """The words before a gap, and the word that belongs there."""

    words: tuple[str, ...]
    answer: str


def grown_up() -> tuple[Gap, ...]:
    """Return sentences like “France is where I grew up … I speak fluent ____”, each country with each middle part."""
    return tuple(
        Gap((*f"{country} is where I grew up {between} I speak fluent".split(),), language)
        for (country, language), between in product(LANGUAGES.items(), _BETWEEN)
    )
