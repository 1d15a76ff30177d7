r"""From the log-probabilities of the next token to one token: a temperature, a cut, and a random number.

All of them leave the order of the tokens as it is; what they change is how much the unlikely ones get.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor


def adjust(
    log_probabilities: Float[Tensor, "batch token"],
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Float[Tensor, "batch token"]:
    r"""Return the probabilities to draw from: first the temperature, then the cut, then they sum to 1 again.

    $$P_\tau(w) \propto P(w)^{1/\tau}$$

    where a temperature below 1 favours the likely tokens, top_k leaves the k likeliest, and top_p leaves the likeliest
    ones whose probabilities reach top_p together: the token that crosses the threshold is still one of them. Of
    equally likely tokens the earlier one comes first.

    Raises ValueError for a temperature that is not above 0, a top_k below 1 or above the number of tokens, or a top_p
    outside (0, 1].

    Source: Holtzman et al. 2020, "The curious case of neural text degeneration", equations 2 to 5.
    """
    tokens = log_probabilities.shape[-1]
    if not temperature > 0:
        raise ValueError(f"temperature: expected above 0, got {temperature}")
    if top_k is not None and not 1 <= top_k <= tokens:
        raise ValueError(f"top_k: expected 1 … {tokens}, got {top_k}")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"top_p: expected above 0 and at most 1, got {top_p}")
    sorted_p, order = (log_probabilities / temperature).softmax(-1).sort(dim=-1, descending=True, stable=True)
    if top_k is not None:
        sorted_p[..., top_k:] = 0
        sorted_p /= sorted_p.sum(-1, keepdim=True)
    if top_p is not None:
        reached_before = sorted_p.cumsum(-1) - sorted_p
        sorted_p = torch.where(reached_before < top_p, sorted_p, 0.0)
        sorted_p /= sorted_p.sum(-1, keepdim=True)
    return torch.zeros_like(sorted_p).scatter(-1, order, sorted_p)


def pick(probabilities: Float[Tensor, "batch token"], u: Float[Tensor, " batch"]) -> Int[Tensor, " batch"]:
    r"""Return the token on which the number u falls: all probabilities laid end to end, the likeliest first.

    $$\min \{w : P(1) + … + P(w) > u\}$$

    where u, in [0, 1), is usually drawn uniformly; then token w comes up with probability P(w). Held fixed, it shows
    what a temperature or a cut changes. Of equally likely tokens the earlier one comes first.
    """
    if bool(((u < 0) | (u >= 1)).any()):
        raise ValueError(f"u: expected numbers in [0, 1), got {u.tolist()}")
    sorted_p, order = probabilities.sort(dim=-1, descending=True, stable=True)
    ends = sorted_p.cumsum(-1)
    place = torch.searchsorted(ends, (u * ends[..., -1])[:, None], right=True)
    last = (sorted_p > 0).sum(-1, keepdim=True) - 1  # rounding may put u beyond the last one
    return order.gather(-1, torch.minimum(place, last))[:, 0]
