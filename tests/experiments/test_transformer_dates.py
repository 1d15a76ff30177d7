"""Kinds differ in what they are called and nothing else; the record has every kind and seed."""

from dataclasses import asdict, replace

import pytest
import torch

import seqviz as sv
from experiments.transformer_dates import KINDS, Sizes, alone, fit, made, measure, rate
from seqviz.data.tokenizer import BOS
from seqviz.data.translation.parallel import ParallelText
from seqviz.models.translation.search import greedy

SMALL = Sizes(size=8, heads=2, inner=5, layers=1, batch=2, steps=3, pairs=12, held_out=4)
TEXT = ParallelText.of([(tuple("abc"), tuple("xy")), (tuple("cab"), tuple("yz"))])


def test_only_the_warm_up_differs_where_it_is_asked():
    for norm in ("norm first", "norm last"):
        assert replace(KINDS[f"{norm}, none"], warm_up=50) == KINDS[f"{norm}, warm-up"]
    assert replace(KINDS["norm last, none"], norm_first=True) == KINDS["norm first, none"]


def test_only_the_mask_on_the_memory_differs_where_it_is_a_mistake():
    assert replace(KINDS["causal mask on the memory"], causal_memory=False) == KINDS["Transformer, equal time"]


def test_masked_causally_the_first_output_reads_one_step_of_the_memory_and_padding_stays_out():
    model = made(replace(SMALL, causal_memory=True), TEXT)
    batch = TEXT.batch([0, 1])
    _, in_source = model(batch.source, batch.target, torch.tensor([3, 1]))
    allowed = torch.ones(2, 3, 3, dtype=torch.bool).tril()
    allowed[1, :, 1:] = False
    assert torch.equal((in_source[0] > 0).all(1), allowed)


def test_with_and_without_warm_up_the_rate_is_the_same_from_its_end_on():
    rising, none = KINDS["norm last, warm-up"], KINDS["norm last, none"]
    assert [rate(rising, step) for step in range(50, 151)] == [rate(none, step) for step in range(50, 151)]
    assert rate(rising, 1) == pytest.approx(rate(none, 1) / 50)
    assert rate(none, 150) == pytest.approx(0.1 * 6e-3)


def test_training_lowers_the_loss_of_what_it_is_given():
    torch.manual_seed(0)
    sizes = replace(SMALL, steps=60, warm_up=1)
    losses = fit(made(sizes, TEXT), TEXT, 2, sizes)
    assert len(losses) == 60
    assert losses[-1] < 0.3 * losses[0]


@pytest.mark.parametrize("network", ["GRU", "Transformer"])
def test_all_rows_say_what_a_search_finds_for_each(network):
    torch.manual_seed(1)
    model = made(replace(SMALL, network=network), TEXT)
    batch = TEXT.batch([0, 1])
    said = alone(model, batch)
    assert said.shape == batch.target.shape
    for row in range(2):
        state = model.encode(batch.source[row : row + 1], batch.source_lengths[row : row + 1])
        found = greedy(model.step, state, BOS, -1, said.shape[1])
        assert found.tokens == tuple(said[row].tolist())


def test_a_measurement_has_a_place_for_everything_and_every_seed():
    kinds = {"one": SMALL, "other": replace(SMALL, network="GRU")}
    results = measure(kinds, 2)
    assert list(results) == ["one", "other"]
    assert all(len(of_seeds) == 2 for of_kind in results.values() for of_seeds in of_kind.values())


def test_the_record_is_of_these_kinds_and_has_every_seed():
    record = sv.data.recorded("transformer_dates")
    assert record["kinds"] == {kind: asdict(sizes) for kind, sizes in KINDS.items()}
    assert all(len(of_seeds) == record["seeds"] for one in record["results"].values() for of_seeds in one.values())
