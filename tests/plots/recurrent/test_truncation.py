"""Chunks on the map of gradients: the border, the pairs, the share that is missing."""

import numpy as np
import pytest

from seqviz.plots.recurrent import truncation as plots
from seqviz.traces.recurrent.records import TruncationTrace

TOKENS = tuple("he lo o")
STEPS = len(TOKENS)
random = np.random.default_rng(5)
NORMS = np.tril(10 ** random.uniform(-5, 0, size=(STEPS, STEPS)))
MISSING = np.array([*np.linspace(0.9, 0.1, STEPS - 1), 0.0])
TRACE = TruncationTrace(tokens=TOKENS, norms=NORMS, missing=MISSING, angles=np.linspace(60, 0, STEPS))


@pytest.mark.parametrize("chunk", range(1, STEPS + 1))
def test_the_border_is_where_each_loss_stops_reaching_back(chunk):
    starts = plots.reached_back_to(STEPS, chunk)
    assert starts.tolist() == [max(k for k in range(0, STEPS, chunk) if k <= t) for t in range(STEPS)]
    pairs = sum(1 for t in range(STEPS) for k in range(t + 1) if k // chunk == t // chunk)
    assert plots.kept_pairs(STEPS, chunk) == pairs
    figure = plots.truncation(TRACE, chunk - 1).figure
    border = figure.data[1]
    for t in range(STEPS):
        assert (border.x[2 * t], border.x[2 * t + 1]) == (starts[t] + 0.5, starts[t] + 0.5)
        assert (border.y[2 * t], border.y[2 * t + 1]) == (t + 0.5, t + 1.5)
    assert list(figure.data[3].x) == [chunk, chunk]


@pytest.mark.parametrize("chunk", range(1, STEPS + 1))
def test_the_text_changes_its_colour_where_it_is_cut(chunk):
    levels = plots.chunk_levels(STEPS)[chunk - 1]
    cuts = [t for t in range(1, STEPS) if levels[t] != levels[t - 1]]
    assert cuts == list(range(chunk, STEPS, chunk))


def test_the_map_holds_the_powers_of_ten_and_a_gap_where_there_is_no_gradient():
    figure = plots.truncation_figure(TRACE)
    z = np.array(figure.data[0].z, dtype=float)
    below = np.tril_indices(STEPS)
    np.testing.assert_allclose(z[below], np.log10(NORMS[below]))
    assert np.isnan(z[np.triu_indices(STEPS, 1)]).all()
    assert figure.layout.xaxis.ticktext == ("h", "e", "␣", "l", "o", "␣", "o")


def test_the_curve_is_the_share_that_is_missing():
    figure = plots.truncation_figure(TRACE)
    np.testing.assert_allclose(figure.data[2].y, 100 * MISSING)
    np.testing.assert_array_equal(figure.data[2].x, range(1, STEPS + 1))
    assert figure.layout.yaxis2.range == (0, 105)


def test_the_sentence_counts_cuts_and_pairs():
    assert plots.describe_truncation(TRACE, 2) == (
        "K = 3: 2 cuts, 13 of 28 pairs of a loss and an earlier step are kept. 58% of the gradient's norm is missing; "
        "the rest points 40° away from it."
    )
    assert plots.describe_truncation(TRACE, 3).startswith("K = 4: 1 cut, ")
    assert "no cut" in plots.describe_truncation(TRACE, STEPS - 1)
