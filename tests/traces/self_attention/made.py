"""A small model and the words that it reads."""

import torch

from seqviz.data import Tokenizer
from seqviz.models.masks import causal_mask
from seqviz.models.self_attention.attention_only import AttentionOnly

WORDS = Tokenizer.of_words("abcd")
TEXT = "b a d c a"


def made(heads: int = 2, layers: int = 2) -> AttentionOnly:
    """Weights that differ, and a first layer that does not look ahead."""
    torch.manual_seed(4)
    masks = torch.stack([causal_mask(6), *[torch.ones(6, 6, dtype=torch.bool)] * (layers - 1)])
    model = AttentionOnly(4, 6, 4, heads, layers, may_attend=masks, dtype=torch.float64)
    with torch.no_grad():
        for weights in model.parameters():
            weights.add_(0.6 * torch.randn_like(weights))
    return model
