"""One kind of mask: True where a key may be attended."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812 torch's own name for it

from seqviz.models.masks import causal_mask, masked_softmax, real_steps, sliding_window_mask


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


def test_who_looks_back_sees_nothing_later():
    assert causal_mask(3).tolist() == [[True, False, False], [True, True, False], [True, True, True]]


@pytest.mark.parametrize("window", [1, 2, 4, 7])
@pytest.mark.parametrize("causal", [True, False])
def test_a_window_holds_the_last_steps_and_as_many_ahead_where_that_is_allowed(window, causal):
    mask = sliding_window_mask(6, window, causal)
    for query in range(6):
        seen = range(max(0, query - window + 1), query + 1 if causal else min(6, query + window))
        assert mask[query].nonzero()[:, 0].tolist() == list(seen)


def test_a_window_of_all_steps_is_the_causal_mask():
    assert torch.equal(sliding_window_mask(5, 5), causal_mask(5))


@pytest.mark.parametrize("make", [lambda: causal_mask(0), lambda: sliding_window_mask(3, 0)])
def test_no_step_and_no_window_are_refused(make):
    with pytest.raises(ValueError, match="expected at least 1, got 0"):
        make()


def test_the_softmax_of_some_agrees_with_finite_differences():
    may_attend = torch.tensor([[True, False, True], [False, False, False]])
    scores = torch.randn(2, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda one: masked_softmax(one, may_attend), (scores,))


def test_a_row_in_which_nothing_may_be_attended_gets_zeros_and_zero_gradients():
    scores = torch.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
    weights = masked_softmax(scores, torch.tensor([[False, False], [True, False]]))
    assert weights.tolist() == [[0.0, 0.0], [1.0, 0.0]]
    weights.sum().backward()
    assert scores.grad.tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert masked_softmax(scores.half(), torch.tensor([[False, False], [True, True]])).isfinite().all()


def test_what_may_not_be_attended_changes_nothing_even_if_it_is_not_a_number():
    scores = torch.randn(3, 5, dtype=torch.float64)
    may_attend = real_steps(torch.tensor([5, 2, 3]), 3, 5)
    spoilt = scores.masked_fill(~may_attend, torch.nan)
    torch.testing.assert_close(masked_softmax(spoilt, may_attend), masked_softmax(scores, may_attend), rtol=0, atol=0)


def test_a_mask_of_numbers_or_of_another_shape_is_refused():
    with pytest.raises(TypeError, match=r"may_attend: expected True and False, got torch\.int64"):
        masked_softmax.__wrapped__(torch.zeros(2, 5), torch.ones(2, 5, dtype=torch.long))
    with pytest.raises(ValueError, match="may_attend: expected shape"):
        masked_softmax.__wrapped__(torch.zeros(2, 5), torch.ones(2, 4, dtype=torch.bool))
