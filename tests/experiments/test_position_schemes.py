"""Schemes differ in nothing but positions; what is scored is what a window alone tells; the record is whole."""

import math

import pytest
import torch

import seqviz as sv
from experiments.position_schemes import ORDERS, Sizes, bits, ngram_bits, run, split
from seqviz.models.transformer.decoder_only import SCHEMES

SMALL = Sizes(size=8, heads=2, inner=8, layers=1, time=6, batch=2, steps=4, every=2, tested=3)


def test_what_is_held_out_is_not_learned_from():
    train, held_out = split(SMALL)
    whole = sv.data.PROSE_ALPHABET.encode(sv.data.prose())
    assert torch.equal(torch.cat([train, held_out.flatten()]), whole[: len(train) + held_out.numel()])
    assert held_out.shape == (3, 7)


def test_an_ngram_sees_nothing_before_its_window_and_does_not_predict_its_first_character():
    train, held_out = split(SMALL)
    model = sv.models.NGram(train, len(sv.data.PROSE_ALPHABET), 3)
    costs = []
    for row in held_out:
        for t in range(1, 7):
            context = torch.cat([sv.models.ngram.no_context(1, order=3)[0], row[:t]])[None]
            costs.append(-math.log2(model.probabilities(context)[0, row[t]]))
    found = ngram_bits(train, held_out)
    assert list(found) == [str(order) for order in ORDERS]
    assert found["3"] == pytest.approx(sum(costs) / len(costs), abs=1e-10)


def test_a_model_that_knows_nothing_needs_the_logarithm_of_the_alphabet():
    model = sv.models.CausalTransformer(30, 8, 2, 8, 1, "none")
    with torch.no_grad():
        model.W_o.zero_()
    assert bits(model, split(SMALL)[1]) == pytest.approx(math.log2(30), abs=1e-5)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_run_has_a_score_before_the_first_step_and_every_few_steps(scheme):
    curve = run(scheme, SMALL, 0, split(SMALL))
    assert len(curve) == 3
    assert all(0 < score < 10 for score in curve)


def test_the_record_has_every_scheme_and_seed():
    record = sv.data.recorded("position_schemes")
    assert list(record["results"]) == list(SCHEMES)
    points = record["sizes"]["steps"] // record["sizes"]["every"] + 1
    for seeds in record["results"].values():
        assert [len(curve) for curve in seeds] == [points] * record["seeds"]
    assert list(record["n-grams"]) == [str(order) for order in ORDERS]
