"""The exercises on self-attention: right answers written in another way, and inputs of every kind."""

import math

import torch
from torch import Generator

from tests.exercises.draws import numbers, size


def _read(scores, values):
    """Return the mean of values by the softmax of a list of scores; zeros of an empty list are the caller's."""
    weights = (scores - scores.logsumexp(0)).exp()
    return (weights[:, None] * values).sum(0)


def cross_attention(x, memory, real, W_q, W_k, W_v):
    """Query by query, over the real steps that were picked out."""
    z = x.new_zeros(len(x), x.shape[1], len(W_v))
    for b, row in enumerate(real):
        kept = memory[b][row]
        for i, step in enumerate(x[b]):
            if len(kept):
                scores = torch.stack([(W_q @ step) @ (W_k @ one) for one in kept]) / math.sqrt(len(W_k))
                z[b, i] = _read(scores, torch.stack([W_v @ one for one in kept]))
    return z


def cross_attention_with_one_matrix(x, memory, real, W_q, W_k, W_v):
    """Queries and keys are never made: W_q^T W_k compares the sequences themselves."""
    kept = memory.masked_fill(~real[..., None], 0)
    powers = torch.einsum("bis,ks,km,bjm->bij", x, W_q, W_k, kept) / W_k.shape[0] ** 0.5
    powers = (powers - powers.amax(-1, keepdim=True)).exp() * real[:, None]
    total = powers.sum(-1, keepdim=True)
    return powers / total.masked_fill(total == 0, 1) @ kept @ W_v.T


def sliding_window_mask(queries, keys, window, causal):
    """Number by number."""
    offset = keys - queries
    seen = [
        [j in range(i + offset - window + 1, i + offset + (1 if causal else window)) for j in range(keys)]
        for i in range(queries)
    ]
    return torch.tensor(seen)


def sliding_window_mask_cut_from_triangles(queries, keys, window, causal):
    """The last rows of a band, which is one triangle less another."""
    whole = torch.ones(keys, keys, dtype=torch.bool)
    band = whole.tril(0 if causal else window - 1) & whole.triu(1 - window)
    return band[keys - queries :]


def grouped_query_attention(q, k, v):
    """Head by head, which finds its group by a division."""
    heads, groups = q.shape[1], k.shape[1]
    read = []
    for head in range(heads):
        group = head * groups // heads
        rows = [
            torch.stack([_read(k[b, group] @ one / math.sqrt(q.shape[-1]), v[b, group]) for one in q[b, head]])
            for b in range(len(q))
        ]
        read.append(torch.stack(rows))
    return torch.cat(read, -1)


def grouped_query_attention_without_copies(q, k, v):
    """The heads of a group on an axis of their own."""
    of_groups = q.unflatten(1, (k.shape[1], -1))
    weights = (torch.einsum("bghik,bgjk->bghij", of_groups, k) * q.shape[-1] ** -0.5).softmax(-1)
    return torch.einsum("bghij,bgjv->bighv", weights, v).flatten(2)


def attention_backward(grad_z, q, k, v, may_attend):
    """What autograd says."""
    q, k, v = (one.detach().requires_grad_() for one in (q, k, v))
    with torch.enable_grad():
        powers = (torch.einsum("bhik,bjk->bhij", q, k) / math.sqrt(q.shape[-1])).exp() * may_attend[:, None]
        total = powers.sum(-1, keepdim=True)
        z = torch.einsum("bhij,bjv->bhiv", powers / torch.where(total > 0, total, 1.0), v)
        return torch.autograd.grad((grad_z * z).sum(), (q, k, v))


