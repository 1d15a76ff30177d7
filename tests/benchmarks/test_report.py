"""Tables, ratios and files that the benchmarks print and write."""

import json

import pytest

from benchmarks import report


def test_table_is_markdown_with_numbers_to_the_right():
    text = report.table([{"form": "a", "ms": 7.104}, {"form": "long name", "ms": 12}])
    assert text.splitlines() == [
        "| form      |   ms |",
        "|-----------|-----:|",
        "| a         | 7.10 |",
        "| long name |   12 |",
    ]


def test_table_refuses_rows_of_other_columns():
    with pytest.raises(ValueError, match=r"expected the columns \['a'\], got \['b'\]"):
        report.table([{"a": 1}, {"b": 2}])


def test_ratio_is_taken_pair_by_pair():
    # the third turn was slow for both: the ratio of medians would be 2, the median of ratios is 1
    assert report.ratio([1.0, 2.0, 9.0], [1.0, 1.0, 9.0]) == 1.0


def test_budget():
    assert (report.budget(1.2, 1.2), report.budget(1.21, 1.2)) == ("met", "missed")


def test_result_and_environment_are_kept_as_json(tmp_path):
    path = report.write("thing", {"ratio": 0.9, "environment": report.environment("torch")}, tmp_path / "new")
    kept = json.loads(path.read_text(encoding="utf-8"))
    assert path.name == "thing.json"
    assert kept["ratio"] == 0.9
    assert {"python", "torch", "cores"} <= kept["environment"].keys()
