"""One kind of mask: True where a key may be attended."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 torch's own name for it

from seqviz.models.masks import real_steps


def test_steps_before_the_length_are_real():
    assert real_steps(torch.tensor([3, 1, 4]), 3, 4).tolist() == [
        [True, True, True, False],
        [True, False, False, False],
        [True, True, True, True],
    ]


def test_it_is_the_mask_of_scaled_dot_product_attention_and_the_opposite_of_multihead_attentions():
    torch.manual_seed(0)
    lengths = torch.tensor([2, 5, 1])
    mask = real_steps(lengths, 3, 5)
    query, key, value = (torch.randn(3, steps, 4, dtype=torch.float64) for steps in (2, 5, 5))
    attended = F.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None])
    layer = nn.MultiheadAttention(4, 1, batch_first=True, dtype=torch.float64)
    by_layer, _ = layer(query, key, value, key_padding_mask=~mask)
    for row, length in enumerate(lengths.tolist()):
        alone = F.scaled_dot_product_attention(query[row], key[row, :length], value[row, :length])
        torch.testing.assert_close(attended[row], alone, rtol=0, atol=1e-12)
        without = layer(query[row], key[row, :length], value[row, :length])[0]
        torch.testing.assert_close(by_layer[row], without, rtol=0, atol=1e-12)


def test_lengths_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match="lengths"):
        real_steps(torch.tensor([3, 6]), 2, 5)
