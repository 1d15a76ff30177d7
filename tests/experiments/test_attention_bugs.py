"""Each bug is what it is called and nothing else; the record has every kind and seed."""

import pytest
import torch

import seqviz as sv
from experiments.attention_bugs import KINDS, Sizes, alone, known_of, measure, split
from seqviz.data.tokenizer import BOS
from seqviz.data.translation.dates import dates_as_text

SMALL = Sizes(pairs=20, held_out=6, embedding=3, hidden=4, attention=5, batch=2, steps=2)


def made(kind: str):
    torch.manual_seed(0)
    return KINDS[kind](40, 20, 3, 4, 5)


@pytest.fixture
def source() -> torch.Tensor:
    return torch.randint(7, 40, (2, 9), generator=torch.Generator().manual_seed(0))


def test_blind_weights_do_not_change_with_the_annotations(source):
    token = torch.tensor([BOS, BOS])
    for kind, blind in {"as it should be": False, "weights never see the annotations": True}.items():
        model = made(kind)
        state = model.encode(source)
        other = state._replace(annotations=state.annotations.flip(1))
        assert torch.equal(model.look(token, state).weights, model.look(token, other).weights) == blind


def test_a_cell_from_zero_gives_the_same_state_after_any_state(source):
    token = torch.tensor([BOS, BOS])
    weights = torch.full((2, 9), 1 / 9)
    for kind, stateless in {"as it should be": False, "the cell never gets its state": True}.items():
        model = made(kind)
        state = model.encode(source)
        other = state._replace(s=-state.s)
        assert (
            torch.equal(model.look(token, state, weights).state.s, model.look(token, other, weights).state.s)
            == stateless
        )


def test_without_a_mask_padding_has_weight(source):
    lengths = torch.tensor([9, 5])
    for kind, looks in {"as it should be": False, "padding is not masked": True}.items():
        model = made(kind)
        weights = model.look(torch.tensor([BOS, BOS]), model.encode(source, lengths)).weights
        assert bool(weights[1, 5:].any()) == looks


def test_no_day_is_learned_and_tested():
    learned, held_out = split(SMALL, 0)
    assert not {date.day for date in learned} & {date.day for date in held_out}
    text = dates_as_text(learned + held_out)
    batch = text.batch(range(len(learned), len(text)))
    model = sv.models.BahdanauTranslator(len(text.source), len(text.target), 3, 4, 5)
    said, weights = alone(model, batch)
    known = known_of(held_out, weights)
    assert said.shape == batch.target.shape
    assert known[:, :4].sum(-1).tolist() == [[4] * 4] * 6  # a year has four digits
    assert not known[:, 10].any()


def test_a_measurement_has_a_place_for_everything_and_every_seed():
    results = measure(SMALL, 2)
    assert list(results) == list(KINDS)
    assert all(len(of_seeds) == 2 for of_kind in results.values() for of_seeds in of_kind.values())


def test_the_record_has_every_kind_and_seed():
    record = sv.data.recorded("attention_bugs")
    assert list(record["results"]) == list(KINDS)
    assert all(len(of_seeds) == record["seeds"] for one in record["results"].values() for of_seeds in one.values())
