"""Continue a text twice, with a cache and without, and count what goes through the blocks."""

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch

from seqviz.data.tokenizer import Tokenizer
from seqviz.models import expect
from seqviz.models.transformer.decoder_only import CausalTransformer
from seqviz.traces.transformer.records import CacheTrace


@torch.no_grad()
def trace_cache(model: CausalTransformer, tokenizer: Tokenizer, text: str, *, length: int = 12) -> CacheTrace:
    """Record ``length`` steps, of which the first reads the text; the likeliest token is said every time.

    Raises ValueError for a length below 1, an empty text, unknown tokens and more than the model has positions for.
    """
    expect.at_least_one(length=length)
    read = tokenizer.encode(text)[None]
    prompt, past, new = read.shape[1], None, read
    said, again, cached, apart = [], [], [], []
    for _ in range(length):
        with _counted(model) as count:
            whole = model(read)[0][:, -1].log_softmax(-1)
        again.append(sum(count))
        with _counted(model) as count:
            logits, past = model(new, past)
        cached.append(sum(count))
        apart.append((logits[:, -1].log_softmax(-1) - whole).abs().max().item())
        new = whole.argmax(-1)[:, None]
        said.append(tokenizer.tokens[new.item()])
        read = torch.cat([read, new], 1)
    return CacheTrace(
        tokens=tokenizer.tokens_of(read[0, :-1]),
        prompt=prompt,
        said=tuple(said),
        again=np.array(again),
        cached=np.array(cached),
        apart=np.array(apart),
        numbers=sum(part.numel() for block in past or () for part in block) // (read.shape[1] - 1),
    )


@contextmanager
def _counted(model: CausalTransformer) -> Iterator[list[int]]:
    """Count the tokens that go through the first block."""
    count: list[int] = []
    hook = model.blocks[0].register_forward_hook(lambda _block, inputs, _output: count.append(inputs[0].shape[1]))
    try:
        yield count
    finally:
        hook.remove()
