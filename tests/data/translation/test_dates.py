"""Dates are written as babel writes them, and the known spans hold the parts they are said to hold."""

import datetime

import pytest
import torch
from babel.dates import format_date, get_month_names

from seqviz.data.translation.dates import DATE_LANGUAGES, STYLES, dates_as_text, random_dates, write_date

DAY = datetime.date(2043, 7, 4)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("language", DATE_LANGUAGES)
def test_a_date_is_written_as_babel_does_it(language: str, style: str):
    for month in range(1, 13):
        day = datetime.date(1987, month, 2 * month)
        assert write_date(day, language, style).text == format_date(day, style, DATE_LANGUAGES[language]).lower()


@pytest.mark.parametrize("language", DATE_LANGUAGES)
def test_the_spans_hold_year_month_and_day(language: str):
    date = write_date(DAY, language)
    said = {part: date.text[slice(*span)] for part, span in date.spans.items()}
    months = get_month_names("wide", "format", DATE_LANGUAGES[language])
    assert said == {"year": "2043", "month": months[7].lower(), "day": "4"}


def test_hungarian_says_the_year_first_and_the_others_last():
    first = {language: write_date(DAY, language).spans["year"] < write_date(DAY, language).spans["day"]
             for language in DATE_LANGUAGES}  # fmt: skip
    assert [language for language, is_first in first.items() if is_first] == ["Hungarian"]


def test_the_alignment_is_known_for_all_but_the_hyphens():
    date = write_date(DAY, "German", "long")
    assert (date.text, date.iso) == ("4. juli 2043", "2043-07-04")
    of = ["".join(c for c, known in zip(date.text, row, strict=True) if known) for row in date.alignment.tolist()]
    assert of == ["2043"] * 4 + [""] + ["juli"] * 2 + [""] + ["4"] * 2


def test_draws_follow_the_generator_and_cover_languages_styles_and_a_century():
    dates, again, other = (random_dates(600, torch.Generator().manual_seed(seed)) for seed in (3, 3, 4))
    assert dates == again != other
    assert {date.language for date in dates} == set(DATE_LANGUAGES)
    assert {any(character.isdigit() for character in date.text.split()[0]) for date in dates} == {True, False}
    years = [date.day.year for date in dates]
    assert (min(years), max(years)) == (1950, 2049)
    assert {date.language for date in random_dates(9, torch.Generator(), ["French"])} == {"French"}


def test_characters_are_tokens_on_both_sides():
    text = dates_as_text([write_date(DAY, "Spanish"), write_date(DAY, "Hungarian", "long")])
    assert "".join(text.pairs[1][0]) == "2043. július 4."
    assert text.source.tokens[-2:] == ("á", "ú")
    assert "".join(text.pairs[0][1]) == "2043-07-04"
    assert text.target.tokens[7:] == tuple("-02347")


def test_other_languages_and_styles_are_refused():
    with pytest.raises(ValueError, match=r"language: expected one of English, German, .*, got 'Danish'"):
        write_date(DAY, "Danish")
    with pytest.raises(ValueError, match="style: expected one of full, long, got 'short'"):
        write_date(DAY, "German", "short")
