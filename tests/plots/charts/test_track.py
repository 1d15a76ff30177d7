"""Curves along a sequence."""

import numpy as np
import pytest

from seqviz.plots.charts.track import describe_track, track_figure

TRUTH = np.array([False, True, True, False, True])
CURVES = {"one": np.array([0.0, 0.5, 1.0, 0.2, 0.6]), "two": np.array([0.1, 0.9, 0.9, 0.1, 0.9])}
WORDS = {"unit": "probability of a gene", "true_name": "a gene"}


def test_the_curves_and_the_band_hold_the_numbers():
    band, *lines = track_figure(CURVES, TRUTH, "ACGTA", **WORDS).data
    np.testing.assert_array_equal(np.array(band.y), TRUTH)
    for line, (name, curve) in zip(lines, CURVES.items(), strict=True):
        assert line.name == name
        np.testing.assert_array_equal(np.array(line.y), curve)
        assert list(line.x) == [1, 2, 3, 4, 5]
        assert list(line.text) == list("ACGTA")
    assert len({line.line.dash for line in lines}) == 2, "not by colour alone"


def test_the_sentence_says_where_and_how_much():
    assert describe_track(CURVES, TRUTH, "ACGTA", **WORDS) == (
        "A gene at steps 2 to 3 and 5. Mean probability of a gene: "
        "one 70% inside, 10% outside; two 90% inside, 10% outside."
    )
    nowhere = np.zeros(5, dtype=bool)
    assert describe_track({"one": CURVES["one"]}, nowhere, "ACGTA", **WORDS) == (
        "A gene nowhere. Mean probability of a gene: one 46% outside."
    )


def test_lengths_that_differ_are_refused():
    with pytest.raises(ValueError, match=r"expected 4 values, one per token, got \{'truth': 5, 'one': 5, 'two': 5\}"):
        track_figure(CURVES, TRUTH, "ACGT", **WORDS)
