"""The four-letter task: read h, e, l, l and predict e, l, l, o.

The same letter l has two different successors, so the letter alone cannot tell: the state has to.

Source: Karpathy 2015, "The unreasonable effectiveness of recurrent neural networks".
"""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqviz.data.tokenizer import Tokenizer


class HelloTask(NamedTuple):
    """One sequence: one-hot letters in, the index of each next letter out."""

    alphabet: Tokenizer
    x: Float[Tensor, "batch=1 time=4 input=4"]
    y: Int[Tensor, "batch=1 time=4"]


def hello(dtype: torch.dtype = torch.float32) -> HelloTask:
    """Return the alphabet h, e, l, o and the one sequence "hell" → "ello"."""
    alphabet = Tokenizer.of_characters("helo")
    indices = alphabet.encode("hello")
    return HelloTask(alphabet, alphabet.one_hot(indices[:-1], dtype)[None], indices[1:][None])
