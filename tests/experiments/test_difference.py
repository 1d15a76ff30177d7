"""The largest difference of two tensors: of one place, and never of shapes that torch would stretch."""

import pytest
import torch

from experiments.difference import largest_difference


def test_the_largest_difference_is_that_of_one_place():
    one = torch.tensor([[1.0, 2.0], [3.0, 4.0]])
    assert largest_difference(one, one + torch.tensor([[0.0, 0.25], [0.0, -0.5]])) == 0.5
    with pytest.raises(ValueError, match=r"expected shape \(2, 2\), got \(2,\)"):
        largest_difference(one, one[0])
