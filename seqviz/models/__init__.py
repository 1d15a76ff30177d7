"""Equations in torch, one concept per file. Nothing here draws, records or asks."""

from seqviz.models import bptt, losses, rnn
from seqviz.models.rnn import RNN

__all__ = ["RNN", "bptt", "losses", "rnn"]