def attention_backward_by_jacobians(grad_z, q, k, v, may_attend):
    """One query of one head at a time, with the whole Jacobian of its softmax."""
    grad_q, grad_k, grad_v = (torch.zeros_like(one) for one in (q, k, v))
    for b, h, i in torch.cartesian_prod(*(torch.arange(n) for n in q.shape[:3])).tolist():
        allowed = may_attend[b, i].nonzero()[:, 0]
        if len(allowed):
            weights = (k[b, allowed] @ q[b, h, i] / q.shape[-1] ** 0.5).softmax(0)
            jacobian = weights.diag() - weights.outer(weights)
            grad_scores = jacobian @ (v[b, allowed] @ grad_z[b, h, i]) / q.shape[-1] ** 0.5
            grad_q[b, h, i] = grad_scores @ k[b, allowed]
            grad_k[b, allowed] += grad_scores[:, None] * q[b, h, i]
            grad_v[b, allowed] += weights[:, None] * grad_z[b, h, i]
    return grad_q, grad_k, grad_v


def set_the_weights(words, time):
    """By distance: keys and queries of two numbers, whose product falls with the square of how far off a place is."""
    place = torch.arange(time, dtype=torch.float64)
    no_word = torch.zeros(2, words, dtype=torch.float64)
    asks = torch.stack([2 * (place - 1), -torch.ones_like(place)]) * 10
    is_there = torch.stack([place, place**2])
    W_v = torch.eye(words, words + time, dtype=torch.float64)
    return torch.cat([no_word, asks], 1), torch.cat([no_word, is_there], 1), W_v


def set_the_weights_on_a_circle(words, time):
    """The place before the first is the last, which the first step may not look at; keys alone are large."""
    W_q = torch.eye(time, words + time).roll(words, 1)
    W_k = 2000.0 * W_q.roll(1, 0)  # step j is what step j + 1 looks for
    return [W_q, W_k, torch.eye(words, words + time)]


ALTERNATES = {
    "cross_attention": [cross_attention, cross_attention_with_one_matrix],
    "sliding_window_mask": [sliding_window_mask, sliding_window_mask_cut_from_triangles],
    "grouped_query_attention": [grouped_query_attention, grouped_query_attention_without_copies],
    "attention_backward": [attention_backward, attention_backward_by_jacobians],
    "set_the_weights": [set_the_weights, set_the_weights_on_a_circle],
}


def _draw_crossed(g: Generator) -> dict:
    batch, query, source, of_x, of_memory, key, value = (size(g) for _ in range(7))
    real = torch.rand(batch, source, generator=g) < 0.6
    memory = torch.where(
        real[..., None], numbers(g, batch, source, of_memory), [0.0, math.nan, math.inf][size(g, 0, 2)]
    )
    drawn = {"x": numbers(g, batch, query, of_x), "memory": memory, "real": real}
    return drawn | {
        "W_q": numbers(g, key, of_x),
        "W_k": numbers(g, key, of_memory),
        "W_v": numbers(g, value, of_memory),
    }


def _draw_window(g: Generator) -> dict:
    keys = size(g, 1, 8)
    return {"queries": size(g, 1, keys), "keys": keys, "window": size(g, 1, 9), "causal": bool(size(g, 0, 1))}


def _draw_grouped(g: Generator) -> dict:
    batch, groups, shared_by, query, source, key, value = (size(g, 1, 3) for _ in range(7))
    return {
        "q": numbers(g, batch, groups * shared_by, query, key),
        "k": numbers(g, batch, groups, source, key),
        "v": numbers(g, batch, groups, source, value),
    }


def _draw_backward(g: Generator) -> dict:
    batch, heads, query, source, key, value = (size(g, 1, 3) for _ in range(6))
    return {
        "grad_z": numbers(g, batch, heads, query, value),
        "q": numbers(g, batch, heads, query, key),
        "k": numbers(g, batch, source, key),
        "v": numbers(g, batch, source, value),
        "may_attend": torch.rand(batch, query, source, generator=g) < 0.6,
    }


def _draw_sentences(g: Generator) -> dict:
    words, time = size(g, 1, 6), size(g, 1, 40)
    return {"words": words, "time": time, "sentences": torch.randint(words, (size(g), time), generator=g)}


DRAWS = {
    "cross_attention": _draw_crossed,
    "sliding_window_mask": _draw_window,
    "grouped_query_attention": _draw_grouped,
    "attention_backward": _draw_backward,
    "set_the_weights": _draw_sentences,
}
