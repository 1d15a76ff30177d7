r"""A decoder's running sum, part by part.

With the norm first every sublayer only adds, so that what leaves the stack is a sum, and, once the last norm's
deviation σ is known, so are the logits:

$$x_L = \sum_i f_i \qquad \text{logit}_v = w_v^\top \left(g \odot \frac{x_L - \mu}{\sigma} + b\right) + b_v =
  \sum_i \frac{w_v^\top (g \odot (f_i - \mu_i))}{\sigma} + w_v^\top b + b_v$$

where $f_i$ is what a part added and $\mu_i$ the mean of its numbers.
"""

from typing import cast

import torch
from torch import Tensor

from seqviz.data.tokenizer import BOS
from seqviz.data.translation.parallel import ParallelText
from seqviz.models.recurrent_network import output_layer
from seqviz.models.transformer.blocks import DecoderBlock
from seqviz.models.transformer.layer_norm import EPSILON, LayerNorm
from seqviz.models.transformer.translator import TransformerTranslator, embedded
from seqviz.traces.transformer.records import ResidualStreamTrace
from seqviz.traces.transformer.translation_steps import outputs_of, translated


@torch.no_grad()
def trace_residual_stream(
    model: TransformerTranslator, text: ParallelText, source: str, *, max_length: int = 20
) -> ResidualStreamTrace:
    """Record what every part adds while a source is translated, and what would be said if the sum ended there.

    Raises ValueError for a translator with the norm last, whose parts do not add up, and as `translated`.
    """
    if not isinstance(model.decoder.norm, LayerNorm):
        raise ValueError("model: expected the norm first; with the norm last, parts do not add up")
    indices, state, said = translated(model, text, source, max_length)
    fed = torch.tensor([[BOS, *said[:-1]]])
    blocks = [cast("DecoderBlock", block) for block in model.decoder.blocks]
    sublayers = [part for block in blocks for part in (block.self_attention, block.cross_attention, block.feed_forward)]
    with outputs_of(sublayers) as outputs:
        model.decode(fed, state)
    tokens = model.E_y[fed[0]]
    added = [tokens, embedded(model.E_y, fed)[0] - tokens]
    added += [(output[0] if isinstance(output, tuple) else output)[0] for output in outputs]
    parts = torch.stack(added)  # [part, step, size]
    logits = output_layer(model.decoder.norm(parts.cumsum(0)), model.W_y, model.b_y)  # [part, step, token]
    steps = torch.arange(len(said))
    chosen, rival = logits[-1].topk(2).indices.unbind(-1)
    shares, constant = _shares(model, parts, chosen, rival)
    return ResidualStreamTrace(
        source=text.source.tokens_of(indices),
        said=tuple(text.target.tokens[token] for token in said),
        parts=("token", "position", *(f"{layer + 1} {name}" for layer in range(len(blocks)) for name in _SUBLAYERS)),
        likeliest=logits.argmax(-1).numpy(),
        tokens=tuple(text.target.tokens),
        probabilities=logits.softmax(-1)[:, steps, chosen].numpy(),
        rivals=tuple(text.target.tokens[token] for token in rival),
        shares=shares.numpy(),
        constant=constant.numpy(),
        lengths=parts.norm(dim=-1).numpy(),
    )


_SUBLAYERS = ("written", "source", "feed-forward")  # what is attended to, then the network


def _shares(model: TransformerTranslator, parts: Tensor, chosen: Tensor, rival: Tensor) -> tuple[Tensor, Tensor]:
    """Return every part's share in the difference of two logits, and what is left of it."""
    norm = cast("LayerNorm", model.decoder.norm)
    whole = parts.sum(0)
    deviation = (whole.var(-1, correction=0) + EPSILON).sqrt()  # [step]
    between = model.W_y[chosen] - model.W_y[rival]  # [step, size]
    centred = parts - parts.mean(-1, keepdim=True)
    shares = (centred * norm.gain * between).sum(-1) / deviation
    return shares, between @ norm.bias + model.b_y[chosen] - model.b_y[rival]
