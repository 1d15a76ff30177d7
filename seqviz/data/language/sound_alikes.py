"""Sentences in which words sound like others: what the ear hears is the same, and only the other words tell.

All sentences of the small grammar can be listed. The apple and pear salad is that of A. Ng's lectures on sequence
models (2018).
"""

import itertools
from functools import cache

SOUND_ALIKE = (
    ("pear", "pair"),
    ("flour", "flower"),
    ("meat", "meet"),
    ("week", "weak"),
    ("sun", "son"),
    ("an example", "an egg sample"),
)

_SLOTS = {
    "fruit": ("apple", "cherry", "plum", "melon"),
    "taste": ("delicious", "sweet", "fresh"),
    "wear": ("shoes", "gloves", "trousers", "glasses"),
    "look": ("new", "blue", "good"),
    "liquid": ("water", "milk", "oil"),
    "colour": ("red", "yellow", "white"),
    "place": ("station", "school", "market"),
    "time": ("today", "tomorrow", "tonight"),
    "thing": ("a proof", "good style", "an equation", "a poem"),
    "judged": ("good", "bad", "old"),
}

_PATTERNS = (
    "the {fruit} and pear salad is {taste}",
    "the pear and {fruit} salad is {taste}",
    "she ate a pear and an {fruit} {time}",
    "the pear is {taste} and the {fruit} is {judged}",
    "he bought a {look} pair of {wear} {time}",
    "a pair of {wear} is {judged}",
    "she lost a pair of {look} {wear}",
    "mix the flour with {liquid} and a {judged} egg",
    "bread is made of flour and {liquid}",
    "she gave him a {colour} flower {time}",
    "the {colour} flower in the garden is {judged}",
    "he fries the meat in {liquid}",
    "the meat is {taste} and the {fruit} is {judged}",
    "we meet {time} at the {place}",
    "we meet next week at the {place}",
    "he felt weak {time} at the {place}",
    "the coffee is weak and {judged}",
    "the sun is {judged} for the {fruit} tree",
    "her son goes to the {place} {time}",
    "their son is {judged} at {place}",
    "let me give you an example of {thing}",
    "this is an example of {thing}",
    "the laboratory has tested an egg sample {time}",
    "an egg sample from the {place} is {judged}",
)

SALAD = "the apple and pear salad is delicious"


@cache
def sound_alike_sentences() -> tuple[str, ...]:
    """Return every sentence of the grammar once, in a fixed order."""
    sentences = []
    for pattern in _PATTERNS:
        choices = [_SLOTS[word.strip("{}")] if word.startswith("{") else (word,) for word in pattern.split()]
        sentences += [" ".join(words) for words in itertools.product(*choices)]
    return tuple(dict.fromkeys(sentences))


def spellings(sentence: str) -> tuple[str, ...]:
    """Return the sentence and all others that sound the same, the given one first."""
    found = {sentence: None}
    for same in SOUND_ALIKE:
        for one, other in itertools.permutations(same, 2):
            for known in tuple(found):
                found[_with(known, one, other)] = None
    return tuple(found)


def _with(sentence: str, one: str, other: str) -> str:
    return f" {sentence} ".replace(f" {one} ", f" {other} ").strip()
