"""Equations in torch, one concept per file. Nothing here draws, records or asks."""

from seqviz.models import (
    bidirectional,
    bptt,
    clipping,
    conv1d,
    entities,
    gru,
    initialisation,
    losses,
    lstm,
    lstm_variants,
    mlp,
    recurrent_layers,
    rnn,
    skip_rnn,
    stacked,
    truncated,
)
from seqviz.models.bidirectional import Bidirectional, Reversed
from seqviz.models.conv1d import Conv1DClassifier
from seqviz.models.from_torch import stacked_from_torch
from seqviz.models.gru import GRU
from seqviz.models.lstm import LSTM
from seqviz.models.lstm_variants import LSTMVariant, LSTMVariantLayer
from seqviz.models.mlp import SequenceMLP
from seqviz.models.recurrent_layers import GRULayer, LSTMLayer, RNNLayer
from seqviz.models.rnn import RNN
from seqviz.models.skip_rnn import SkipRNN
from seqviz.models.stacked import Stacked
from seqviz.models.tagger import Tagger

__all__ = [
    "GRU",
    "LSTM",
    "RNN",
    "Bidirectional",
    "Conv1DClassifier",
    "GRULayer",
    "LSTMLayer",
    "LSTMVariant",
    "LSTMVariantLayer",
    "RNNLayer",
    "Reversed",
    "SequenceMLP",
    "SkipRNN",
    "Stacked",
    "Tagger",
    "bidirectional",
    "bptt",
    "clipping",
    "conv1d",
    "entities",
    "gru",
    "initialisation",
    "losses",
    "lstm",
    "lstm_variants",
    "mlp",
    "recurrent_layers",
    "rnn",
    "skip_rnn",
    "stacked",
    "stacked_from_torch",
    "truncated",
]
