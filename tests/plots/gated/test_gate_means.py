"""Gates before training and after: sorted, with the open ones counted."""

import numpy as np

from seqviz.plots.gated import gate_means

MEANS = {"GRU": (np.array([0.7, 0.75, 0.72]), np.array([0.95, 0.5, 0.92])), "LSTM": (np.ones(2) / 2, np.ones(2) / 4)}


def test_every_curve_holds_all_units_the_most_open_first():
    figure = gate_means.gate_means(MEANS).figure
    drawn = {trace.name: (list(trace.x), list(trace.y)) for trace in figure.data}
    assert drawn["GRU, before training"] == ([1, 2, 3], [0.75, 0.72, 0.7])
    assert drawn["GRU, after training"] == ([1, 2, 3], [0.95, 0.92, 0.5])
    assert drawn["LSTM, after training"] == ([1, 2], [0.25, 0.25])


def test_the_sentence_says_the_spread_and_how_many_are_open():
    assert gate_means.describe_gate_means(MEANS) == (
        "GRU: 3 units, from 0.70 to 0.75 before training and from 0.50 to 0.95 after; 2 are above 0.9. "
        "LSTM: 2 units, from 0.50 to 0.50 before training and from 0.25 to 0.25 after; 0 are above 0.9."
    )
