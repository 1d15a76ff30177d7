"""Record where every head of every layer looks in a sentence."""

import torch

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.self_attention.attention_only import AttentionOnly
from seqviz.traces.self_attention.records import HeadsTrace


@torch.no_grad()
def trace_heads(model: AttentionOnly, tokenizer: Tokenizer, text: str) -> HeadsTrace:
    """Record all weights, and the likeliest word at every step. Raises ValueError for a text that cannot be read."""
    words = tokenizer.encode(text)
    logits, weights = model(words[None])
    best = logits[0].softmax(-1).max(-1)
    said = zip(tokenizer.tokens_of(best.indices), best.values.tolist(), strict=True)
    return HeadsTrace(tokens=tokenizer.tokens_of(words), weights=weights[:, 0].numpy(), said=tuple(said))
