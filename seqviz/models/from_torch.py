"""Copies of torch's recurrent networks, of every depth and direction, in our parts."""

import torch
from torch import nn

from seqviz.models.bidirectional import Bidirectional
from seqviz.models.recurrent_layers import GRULayer, LSTMLayer, RNNLayer
from seqviz.models.stacked import Stacked


def stacked_from_torch(network: nn.RNN | nn.LSTM | nn.GRU) -> Stacked:
    """Copy an ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU``: one entry per layer, each bidirectional where the network is.

    torch's two biases add up, but for the second one of a GRU's candidate, which stands inside a product. Ours are
    batch first, whatever ``batch_first`` says.

    Raises ValueError for an LSTM with projections.
    """
    if network.proj_size:
        raise ValueError(f"expected a network without projections, got proj_size={network.proj_size}")
    single = [_layer(network, weights) for weights in network.all_weights]
    layers: list[nn.Module] = [*single]
    if network.bidirectional:  # torch lists forward and backward in turn
        layers = [Bidirectional(*pair) for pair in zip(single[::2], single[1::2], strict=True)]
    return Stacked(layers, network.dropout).train(network.training)


def _layer(network: nn.RNN | nn.LSTM | nn.GRU, weights: list[nn.Parameter]) -> RNNLayer | LSTMLayer | GRULayer:
    W_x, W_h, *biases = weights
    inputs, hidden = W_x.shape[1], network.hidden_size
    if isinstance(network, nn.RNN):
        layer = RNNLayer(inputs, hidden, network.nonlinearity, network.bias, W_x.dtype)  # type: ignore[arg-type]
    else:
        kind = LSTMLayer if isinstance(network, nn.LSTM) else GRULayer
        layer = kind(inputs, hidden, bias=network.bias, dtype=W_x.dtype)
    with torch.no_grad():
        layer.W_x.copy_(W_x)
        layer.W_h.copy_(W_h)
        if biases:
            inside = hidden if isinstance(layer, GRULayer) else 0
            outside = len(W_x) - inside
            layer.b.copy_(biases[0])
            layer.b[:outside] += biases[1][:outside]
            if isinstance(layer, GRULayer) and layer.b_hn is not None:
                layer.b_hn.copy_(biases[1][outside:])
    return layer
