"""A text that is longer than the model can read at once: windows that overlap, and every token scored once."""

from collections.abc import Callable

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqviz.models import expect


@torch.no_grad()
def sliding_log_probabilities(
    logits_of: Callable[[Tensor], Tensor], tokens: Int[Tensor, "batch time"], window: int, stride: int
) -> Float[Tensor, "batch later"]:
    r"""Return the log-probability of every token but the first, with as many tokens before it as the windows allow.

    $$\log P(y_{t+1} \mid y_{b+1} … y_t) \qquad b = s \left\lceil \frac{\max(t - w, 0)}{s} \right\rceil$$

    where the window w is how many tokens the model reads at once, and the stride s by how many steps each window begins
    later than the one before. Of all windows in which a token comes up, the first scores it; the others have it as
    context. With the stride w every window begins knowing nothing; with 1 every token has a whole window before it, at
    w times the cost.

    where ``logits_of`` gives, for tokens of [batch, time], the scores of the next token at every step. Raises
    ValueError for fewer than two tokens and unless the stride is in 1 … window.

    Source: Press, Smith & Lewis 2021, "Shortformer: better language modeling using shorter inputs", section 2, where
    windows that do not overlap and sliding ones are compared.
    """
    expect.at_least_one(window=window)
    if not 1 <= stride <= window:
        raise ValueError(f"stride: expected 1 … {window}, the window, got {stride}")
    if tokens.shape[1] < 2:
        raise ValueError(f"tokens: expected at least 2 steps, one to read and one to score, got {tokens.shape[1]}")
    read, said = tokens[:, :-1], tokens[:, 1:]
    parts, scored, start = [], 0, 0
    while scored < read.shape[1]:
        here = slice(start, start + window)
        log_p = logits_of(read[:, here]).log_softmax(-1).gather(-1, said[:, here, None])[..., 0]
        parts.append(log_p[:, scored - start :])
        scored, start = start + log_p.shape[1], start + stride
    return torch.cat(parts, 1)
