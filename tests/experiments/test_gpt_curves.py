"""Kinds differ in the network alone and are scored on the same characters; a curve has a point for every mark."""

import itertools
import math
from dataclasses import asdict, replace

import pytest
import torch

import seqviz as sv
from experiments.gpt_curves import (
    KINDS,
    TOKENS,
    Sizes,
    Texts,
    bits,
    counted,
    logits_of,
    made,
    measure,
    rate,
    run,
    split,
)
from seqviz.models.recurrent_network import output_layer

SMALL = Sizes(size=8, heads=2, inner=8, layers=1, batch=2, time=6, steps=5, marks=2)


def some_texts() -> Texts:
    whole = split(3, 20)
    return Texts(whole.train[:400], whole.pieces)


def test_what_is_scored_follows_what_is_learned_from_and_is_the_text_of_the_chapter():
    texts = split()
    whole = sv.data.PROSE_ALPHABET.encode(sv.data.prose())
    assert texts.pieces.shape == (20, 1000)
    assert torch.equal(torch.cat([texts.train, texts.pieces.flatten()]), whole[: len(texts.train) + 20_000])


def test_nothing_but_the_scheme_differs_among_the_gpts_and_all_rates_fall_alike():
    gpts = [sizes for sizes in KINDS.values() if sizes.scheme is not None]
    assert len(gpts) == len({sizes.scheme for sizes in gpts}) == 4
    assert len({replace(sizes, scheme=None) for sizes in gpts}) == 1
    for sizes in KINDS.values():
        assert rate(sizes, 1) == pytest.approx(1e-2 / 50, rel=0.01)
        assert rate(sizes, sizes.steps) == pytest.approx(1e-3)
        assert (sizes.batch, sizes.time) == (gpts[0].batch, gpts[0].time), "a step has read as many characters"


def test_an_lstm_is_carried_through_a_piece():
    torch.manual_seed(0)
    lstm, pieces, costs = made(replace(SMALL, scheme=None)), some_texts().pieces, []
    for piece in pieces:
        memory = lstm.start(1)
        for token, following in itertools.pairwise(piece):
            memory = lstm.step(sv.data.PROSE_ALPHABET.one_hot(token[None]), memory)
            said = output_layer(memory[0], lstm.W_hy, lstm.b_y).log_softmax(-1)
            costs.append(-said[0, following].item() / math.log(2))
    assert bits(lstm, replace(SMALL, scheme=None), pieces) == pytest.approx(sum(costs) / len(costs), abs=1e-5)


@pytest.mark.parametrize("scheme", ["learned", "rotary"])
def test_a_gpt_has_half_a_window_before_every_character_but_the_first_ones(scheme):
    torch.manual_seed(0)
    sizes, pieces, costs = replace(SMALL, scheme=scheme), some_texts().pieces, []
    model = made(sizes)
    for piece in pieces:
        for t in range(1, len(piece)):
            begin = 3 * math.ceil(max(t - 6, 0) / 3)
            assert t - begin >= min(t, 4)
            said = logits_of(model, piece[None, begin:t])[0, -1].log_softmax(-1)
            costs.append(-said[piece[t]].item() / math.log(2))
    assert bits(model, sizes, pieces) == pytest.approx(sum(costs) / len(costs), abs=1e-5)


def test_a_counted_model_scores_the_same_characters():
    texts = some_texts()
    model = sv.models.NGram(texts.train, TOKENS, 3)
    costs = [-model.log_probabilities(piece)[1:] / math.log(2) for piece in texts.pieces]
    assert counted(texts, 3)["bits"] == pytest.approx(torch.cat(costs).mean().item(), abs=1e-10)


@pytest.mark.parametrize("scheme", [None, "learned", "sinusoidal", "alibi", "rotary"])
def test_a_curve_has_a_point_before_the_first_step_and_at_every_mark(scheme):
    curve = run("", replace(SMALL, scheme=scheme), 0, some_texts())
    assert curve["steps"] == [0, 3, 5]
    assert curve["seconds"] == sorted(curve["seconds"])
    assert len(curve["seconds"]) == len(curve["bits"]) == 3
    assert all(0 < one < 10 for one in curve["bits"])
    assert ("read at once" in curve) == (scheme not in (None, "learned"))


def test_training_lowers_the_bits_of_what_is_learned():
    texts = some_texts()
    texts = Texts(texts.train, texts.train[:60].view(3, 20))
    for scheme in (None, "alibi"):
        curve = run("", replace(SMALL, scheme=scheme, size=16, batch=8, steps=200, marks=1), 0, texts)
        assert curve["bits"][-1] < 0.8 * curve["bits"][0]


def test_a_measurement_has_every_kind_and_seed():
    found = measure({"one": SMALL, "other": replace(SMALL, scheme="alibi")}, 2, some_texts())
    assert {kind: len(curves) for kind, curves in found.items()} == {"one": 2, "other": 2}


def test_the_record_has_every_kind_seed_and_mark():
    record = sv.data.recorded("gpt_curves")
    assert record["command"] == "python -m experiments.gpt_curves"
    assert record["kinds"] == {kind: asdict(sizes) for kind, sizes in KINDS.items()}
    assert record["pieces"] == [20, 1000]
    assert list(record["results"]) == list(KINDS)
    assert record["5-gram"]["bits"] == pytest.approx(counted(split())["bits"], abs=0.05)  # the text is Python's own
    for kind, curves in record["results"].items():
        assert len(curves) == record["seeds"] >= 5
        sizes = KINDS[kind]
        for curve in curves:
            assert curve["steps"][0] == 0
            assert curve["steps"][-1] == sizes.steps
            assert len(curve["steps"]) == len(curve["seconds"]) == len(curve["bits"]) == sizes.marks + 1
            assert curve["seconds"] == sorted(curve["seconds"])
            assert curve["bits"][0] == pytest.approx(math.log2(TOKENS), abs=0.1)
            assert curve["bits"][-1] < 2
            assert ("read at once" in curve) == (sizes.scheme not in (None, "learned"))
