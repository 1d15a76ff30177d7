"""Digits have names and levels; a histogram costs its entropy; the record is whole."""

import math

import pytest
import torch

import seqviz as sv
from experiments.named_digits import LEVELS, TEMPERATURES, Digits, Sizes, judged, nats_of_histogram, penned_digits, run

SMALL = Sizes(known=100, held_out=20, embedding=2, hidden=3, batch=4, steps=2, drawn=1)


def test_penned_digits_have_four_levels_and_every_name():
    penned = penned_digits(300, torch.Generator().manual_seed(0))
    assert penned.pixels.shape == (300, 64)
    assert penned.pixels.unique().tolist() == list(range(LEVELS))
    assert penned.names.unique().tolist() == list(range(10))


def test_the_judge_follows_two_of_three_and_else_the_nearest():
    known = Digits(torch.tensor([[0, 0], [0, 1], [1, 1], [9, 9], [9, 8], [8, 8]]), torch.tensor([5, 7, 7, 1, 2, 3]))
    assert judged(torch.tensor([[0, 0], [9, 9]]), known).tolist() == [7, 1]


def test_a_histogram_costs_the_logarithm_of_what_it_counts():
    known, tested = torch.tensor([[0, 3], [0, 3]]), torch.tensor([[0, 1]])
    assert nats_of_histogram(known, tested) == pytest.approx((math.log(6 / 3) + math.log(6)) / 2, abs=1e-6)


def test_a_run_scores_drawings_at_every_temperature():
    result = run(SMALL, 0)
    assert list(result["judge on drawn digits"]) == [str(one) for one in TEMPERATURES]
    assert [len(rows) for rows in result["drawn"].values()] == [10, 10, 10]
    assert run(SMALL, 1)["drawn"] == {}


def test_the_record_has_every_seed():
    record = sv.data.recorded("named_digits")
    assert len(record["results"]) == record["seeds"] == 5
    assert all(len(row) == 64 for row in record["results"][0]["drawn"]["0.7"])
