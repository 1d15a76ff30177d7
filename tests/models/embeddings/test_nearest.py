"""Neighbours against numpy's sums; the trap of an analogy whose answer is its own question."""

import numpy as np
import pytest
import torch

from seqviz.models.embeddings.nearest import analogy, analogy_query, cosines, nearest, unit

VECTORS = torch.randn(9, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)


def test_cosines_are_those_of_numpy_and_know_no_length():
    query = VECTORS[3]
    numbers = VECTORS.numpy()
    expected = [v @ numbers[3] / np.linalg.norm(v) / np.linalg.norm(numbers[3]) for v in numbers]
    np.testing.assert_allclose(cosines(VECTORS, query), expected, atol=1e-12)
    scaled = VECTORS * torch.arange(1.0, 10)[:, None]
    torch.testing.assert_close(cosines(scaled, 7 * query), cosines(VECTORS, query))


def test_a_vector_of_length_0_is_near_to_nothing():
    assert cosines(torch.cat([VECTORS, torch.zeros(1, 4)]), VECTORS[0])[-1] == 0
    torch.testing.assert_close(unit(torch.zeros(2, 3)), torch.zeros(2, 3))


def test_the_nearest_are_sorted_and_nobody_left_out_is_named():
    order = np.argsort(-cosines(VECTORS, VECTORS[5]).numpy())
    assert nearest(VECTORS, VECTORS[5], 9) == order.tolist()
    assert nearest(VECTORS, VECTORS[5], 3, leave_out=[5, int(order[2])]) == [order[1], order[3], order[4]]


def test_an_analogy_finds_the_fourth_corner_of_a_parallelogram():
    a, b, c = unit(VECTORS[:3])
    words = torch.cat([3 * a[None], 0.1 * b[None], c[None], 8 * (b - a + c)[None], VECTORS[4:]])
    torch.testing.assert_close(analogy_query(words, 0, 1, 2), b - a + c)
    assert analogy(words, 0, 1, 2) == analogy(words, 0, 1, 2, leave_out_query=False) == 3


def test_where_the_relation_is_small_the_question_is_its_own_answer():
    offset = torch.tensor([0.0, 0.0, 0.1])
    words = torch.stack([torch.eye(3)[0], torch.eye(3)[0] + offset, torch.eye(3)[1], torch.eye(3)[1] + 4 * offset])
    assert analogy(words, 0, 1, 2, leave_out_query=False) == 2
    assert analogy(words, 0, 1, 2) == 3


def test_impossible_requests_are_named():
    with pytest.raises(ValueError, match=r"1 … 7, got 8"):
        nearest(VECTORS, VECTORS[0], 8, leave_out=[0, 1])
    with pytest.raises(ValueError, match="query"):
        cosines.__wrapped__(VECTORS, VECTORS[0, :2])
    with pytest.raises(ValueError, match="finite"):
        cosines(VECTORS / 0, VECTORS[0])
