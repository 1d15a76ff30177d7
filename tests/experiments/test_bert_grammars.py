"""Grammars differ in one property each; probes ask what they say; the record has every grammar, use and seed."""

from dataclasses import asdict, replace

import pytest
import torch

from experiments.bert_grammars import (
    GRAMMARS,
    KNOWN,
    OTHER,
    Sizes,
    classify,
    hidden_word,
    labelled,
    new,
    one_vector,
    pretrain,
    together,
    uses,
    verdicts,
    warm,
)
from seqviz.data.records import recorded
from seqviz.data.tokenizer import MASK
from seqviz.data.transformer.opinions import OPINION_ADJECTIVES, OPINION_VERBS, OPINION_VOCABULARY, ORDINARY, REDUNDANT

SMALL = Sizes(
    size=8,
    heads=2,
    inner=6,
    layers=1,
    pairs=40,
    held_out=9,
    batch=4,
    steps=4,
    every=2,
    labels=8,
    fine_steps=3,
    tested=10,
)


def drawn():
    return torch.Generator().manual_seed(0)


@pytest.mark.parametrize(
    ("start", "goal"), [(REDUNDANT, ORDINARY), (ORDINARY, REDUNDANT)], ids=["redundant", "ordinary"]
)
def test_every_grammar_between_the_two_has_one_property_of_the_other_and_all_come_up(start, goal):
    changed = []
    for name in GRAMMARS.keys() - {"redundant", "ordinary", "mostly not"}:
        if name.startswith("ordinary, ") == (start == ORDINARY):
            ours, theirs, other = (asdict(one) for one in (GRAMMARS[name], start, goal))
            (differs,) = [field for field in ours if ours[field] != theirs[field]]
            assert ours[differs] == other[differs]
            changed.append(differs)
    assert sorted(changed) == sorted(asdict(REDUNDANT))


def test_mostly_not_is_redundant_but_for_the_share_of_not_which_is_over_half():
    mostly = GRAMMARS["mostly not"]
    assert replace(mostly, negated=REDUNDANT.negated) == REDUNDANT
    assert mostly.negated > 0.5


def test_known_and_other_adjectives_are_the_two_halves():
    for bad_or_good in range(2):
        assert KNOWN[bad_or_good] + OTHER[bad_or_good] == OPINION_ADJECTIVES[bad_or_good]
        assert len(KNOWN[bad_or_good]) == len(OTHER[bad_or_good])


@pytest.mark.parametrize(("which", "words"), [("adjective", OPINION_ADJECTIVES), ("verb", OPINION_VERBS)])
@pytest.mark.parametrize("negated", [0.0, 1.0])
def test_a_gap_stands_where_the_word_stood_and_what_is_right_there_is_known(which, words, negated):
    pairs = together(20, drawn(), REDUNDANT, negated)
    assert len(pairs) == 20
    probe = hidden_word(pairs, which)
    for pair, tokens, place, positive in zip(pairs, probe.packed.tokens, probe.place, probe.positive, strict=True):
        hidden = pair.opinion.words[-1] if which == "adjective" else pair.second[2]
        whole = tokens.tolist()
        assert whole.count(MASK) == 1
        assert whole[place] == MASK
        whole[place] = OPINION_VOCABULARY.encode((hidden,)).item()
        opinion, second = " ".join(pair.opinion.words), " ".join(pair.second)
        assert OPINION_VOCABULARY.decode(torch.tensor(whole)).startswith(f"<cls> {opinion} <sep> {second} <sep>")
        assert ("not" in pair.opinion.words) == bool(negated)
        turned = which == "adjective" and negated
        assert (hidden in words[1]) == (bool(positive) != turned)


def test_who_gives_good_words_more_probability_is_right_of_the_good_alone():
    model = new(SMALL)
    with torch.no_grad():
        for weight in model.parameters():
            weight.zero_()
        model.b_o[OPINION_VOCABULARY.encode(OPINION_VERBS[1])] = 1.0
    probe = hidden_word(together(30, drawn(), REDUNDANT, 0.0), "verb")
    assert verdicts(model, probe, OPINION_VERBS) == pytest.approx(probe.positive.double().mean().item())


def test_the_rate_rises_and_then_falls():
    sizes = replace(SMALL, steps=400)
    assert warm(30, sizes) < warm(60, sizes) > warm(61, sizes) > warm(400, sizes)
    assert warm(400, sizes) == pytest.approx(0.1 * sizes.learning_rate)


def test_a_mean_leaves_the_padding_out():
    model, (packed, _) = new(SMALL), labelled(3, drawn(), KNOWN)
    z, _ = model(*packed, packed.real)
    for row in range(3):
        mean = z[row, packed.real[row]].mean(0)
        torch.testing.assert_close(one_vector(model, packed, "mean")[row], mean)
        torch.testing.assert_close(one_vector(model, packed, "cls")[row], z[row, 0])


def test_training_lowers_the_loss_of_hidden_words():
    _, curve = pretrain(0, REDUNDANT, replace(SMALL, steps=120, every=60, batch=16))
    assert [len(values) for values in curve.values()] == [3, 3, 3]
    assert curve["masked words"][-1] < curve["masked words"][0] - 0.3


def test_classifying_leaves_the_model_as_it_was():
    model = new(SMALL)
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    shares = classify(model, 0, SMALL)
    assert set(shares) == {"known", "other"}
    assert all(torch.equal(weight, before[name]) for name, weight in model.state_dict().items())


def test_every_use_has_its_shares():
    found = uses({"redundant": new(SMALL), "ordinary": new(SMALL)}, 0, SMALL)
    assert all(0 <= share <= 1 for shares in found.values() for share in shares.values())
    assert set(found["cloze"]) == {"plain", "with not"}


def test_the_record_has_every_grammar_use_and_seed():
    record = recorded("bert_grammars")
    assert record["command"] == "python -m experiments.bert_grammars"
    assert record["sizes"] == asdict(Sizes())
    assert record["grammars"] == {name: asdict(grammar) for name, grammar in GRAMMARS.items()}
    assert "torch" in record["environment"]
    curves, used = record["results"]["curves"], record["results"]["uses"]
    assert list(curves) == list(GRAMMARS)
    points = record["sizes"]["steps"] // record["sizes"]["every"] + 1
    for seeds in curves.values():
        assert len(seeds) == record["seeds"] >= 5
        assert all(list(curve) == ["masked words", "next sentence", "verdict"] for curve in seeds)
        assert all(len(values) == points for curve in seeds for values in curve.values())
    model = new(SMALL)
    assert used.keys() == uses({"redundant": model, "ordinary": model}, 0, SMALL).keys()
    assert all(len(seeds) == record["seeds"] for seeds in used.values())
    assert all(0 <= share <= 1 for seeds in used.values() for shares in seeds for share in shares.values())
