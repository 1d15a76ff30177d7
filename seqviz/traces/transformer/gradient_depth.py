"""How large the gradient is in every layer before the first update, with the norm first and with the norm last."""

from typing import cast

import numpy as np
import torch

from seqviz.data.tokenizer import BOS
from seqviz.data.translation.parallel import Batch, ParallelText
from seqviz.models import expect
from seqviz.models.transformer.blocks import DecoderBlock
from seqviz.models.transformer.translator import TransformerTranslator
from seqviz.models.translation.encoder_decoder import sequence_loss, shift_right
from seqviz.traces.transformer.records import GradientDepthTrace

NORMS = {"norm first": True, "norm last": False}


def trace_gradient_depth(
    text: ParallelText, layers: int, *, rows: int = 8, size: int = 32, heads: int = 4, inner: int = 64, seeds: int = 3
) -> GradientDepthTrace:
    r"""Record the norm of the gradient of every decoder layer's $W_2$ in translators that have learned nothing.

    where the first rows of the text are the batch. Both translators of a seed start with the same weights: the norms
    have none that are drawn. Raises ValueError for no layer and as the translator does.

    Source: Xiong et al. 2020, "On layer normalization in the Transformer architecture", figure 3, which shows the same.
    """
    expect.at_least_one(layers=layers, rows=rows, seeds=seeds)
    batch = text.batch(range(min(rows, len(text))))
    sizes = size, heads, inner, layers
    norms = [[_norms(text, batch, sizes, first, seed) for seed in range(seeds)] for first in NORMS.values()]
    return GradientDepthTrace(names=tuple(NORMS), norms=np.array(norms))


def _norms(
    text: ParallelText, batch: Batch, sizes: tuple[int, int, int, int], norm_first: bool, seed: int
) -> list[float]:
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = TransformerTranslator(len(text.source), len(text.target), *sizes, norm_first)
    logits, _ = model(batch.source, shift_right(batch.target, BOS), batch.source_lengths)
    weights = [cast("DecoderBlock", block).feed_forward.second.weight for block in model.decoder.blocks]
    loss = sequence_loss(logits, batch.target, batch.target_lengths)
    return [gradient.norm().item() for gradient in torch.autograd.grad(loss, weights)]
