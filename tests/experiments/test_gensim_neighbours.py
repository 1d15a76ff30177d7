"""Vectors compared with themselves agree wholly, with drawn ones by chance; the record says how it was made."""

import pytest
import torch

from experiments.gensim_neighbours import ASKED, COUNT, VOCABULARY, analogies_right, correlation, shared_neighbours
from seqviz.data.records import recorded


@pytest.fixture
def vectors():
    return torch.randn(len(VOCABULARY), 6, generator=torch.Generator().manual_seed(0))


def test_turned_and_scaled_vectors_have_the_same_neighbours(vectors):
    turn, _ = torch.linalg.qr(torch.randn(6, 6, generator=torch.Generator().manual_seed(1)))
    assert shared_neighbours(vectors, 3 * vectors @ turn) == 1
    assert correlation(vectors, 3 * vectors @ turn) == pytest.approx(1, abs=1e-5)


def test_drawn_vectors_share_neighbours_by_chance(vectors):
    other = torch.randn(vectors.shape, generator=torch.Generator().manual_seed(2))
    assert shared_neighbours(vectors, other) < 0.15
    assert abs(correlation(vectors, other)) < 0.3
    assert analogies_right(other) < 0.2


def test_the_record_compares_each_with_the_other_and_with_itself():
    record = recorded("gensim_neighbours")
    assert record["command"] == "python -m experiments.gensim_neighbours"
    assert record["neighbours"] == COUNT
    assert {"torch", "gensim"} <= record["environment"].keys()
    assert all(len(values) == record["seeds"] >= 5 for values in record["results"].values())
    assert {f"neighbours, {of}" for of in ("ours and gensim's", "ours twice", "gensim's twice")} <= set(
        record["results"]
    )
    assert "queen" in ASKED
