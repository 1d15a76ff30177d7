from datetime import UTC, datetime, timedelta

import pytest

from seqviz.grading.gradebook import Graded, Key
from seqviz.grading.late import parse_rule, with_lateness
from seqviz.grading.results import GRADED, Row
from seqviz.grading.times import TimeError

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("rule", "late", "points"),
    [
        ("10% per day", timedelta(0), 0.0),
        ("10% per day", timedelta(seconds=1), 2.0),
        ("10% per day", DAY, 2.0),
        ("10% per day", DAY + timedelta(seconds=1), 4.0),
        ("10% per day", 30 * DAY, 20.0),
        ("10 % per day, at most 50 %", 30 * DAY, 10.0),
        ("2 points per hour", 3 * HOUR, 6.0),
        ("1 point per week", 8 * DAY, 2.0),
        ("0.5 points per hour, at most 5%", 9 * HOUR, 1.0),
        ("100%", timedelta(seconds=1), 20.0),
        ("100%", timedelta(0), 0.0),
    ],
)
def test_every_begun_step_costs(rule: str, late: timedelta, points: float) -> None:
    assert parse_rule(rule).penalty(late, 20.0) == points


@pytest.mark.parametrize("rule", ["", "10%", "10 per day", "10% per month", "-10% per day", "half per day"])
def test_other_rules_are_refused_in_words(rule: str) -> None:
    with pytest.raises(TimeError, match="is not a rule such as"):
        parse_rule(rule)


def graded(submitted_at: str, points: float) -> Graded:
    rows = [Row("a", points, 20.0, "ran")]
    return Graded(Key("ada", "hw", "s", "c"), "x", "", submitted_at, GRADED, "", [], [], 0.1, rows)


def test_a_penalty_takes_no_more_than_there_is() -> None:
    due, rule = datetime(2026, 11, 20, tzinfo=UTC), parse_rule("10% per day")
    handed_in = [
        ("2026-11-19T23:59:59+00:00", 5.0),
        ("2026-11-20T00:00:01+00:00", 5.0),
        ("2026-11-29T00:00:00+00:00", 5.0),
    ]
    one_class = [graded(*one) for one in handed_in]
    assert [one.points for one in with_lateness(one_class, due, rule)] == [5.0, 3.0, 0.0]
    assert [one.late for one in with_lateness(one_class, due, None)] == [timedelta(0), timedelta(seconds=1), 9 * DAY]
    assert [one.points for one in with_lateness(one_class, due, None)] == [5.0, 5.0, 5.0]
    assert with_lateness(one_class, None, rule) == one_class
