"""Other digits are held against the same frames, and shares are shown for sums."""

import pytest
import torch

from seqviz.plots.hearing.lattice import describe_lattice
from seqviz.traces.hearing.lattice import trace_lattice
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened

LOG_P = torch.randn(6, 11, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).log_softmax(-1)


@pytest.fixture
def explorer():
    return explore.lattice(LOG_P, "113", frame=2)


def told(*asked):
    trace = trace_lattice(LOG_P, *asked)
    return [describe_lattice(trace, frame) for frame in range(6)]


def test_it_opens_on_the_sums_of_the_digits(wire, explorer):
    assert opened(wire, explorer)["content"]["sentences"] == told("113")
    assert explorer.still()[1] == told("113")[2]


def test_other_digits_and_shares(wire, explorer):
    assert answer(wire, explorer, digits="42")["content"]["sentences"] == told("42")
    assert answer(wire, explorer, shown="share of all paths")["content"]["sentences"] == told(
        "42", "share of all paths"
    )


def test_what_cannot_be_said_is_answered_in_words(wire, explorer):
    assert answer(wire, explorer, digits="1111")["content"]["error"] == (
        "expected at most as many digits as 6 frames can say, got 4"
    )
