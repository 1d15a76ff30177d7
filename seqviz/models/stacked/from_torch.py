"""Copies of torch's recurrent networks, of every depth and direction, in our parts."""

from torch import nn

from seqviz.models.stacked.bidirectional import Bidirectional
from seqviz.models.stacked.recurrent_layers import GRULayer, LSTMLayer, RNNLayer
from seqviz.models.stacked.stack import Stacked
from seqviz.models.torch_weights import copy_layer


def stacked_from_torch(network: nn.RNN | nn.LSTM | nn.GRU) -> Stacked:
    """Copy an ``nn.RNN``, ``nn.LSTM`` or ``nn.GRU``: one entry per layer, each bidirectional where the network is.

    The biases are copied as in `torch_weights.copy_layer`. Ours are batch first, whatever ``batch_first`` says.

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
    inputs, hidden, dtype = weights[0].shape[1], network.hidden_size, weights[0].dtype
    if isinstance(network, nn.RNN):
        layer = RNNLayer(inputs, hidden, network.nonlinearity, network.bias, dtype)  # type: ignore[arg-type]
    else:
        kind = LSTMLayer if isinstance(network, nn.LSTM) else GRULayer
        layer = kind(inputs, hidden, bias=network.bias, dtype=dtype)
    copy_layer(weights, layer.W_x, layer.W_h, layer.b, layer.b_hn if isinstance(layer, GRULayer) else None)
    return layer
