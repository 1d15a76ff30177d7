"""What is watched while a network learns to hear is counted right; the record is whole."""

import math

import pytest
import torch

import seqviz as sv
from experiments.dialled_numbers import (
    Sizes,
    deaf_loss,
    heard_in_noise,
    house_language,
    learned,
    lost_a_repeat,
    right,
    watch,
)
from seqviz.data.hearing.dialled import dial, heard_calls, labels_of
from seqviz.models.hearing.listener import Listener

SMALL = Sizes(hidden=3, calls=6, batch=2, steps=4, every=2, watched=3, tested=2, known_numbers=40, decibels=(0.0,))


def test_without_hearing_one_digit_in_one_frame_of_many_costs_its_best_distribution():
    heard = heard_calls([dial("7", 100, 300)])
    frames, numbers = heard._replace(frames=heard.frames[:, :2], lengths=torch.tensor([2])), 11
    # two frames say 7-, -7 or 77: 2pq + p², greatest at p = 1
    assert deaf_loss(frames) == pytest.approx(0, abs=0.02)
    two = heard_calls([dial("7", 100, 300), dial("8", 100, 300)])
    two = two._replace(frames=two.frames[:, :1], lengths=torch.tensor([1, 1]))
    assert deaf_loss(two) == pytest.approx(math.log(2), abs=0.02)
    assert numbers == Listener(1, 1, 11)(torch.zeros(1, 1, 1)).shape[2]


def test_a_number_of_the_house_is_likelier_than_another():
    language = house_language(SMALL, torch.Generator().manual_seed(0))

    def whole(number: str) -> float:
        labels = tuple(labels_of(number).tolist())
        return language.log_probability(labels) + language.end(labels)

    assert whole("1213") > whole("9713") + 2
    assert whole("1213") > whole("1283") + 2


def test_only_what_was_dialled_twice_may_be_missing():
    assert lost_a_repeat("153", "1553")
    assert lost_a_repeat("15", "11555")
    assert not lost_a_repeat("1553", "1553")
    assert not lost_a_repeat("1653", "1553")
    assert not lost_a_repeat("13", "1553")
    assert not lost_a_repeat("15553", "1553")
    assert right(["12", "3"], [dial("12"), dial("4")]) == 0.5


def test_a_silent_network_is_seen_to_be_silent():
    listener = Listener(41, 2, 11)
    with torch.no_grad():
        listener.tagger.b_y[0] = 100.0
    calls = [dial("12"), dial("34")]
    seen = watch(listener, calls, heard_calls(calls), width=2)
    assert (seen["blanks"], seen["best path"], seen["prefix beam"]) == (1, 0, 0)


def test_a_run_is_watched_before_the_first_step_and_after_the_last():
    listener, losses, curve, deaf = learned(SMALL, 0, watched=SMALL.watched)
    assert len(losses) == 4
    assert [at["step"] for at in curve] == [0, 2, 4]
    assert 0 < deaf < curve[0]["loss"]
    found = heard_in_noise(listener, SMALL, 0)["0"]
    assert found["mistakes"] == round(SMALL.tested * (1 - found["random"]))
    assert set(found["house"]) == {"best path", "prefix beam", "with the language model"}


def test_the_record_has_every_seed_and_strength():
    record = sv.data.recorded("dialled_numbers")
    sizes = Sizes(**{name: tuple(v) if isinstance(v, list) else v for name, v in record["sizes"].items()})
    assert sizes == Sizes()
    assert len(record["results"]) == record["seeds"]
    for result in record["results"]:
        assert [at["step"] for at in result["curve"]] == list(range(0, sizes.steps + 1, sizes.every))
        assert len(result["losses"]) == sizes.steps
        assert set(result["tested"]) == {f"{decibels:g}" for decibels in sizes.decibels}
