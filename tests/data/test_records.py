"""Records say how they were made, and the longest lag follows from its errors."""

import pytest

from experiments.longest_lag import LEARNT, LENGTHS, VARIANTS, longest
from seqviz.data.records import recorded


def test_a_record_says_which_command_wrote_it_with_which_sizes():
    record = recorded("longest_lag")
    assert record["command"] == "python -m experiments.longest_lag"
    assert record["seeds"] >= 5
    assert {"steps", "batch", "hidden", "learning_rate"} <= record["sizes"].keys()
    assert "torch" in record["environment"]
    assert record["lengths"] == list(LENGTHS)
    assert record["learnt below"] == LEARNT
    assert list(record["variants"]) == list(VARIANTS)


@pytest.mark.parametrize("name", VARIANTS)
def test_the_longest_lags_follow_from_the_errors(name):
    variant = recorded("longest_lag")["variants"][name]
    errors = {
        int(time): [float("inf") if error is None else error for error in found]
        for time, found in variant["errors"].items()
    }
    assert longest(errors) == variant["longest"]


def test_an_unknown_record_is_refused_with_the_known_names():
    with pytest.raises(ValueError, match=r"expected one of .*longest_lag.*, got 'shortest_lag'"):
        recorded("shortest_lag")
