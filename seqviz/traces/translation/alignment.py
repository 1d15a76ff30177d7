"""Let a translator with attention speak, and keep where it looked."""

import torch
from jaxtyping import Bool
from torch import Tensor

from seqviz.data.tokenizer import BOS, EOS
from seqviz.data.translation.parallel import ParallelText
from seqviz.models.translation.attention_decoder import AttentiveTranslator, Decoding
from seqviz.traces.translation.records import AlignmentTrace


@torch.no_grad()
def trace_alignment(
    model: AttentiveTranslator,
    text: ParallelText,
    source: str,
    known: Bool[Tensor, "output source"] | None = None,
    right: str = "",
    *,
    max_length: int = 20,
) -> AlignmentTrace:
    """Record what the model says by itself, the likeliest token at every step, and its weights at each.

    where text has the tokenizers, and ``known`` is True where a source step says an output step; an output that goes on
    for longer has no known source there. Raises ValueError for an empty source or tokens that nobody knows.
    """
    indices, state = read_source(model, text, source)
    said, weights = speak(model, state, [], max_length)
    aligned = torch.zeros(len(said), len(indices), dtype=torch.bool)
    if known is not None:
        steps = min(len(said), len(known))
        aligned[:steps] = known[:steps]
    return AlignmentTrace(
        source=text.source.tokens_of(indices),
        said=tuple(text.target.tokens[token] for token in said),
        right=right,
        weights=torch.stack(weights).numpy(),
        known=aligned.numpy(),
    )


def read_source(model: AttentiveTranslator, text: ParallelText, source: str) -> tuple[Tensor, Decoding]:
    """Return the tokens of a source, one for each character, and the state before anything is said.

    Raises ValueError for an empty source, and for tokens that were never learned.
    """
    indices = text.read(source)
    return indices, model.encode(indices[None])


@torch.no_grad()
def speak(
    model: AttentiveTranslator, state: Decoding, said: list[int], max_length: int
) -> tuple[list[int], list[Tensor]]:
    """Go on after what was said, the likeliest token at every step, up to the end or the greatest length.

    where state is the one after these tokens but the last. Return the whole output, and the weights of the new steps.
    """
    said, weights = list(said), []
    token = said[-1] if said else BOS
    while len(said) < max_length and token != EOS:
        step = model.look(torch.tensor([token]), state)
        token, state = int(step.logits.argmax()), step.state
        said.append(token)
        weights.append(step.weights[0])
    return said, weights
