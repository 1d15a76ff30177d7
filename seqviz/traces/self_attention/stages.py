"""Record one head of a layer over a sentence."""

import torch

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.self_attention.attention_only import AttentionOnly
from seqviz.models.self_attention.multi_head import MultiHeadAttention
from seqviz.traces.self_attention.records import StagesTrace


@torch.no_grad()
def trace_stages(model: AttentionOnly, tokenizer: Tokenizer, text: str, layer: int = 0, head: int = 0) -> StagesTrace:
    """Record queries, keys and values of a head, layer and head counted from 0.

    Raises ValueError for a text that cannot be read, and for a layer or a head that there is not.
    """
    for name, asked, count in (("layer", layer, len(model.layers)), ("head", head, model.heads)):
        if not 0 <= asked < count:
            raise ValueError(f"{name}: expected a number from 0 to {count - 1}, got {asked}")
    words = tokenizer.encode(text)[None]
    x = model.embed(words)
    for before in range(layer):
        x = x + model.look(before, x)[0]
    attention = model.layers[layer]
    assert isinstance(attention, MultiHeadAttention)
    k, v = attention.keys_and_values(x)
    time = words.shape[1]
    return StagesTrace(
        tokens=tokenizer.tokens_of(words[0]),
        layer=layer,
        head=head,
        q=attention.queries(x)[0, head].numpy(),
        k=k[0, head].numpy(),
        v=v[0, head].numpy(),
        allowed=model.allowed(layer, time)[0, 0].expand(time, time).numpy(),
    )
