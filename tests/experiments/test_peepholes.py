"""NFG with a limited peephole: free it is the model itself, and the record repeats that of the ablation."""

import pytest
import torch

import seqviz as sv
from experiments import lstm_ablation
from experiments.lstm_ablation import Sizes, asked_of, learn_people
from experiments.peepholes import LIMITED, measure, right_endings
from seqviz.data.gated.agreement import story
from seqviz.models import LSTMVariant

SMALL = Sizes(people_hidden=4, people_steps=2, people_asked=5, batch=2)


def test_unlimited_it_is_the_model():
    model, text = learn_people("NFG", SMALL, 1), story(asked_of(SMALL, 1))
    share, largest = right_endings(model, text, "")
    assert share == pytest.approx(lstm_ablation.right_endings(model, text) / len(text.endings))
    _, (_, cells, _) = model.layer(sv.data.AGREEMENT_VOCABULARY.one_hot(text.indices)[None])
    assert largest == pytest.approx(cells.abs().max().item(), rel=1e-5)


@pytest.mark.parametrize("limited", ["i", "o"])
def test_a_limit_counts_only_where_the_cell_is_beyond_it(limited):
    torch.manual_seed(0)
    text = story(asked_of(SMALL, 2))
    words = len(sv.data.AGREEMENT_VOCABULARY)
    model = LSTMVariant(words, 4, words, "NFG")
    with torch.no_grad():
        model.layer.b[4:8] = 5  # candidates near 1: the cells grow without end
        model.layer.p.fill_(-1)  # and what sees them closes
    assert right_endings(model, text, "i")[1] > 1.5 * right_endings(model, text, "o")[1] > 3


def test_a_measurement_has_a_place_for_everything_and_every_seed():
    results = measure(SMALL, 2)
    assert list(results) == [*LIMITED, "largest cell"]
    assert all(len(of_seeds) == 2 for of_seeds in results.values())


def test_the_free_runs_of_the_record_are_those_of_the_ablation():
    record, ablation = (sv.data.recorded(name) for name in ("peepholes", "lstm_ablation"))
    assert record["sizes"] == ablation["sizes"]
    together = ablation["results"]["endings, one story"]["NFG"]
    # a long training may end elsewhere on another machine: near, not equal
    assert len(record["results"]["as it is"]) == len(together) == record["seeds"]
