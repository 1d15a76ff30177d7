"""The table of what a chapter costs."""

import json

from tests.seconds import table


def test_seconds_are_summed_by_chapter_and_kind_and_what_is_too_much_is_marked():
    spent = [
        ("05_lstm", "browser", 20.0),
        ("05_lstm", "browser", 10.5),
        ("05_lstm", "chapter", 60.0),
        ("all", "else", 99),
    ]
    rows = {row.split()[0]: row.split()[1:] for row in table([json.dumps(one) for one in spent]).splitlines()}
    assert rows["05_lstm"] == ["60.0", "30.5*", "0.0"]
    assert rows["06_gru"] == ["0.0", "0.0", "0.0"]
    assert rows["all"] == ["0.0", "0.0", "99.0"]
