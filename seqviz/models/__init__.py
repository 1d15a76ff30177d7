"""Equations in torch, one concept per file. Nothing here draws, records or asks."""

from seqviz.models import (
    bidirectional,
    bptt,
    clipping,
    entities,
    gru,
    initialisation,
    losses,
    recurrent_layers,
    rnn,
    skip_rnn,
    stacked,
    truncated,
)
from seqviz.models.bidirectional import Bidirectional
from seqviz.models.from_torch import stacked_from_torch
from seqviz.models.gru import GRU
from seqviz.models.recurrent_layers import GRULayer, RNNLayer
from seqviz.models.rnn import RNN
from seqviz.models.skip_rnn import SkipRNN
from seqviz.models.stacked import Stacked
from seqviz.models.tagger import Tagger

__all__ = [
    "GRU",
    "RNN",
    "Bidirectional",
    "GRULayer",
    "RNNLayer",
    "SkipRNN",
    "Stacked",
    "Tagger",
    "bidirectional",
    "bptt",
    "clipping",
    "entities",
    "gru",
    "initialisation",
    "losses",
    "recurrent_layers",
    "rnn",
    "skip_rnn",
    "stacked",
    "stacked_from_torch",
    "truncated",
]
