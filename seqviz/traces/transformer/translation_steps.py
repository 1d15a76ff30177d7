"""Let a Transformer translate by itself, and keep what it fed back, where its heads looked and what it expected."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import cast

import torch
from torch import Tensor, nn

from seqviz.data.tokenizer import BOS, EOS, SPECIAL_TOKENS
from seqviz.data.translation.parallel import ParallelText
from seqviz.models.transformer.blocks import DecoderBlock
from seqviz.models.transformer.translator import Reading, TransformerTranslator
from seqviz.models.translation.search import greedy
from seqviz.traces.transformer.records import TranslationStepsTrace


@torch.no_grad()
def trace_translation_steps(
    model: TransformerTranslator, text: ParallelText, source: str, *, max_length: int = 20
) -> TranslationStepsTrace:
    """Record a greedy translation, the likeliest token at every step.

    No step looks ahead, so one pass over all that was fed has every step's weights. Raises ValueError for an empty
    source and for tokens that were never learned.
    """
    indices, state, said = translated(model, text, source, max_length)
    fed = torch.tensor([[BOS, *said[:-1]]])
    modules = [cast("DecoderBlock", block).self_attention for block in model.decoder.blocks]
    with outputs_of(modules) as attended:
        logits, in_source = model.decode(fed, state)
    shown = [*range(len(SPECIAL_TOKENS), len(text.target)), EOS]
    return TranslationStepsTrace(
        source=text.source.tokens_of(indices),
        fed=tuple(text.target.tokens[token] for token in fed[0]),
        said=tuple(text.target.tokens[token] for token in said),
        outputs=tuple(text.target.tokens[token] for token in shown),
        probabilities=logits[0].softmax(-1)[:, shown].numpy(),
        in_source=in_source[:, 0].numpy(),
        in_fed=torch.stack([weights[0] for _, weights in attended]).numpy(),
    )


def translated(
    model: TransformerTranslator, text: ParallelText, source: str, max_length: int
) -> tuple[Tensor, Reading, tuple[int, ...]]:
    """Return the tokens of a source, one for each character, what the encoder read, and what is said by itself.

    Raises ValueError for an empty source and for tokens that were never learned.
    """
    indices = text.read(source)
    state = model.encode(indices[None])
    return indices, state, greedy(model.step, state, BOS, EOS, max_length).tokens


@contextmanager
def outputs_of(modules: Sequence[nn.Module]) -> Iterator[list]:
    """Collect what these modules return, in the order in which they run."""
    kept: list = []
    hooks = [module.register_forward_hook(lambda _module, _inputs, output: kept.append(output)) for module in modules]
    try:
        yield kept
    finally:
        for hook in hooks:
            hook.remove()
