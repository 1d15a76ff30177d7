"""A small encoder with two heads, and the words that it reads."""

import torch

from seqviz.data import Tokenizer
from seqviz.models.transformer.bert import BERT

WORDS = Tokenizer.of_words("abcd", special=True)
TEXT = "a b / c a d"


def made(seed: int = 0, dtype: torch.dtype = torch.float64) -> BERT:
    """Weights that differ, so that every word expects another one."""
    torch.manual_seed(seed)
    model = BERT(len(WORDS), 9, 6, 2, 5, 2, dtype=dtype)
    with torch.no_grad():
        for weights in model.parameters():
            weights.add_(0.6 * torch.randn_like(weights))
    return model
