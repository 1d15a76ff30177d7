"""A walk through both directions: other steps and units are other pictures, a line is in the browser."""

import pytest
import torch

from seqviz.data import BASES, GENE_TAGS, Tokenizer
from seqviz.models import Bidirectional, RNNLayer, Tagger
from seqviz.plots import bidirectional
from seqviz.plots.stacked.bidirectional import PARTS
from seqviz.traces import trace_bidirectional
from seqviz.widgets import explore
from tests.widgets.asked import answer, assert_still

LETTERS = Tokenizer.of_characters(BASES)


@pytest.fixture
def tagger():
    torch.manual_seed(0)
    return Tagger(Bidirectional(RNNLayer(4, 5), RNNLayer(4, 3)), 8, len(GENE_TAGS))


def test_another_step_and_another_unit_are_drawn_anew(wire, tagger):
    explorer = explore.bidirectional(tagger, LETTERS, GENE_TAGS, "ACGT", unit=2, step=3, part=1)
    assert_still(explorer, bidirectional(trace_bidirectional(tagger, LETTERS, GENE_TAGS, "ACGT", 2), 3, 1).figure)
    update = answer(wire, explorer, step=1, unit=0)
    expected = bidirectional(trace_bidirectional(tagger, LETTERS, GENE_TAGS, "ACGT", 0), 1, 1)
    assert "figure" in update
    assert update["content"]["sentences"][1] == expected.sentence
    assert_still(explorer, expected.figure)


def test_the_rows_are_the_equations_and_there_are_as_many_units_as_both_have(tagger):
    explorer = explore.bidirectional(tagger, LETTERS, GENE_TAGS, "ACGT")
    assert explorer.content["strip"]["tokens"] == list(PARTS)
    assert (explorer.content["selections"], explorer.content["pick"]) == (len(PARTS), "yaxis")
    (unit,) = (control for control in explorer.controls if control["name"] == "unit")
    assert unit["maximum"] == 2
