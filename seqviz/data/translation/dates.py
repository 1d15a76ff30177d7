"""Dates as people write them, beside the same day as 2043-07-24: translation whose alignment is known.

English, German, French and Spanish say the year last, Hungarian says it first, so that the order of the output is
reversed in four languages and kept in the fifth. babel knows how each language writes a date (Unicode CLDR), and writes
it field by field here; hence it is known which characters say the year, the month and the day.
"""

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import torch
from babel import Locale
from babel.dates import DateTimeFormat, get_date_format
from jaxtyping import Bool
from torch import Generator, Tensor

from seqviz.data.translation.parallel import ParallelText

DATE_LANGUAGES: Mapping[str, str] = {
    "English": "en",
    "German": "de",
    "French": "fr",
    "Spanish": "es",
    "Hungarian": "hu",
}
STYLES = ("full", "long")  # with the day of the week and without
FIRST_DAY, LAST_DAY = datetime.date(1950, 1, 1), datetime.date(2049, 12, 31)

_FIELDS = {"y": "year", "M": "month", "d": "day"}  # the letters of Unicode's patterns; E is the day of the week
_OUTPUT = {"year": (0, 4), "month": (5, 7), "day": (8, 10)}  # where 2043-07-24 says them


@dataclass(frozen=True)
class WrittenDate:
    """A day in a language, and where in the text its parts stand: first character and the one after the last."""

    day: datetime.date
    language: str
    text: str
    spans: Mapping[str, tuple[int, int]]  # of year, month and day

    @property
    def iso(self) -> str:
        """The day as ISO 8601 writes it."""
        return self.day.isoformat()

    @property
    def alignment(self) -> Bool[Tensor, "target source"]:
        """For every character of ``iso``, which characters of the text say it; none do for its hyphens."""
        known = torch.zeros(len(self.iso), len(self.text), dtype=torch.bool)
        for part, (first, end) in _OUTPUT.items():
            known[first:end, slice(*self.spans[part])] = True
        return known


def write_date(day: datetime.date, language: str, style: str = "full") -> WrittenDate:
    """Write a day in small letters, with the day of the week (“full”) or without (“long”).

    Raises ValueError for another language or style.
    """
    if language not in DATE_LANGUAGES:
        raise ValueError(f"language: expected one of {', '.join(DATE_LANGUAGES)}, got {language!r}")
    if style not in STYLES:
        raise ValueError(f"style: expected one of {', '.join(STYLES)}, got {style!r}")
    locale = Locale(DATE_LANGUAGES[language])
    fields, text, spans = DateTimeFormat(day, locale), "", {}
    # “%(EEEE)s, %(d)s. %(MMMM)s %(y)s”: every other piece is the name of a field
    for i, piece in enumerate(re.split(r"%\((\w+)\)s", str(get_date_format(style, locale).format))):
        before = len(text)
        text += (fields[piece] if i % 2 else piece).lower()
        if i % 2 and piece[0] in _FIELDS:
            spans[_FIELDS[piece[0]]] = (before, len(text))
    return WrittenDate(day=day, language=language, text=text, spans=spans)


def random_dates(
    count: int, generator: Generator, languages: Sequence[str] = tuple(DATE_LANGUAGES)
) -> list[WrittenDate]:
    """Draw days from 1950 to 2049, each in one of the languages and styles, equally likely. Raises as `write_date`."""

    def drawn(below: int) -> list[int]:
        return torch.randint(below, (count,), generator=generator).tolist()

    days = drawn(LAST_DAY.toordinal() - FIRST_DAY.toordinal() + 1)
    return [
        write_date(datetime.date.fromordinal(FIRST_DAY.toordinal() + day), languages[language], STYLES[style])
        for day, language, style in zip(days, drawn(len(languages)), drawn(len(STYLES)), strict=True)
    ]


def dates_as_text(dates: Iterable[WrittenDate]) -> ParallelText:
    """Return dates, one token for each character, beside the same days as ISO 8601 writes them."""
    return ParallelText.of([(tuple(date.text), tuple(date.iso)) for date in dates])
