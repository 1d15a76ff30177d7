"""Seeded corpora and tasks: generated, or carried by Python itself. Nothing is downloaded."""

from seqviz.data.alphabet import Alphabet
from seqviz.data.hello import HelloTask, hello
from seqviz.data.prose import PROSE_ALPHABET, prose, tidy, windows

__all__ = ["PROSE_ALPHABET", "Alphabet", "HelloTask", "hello", "prose", "tidy", "windows"]
