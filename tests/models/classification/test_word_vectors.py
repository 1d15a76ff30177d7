"""The vector of a word does not depend on the others."""

import torch

from seqviz.models.classification.word_vectors import WordVectors


def test_a_one_hot_input_picks_a_column():
    torch.manual_seed(0)
    layer = WordVectors(5, 3, dtype=torch.float64)
    indices = torch.tensor([[4, 0, 4], [1, 2, 3]])
    states, final = layer(torch.nn.functional.one_hot(indices, 5).double(), None, torch.tensor([3, 3]))
    torch.testing.assert_close(states, layer.E.T[indices], rtol=0, atol=1e-12)
    assert final is None


def test_vectors_start_with_a_length_of_about_one():
    torch.manual_seed(0)
    squares = WordVectors(400, 50).E.square().sum(0)
    assert abs(squares.mean().item() - 1) < 0.05
