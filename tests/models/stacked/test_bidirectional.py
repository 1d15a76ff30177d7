"""Both directions against a loop over single rows. Parity with torch is in test_from_torch."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seqviz.models.stacked.bidirectional import Bidirectional, Reversed, reverse_sequences
from seqviz.models.stacked.recurrent_layers import RNNLayer


@given(st.lists(st.integers(1, 6), min_size=1, max_size=5))
def test_reversing_turns_the_real_steps_and_leaves_the_padding(lengths):
    x = torch.arange(len(lengths) * 6 * 2).reshape(len(lengths), 6, 2)
    turned = reverse_sequences(x, torch.tensor(lengths))
    for row, reversed_row, length in zip(x.tolist(), turned.tolist(), lengths, strict=True):
        assert reversed_row == row[:length][::-1] + row[length:]
    assert torch.equal(reverse_sequences(turned, torch.tensor(lengths)), x)
    assert torch.equal(reverse_sequences(x), x.flip(1))


def test_a_step_holds_what_each_direction_knows_there():
    """Row by row without padding: forward over x_1 … x_t, backward over x_T … x_t."""
    torch.manual_seed(2)
    ahead, back = RNNLayer(3, 5, dtype=torch.float64), RNNLayer(3, 4, dtype=torch.float64)
    x, lengths = torch.randn(3, 6, 3, dtype=torch.float64), [6, 1, 4]
    states, (last, first) = Bidirectional(ahead, back)(x, None, torch.tensor(lengths))
    for row, length in enumerate(lengths):
        for t in range(length):
            past = ahead(x[row : row + 1, : t + 1])[1][0]
            future = back(x[row : row + 1, t:length].flip(1))[1][0]
            torch.testing.assert_close(states[row, t], torch.cat([past, future]), rtol=0, atol=1e-12)
        torch.testing.assert_close(last[row], states[row, length - 1, :5])
        torch.testing.assert_close(first[row], states[row, 0, 5:])
        assert not states[row, length:].any()


def test_a_reversed_layer_reads_from_the_end_and_answers_where_it_stands():
    torch.manual_seed(3)
    layer = RNNLayer(3, 5, dtype=torch.float64)
    x, h_T = torch.randn(2, 4, 3, dtype=torch.float64), torch.randn(2, 5, dtype=torch.float64)
    states, final = Reversed(layer)(x, h_T, torch.tensor([4, 2]))
    for row, length in ((0, 4), (1, 2)):
        h = h_T[row]
        for t in reversed(range(length)):
            h = torch.tanh(layer.W_x @ x[row, t] + layer.W_h @ h + layer.b)
            torch.testing.assert_close(states[row, t], h, rtol=0, atol=1e-12)
        torch.testing.assert_close(final[row], h, rtol=0, atol=1e-12)


def test_shared_weights_and_a_lone_initial_state_are_refused():
    layer = RNNLayer(3, 5)
    with pytest.raises(ValueError, match="weights of their own"):
        Bidirectional(layer, layer)
    both = Bidirectional(layer, RNNLayer(3, 5))
    with pytest.raises(ValueError, match="initial: expected one entry per direction, 2 in all, got 3"):
        both(torch.zeros(3, 2, 3), [None] * 3)
    with pytest.raises(ValueError, match="every length in 1 … 2"):
        both(torch.zeros(2, 2, 3), None, torch.tensor([1, 3]))
