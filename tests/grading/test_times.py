from datetime import UTC, datetime, timedelta

import pytest

from seqviz.grading.times import TimeError, in_words, parse_time


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2015-02-02 15:58:23.948203 UTC", "2015-02-02T15:58:23.948203"),
        ("2015-02-02 15:58:23.948203 America/Los_Angeles", "2015-02-02T23:58:23.948203"),
        ("2015-07-02 15:58:23 America/Los_Angeles", "2015-07-02T22:58:23"),
        ("2026-11-20 23:59 Europe/Berlin", "2026-11-20T22:59"),
        ("2026-11-20 23:59 CET", "2026-11-20T22:59"),
        ("2026-11-20T23:59+01:00", "2026-11-20T22:59"),
        ("2026-11-20T23:59Z", "2026-11-20T23:59"),
        ("2026-11-20 23:59 +0100", "2026-11-20T22:59"),
        ("2026-11-20 23:59 UTC-5", "2026-11-21T04:59"),
        ("2026-11-20 EST", "2026-11-20T05:00"),
    ],
)
def test_zones_of_every_kind_are_understood(text: str, expected: str) -> None:
    assert parse_time(text) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_a_time_without_a_zone_is_one_only_where_there_is_a_default() -> None:
    assert parse_time("2026-11-20 23:59", UTC) == datetime(2026, 11, 20, 23, 59, tzinfo=UTC)
    with pytest.raises(TimeError, match="has no time zone"):
        parse_time("2026-11-20 23:59")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2026-11-20 23:59 Mars/Olympus", "the time zone 'Mars/Olympus' is not known"),
        ("2026-11-20 23:59 ../../etc/passwd", "is not known"),
        ("2026-11-20 23:59 PST", "'PST' is not known"),
        ("2026-11-31 23:59 UTC", "is not a time"),
        ("2026-11-20 23:59 +99:00", "no offset"),
        ("tomorrow", "is not a time such as"),
        ("", "is not a time such as"),
    ],
)
def test_what_is_not_understood_is_said(text: str, words: str) -> None:
    with pytest.raises(TimeError) as said:
        parse_time(text, UTC)
    assert words in str(said.value)


def test_spans_in_words() -> None:
    spans = [timedelta(0), timedelta(seconds=1), timedelta(hours=26, minutes=5), timedelta(days=3)]
    assert [in_words(span) for span in spans] == ["", "1 min", "1 d 2 h 5 min", "3 d"]
