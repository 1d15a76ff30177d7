"""A padded batch gets the answers that its sequences get one by one, and those of torch on packed sequences."""

import pytest
import torch
from torch import nn

from seqviz.models.classification.classifier import SequenceClassifier
from seqviz.models.classification.pooling import POOLINGS
from seqviz.models.classification.word_vectors import WordVectors
from seqviz.models.stacked.bidirectional import Bidirectional
from seqviz.models.stacked.recurrent_layers import GRULayer, LSTMLayer, RNNLayer

LENGTHS = torch.tensor([2, 6, 1, 4])
EXACTLY = {"rtol": 0, "atol": 1e-12}
F64 = torch.float64
LAYERS = {
    "vectors": lambda: WordVectors(3, 4, dtype=F64),
    "RNN": lambda: RNNLayer(3, 4, dtype=F64),
    "GRU": lambda: GRULayer(3, 4, dtype=F64),
    "LSTM": lambda: LSTMLayer(3, 4, dtype=F64),
    "both directions": lambda: Bidirectional(LSTMLayer(3, 2, dtype=F64), LSTMLayer(3, 2, dtype=F64)),
}


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("pooling", POOLINGS)
@pytest.mark.parametrize("between", [None, 7])
def test_a_batch_is_a_loop_over_sequences_without_padding(layer, pooling, between):
    torch.manual_seed(0)
    model = SequenceClassifier(LAYERS[layer](), 4, 5, pooling, between, dtype=F64)
    nn.init.normal_(model.b_y)
    x = torch.randn(4, 6, 3, dtype=F64)
    logits = model(x, LENGTHS)
    for row, length in enumerate(LENGTHS):
        torch.testing.assert_close(logits[row], model(x[row : row + 1, :length])[0], **EXACTLY)
    garbage = x.clone()
    garbage[0, 2:] = 1e3
    torch.testing.assert_close(model(garbage, LENGTHS), logits, **EXACTLY)


@pytest.mark.parametrize("pooling", POOLINGS)
def test_outputs_and_gradients_are_those_of_a_packed_network_in_torch(pooling):
    torch.manual_seed(1)
    theirs = nn.LSTM(3, 2, batch_first=True, bidirectional=True, dtype=F64)
    layers = [LSTMLayer(3, 2, dtype=F64) for _ in range(2)]
    with torch.no_grad():
        for layer, (W_ih, W_hh, b_ih, b_hh) in zip(layers, theirs.all_weights, strict=True):
            layer.W_x.copy_(W_ih)
            layer.W_h.copy_(W_hh)
            layer.b.copy_(b_ih + b_hh)
    ours = SequenceClassifier(Bidirectional(*layers), 4, 5, pooling, dtype=F64)
    x = torch.randn(4, 6, 3, dtype=F64)
    packed = nn.utils.rnn.pack_padded_sequence(x, LENGTHS, batch_first=True, enforce_sorted=False)
    output, (final, _) = theirs(packed)
    states, _ = nn.utils.rnn.pad_packed_sequence(output, batch_first=True)
    rows = [row[:length] for row, length in zip(states, LENGTHS.tolist(), strict=True)]
    pooled = {
        "mean": torch.stack([row.mean(0) for row in rows]),
        "max": torch.stack([row.max(0).values for row in rows]),
        "last": torch.stack([row[-1] for row in rows]),
        "both ends": torch.cat([final[0], final[1]], dim=-1),
    }[pooling]
    logits = ours(x, LENGTHS)
    expected = pooled @ ours.W_hy.T + ours.b_y
    torch.testing.assert_close(logits, expected, **EXACTLY)
    weight = torch.randn_like(logits)
    mine = torch.autograd.grad((weight * logits).sum(), [layers[0].W_x, layers[1].W_h])
    other = torch.autograd.grad((weight * expected).sum(), [theirs.all_weights[0][0], theirs.all_weights[1][1]])
    torch.testing.assert_close(mine, other, **EXACTLY)


@pytest.mark.parametrize("pooling", POOLINGS)
def test_after_every_step_it_knows_what_it_knew_of_the_beginning(pooling):
    torch.manual_seed(2)
    model = SequenceClassifier(LAYERS["both directions"](), 4, 5, pooling, dtype=F64)
    x = torch.randn(6, 3, dtype=F64)
    for t, logits in enumerate(model.after_every_step(x)):
        torch.testing.assert_close(logits, model(x[None, : t + 1])[0], **EXACTLY)


@pytest.mark.parametrize("between", [None, 7])
def test_the_mean_and_the_largest_of_vectors_cannot_see_the_order(between):
    torch.manual_seed(3)
    x = torch.randn(1, 6, 3, dtype=F64)
    for pooling in ("mean", "max"):
        model = SequenceClassifier(WordVectors(3, 4, dtype=F64), 4, 5, pooling, between, dtype=F64)
        torch.testing.assert_close(model(x), model(x[:, torch.randperm(6)]), **EXACTLY)


def test_an_unknown_pooling_is_refused():
    with pytest.raises(ValueError, match="pooling: expected one of 'mean', 'max', 'last', 'both ends', got 'sum'"):
        SequenceClassifier(WordVectors(3, 4), 4, 5, "sum")
