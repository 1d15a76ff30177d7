"""Numbers in digits and in words: translation with a word order of its own, and as many pairs as one likes.

German says the units before the tens, inside every group of three digits: 243 is *zwei hundert drei und vierzig*. Its
compounds are cut into their parts, so that a few dozen words say every number.
"""

import re
from collections.abc import Iterable

from num2words import num2words

from seqviz.data.translation.parallel import ParallelText, Tokens

CODES = {"English": "en", "German": "de", "French": "fr"}
# Longer parts first where one begins another: vierzig is one word, vierzehn is two.
GERMAN_PARTS = re.compile(
    "null|zwanzig|dreißig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig|hundert|tausend|und|zehn|elf|zwölf|"
    "eins|ein|zwei|drei|vier|fünf|sechs|sech|sieben|sieb|acht|neun"
)


def number_words(number: int, language: str) -> Tokens:
    """Return the words of a whole number in 0 … 999,999. Raises ValueError for another number or language."""
    if language not in CODES:
        raise ValueError(f"language: expected one of {', '.join(CODES)}, got {language!r}")
    if not 0 <= number < 1_000_000:
        raise ValueError(f"number: expected a whole number in 0 … 999,999, got {number}")
    words = re.sub("[-,]", " ", num2words(number, lang=CODES[language])).split()
    if language == "German":
        return tuple(part for word in words for part in GERMAN_PARTS.findall(word))
    return tuple(words)


def numbers_in_words(numbers: Iterable[int], language: str) -> ParallelText:
    """Return numbers, one token for each digit, beside their words. Raises as `number_words`."""
    return ParallelText.of([(tuple(str(number)), number_words(number, language)) for number in numbers])
