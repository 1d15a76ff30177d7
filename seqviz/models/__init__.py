"""Equations in torch, one concept per file. Nothing here draws, records or asks."""

from seqviz.models import bptt, gru, losses, rnn
from seqviz.models.gru import GRU
from seqviz.models.rnn import RNN

__all__ = ["GRU", "RNN", "bptt", "gru", "losses", "rnn"]
