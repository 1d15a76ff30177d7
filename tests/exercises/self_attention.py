"""The exercises on self-attention: right answers written in another way, and inputs of every kind."""

import math

import torch
from torch import Generator

from tests.exercises.draws import numbers, size


def _read(scores, values):
    """Return the mean of values by the softmax of a list of scores; zeros of an empty list are the caller's."""
    weights = (scores - scores.logsumexp(0)).exp()
    return (weights[:, None] * values).sum(0)


def _shares(scores, allowed):
    """Return exponentials of what each score lies below the highest that is allowed, divided by their sum."""
    lowest = torch.finfo(scores.dtype).min
    highest = scores.masked_fill(~allowed, lowest).amax(-1, keepdim=True)
    powers = (scores - highest).masked_fill(~allowed, -math.inf).exp()
    return powers / powers.sum(-1, keepdim=True).clamp(min=1e-30)


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
    scores = torch.einsum("bis,ks,km,bjm->bij", x, W_q, W_k, kept) / W_k.shape[0] ** 0.5
    return _shares(scores, real[:, None]) @ kept @ W_v.T


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
        scores = torch.einsum("bhik,bjk->bhij", q, k) / math.sqrt(q.shape[-1])
        z = torch.einsum("bhij,bjv->bhiv", _shares(scores, may_attend[:, None]), v)
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


def set_the_weights_with_a_key_for_every_place_but_the_last(words, time):
    """Nobody looks at the last step, so it needs no number in a key: with one step there are none."""
    W_q = torch.zeros(time - 1, words + time)
    W_k = torch.zeros(time - 1, words + time)
    for step in range(1, time):
        W_q[step - 1, words + step] = 30.0 * math.sqrt(time - 1)
        W_k[step - 1, words + step - 1] = 1.0
    return W_q, W_k, torch.eye(words, words + time)


ALTERNATES = {
    "cross_attention": [cross_attention, cross_attention_with_one_matrix],
    "sliding_window_mask": [sliding_window_mask, sliding_window_mask_cut_from_triangles],
    "grouped_query_attention": [grouped_query_attention, grouped_query_attention_without_copies],
    "attention_backward": [attention_backward, attention_backward_by_jacobians],
    "set_the_weights": [
        set_the_weights,
        set_the_weights_on_a_circle,
        set_the_weights_with_a_key_for_every_place_but_the_last,
    ],
}


def _crossed(x, memory, real, W_q, W_k, W_v, weigh):
    """What the solution does, with other weights over a memory whose padding is zeros."""
    memory = torch.where(real[..., None], memory, 0.0)
    scores = x @ W_q.mT @ (memory @ W_k.mT).mT / math.sqrt(len(W_k))
    return weigh(scores, real[:, None]) @ (memory @ W_v.mT)


def _exponentials(scores, allowed):
    """The softmax as the equation has it: exp of a large score is infinite."""
    powers = scores.exp() * allowed
    return torch.nan_to_num(powers / powers.sum(-1, keepdim=True))


def _above(floor):
    """The softmax with a low score for what is not allowed, which is higher than some that is."""

    def weigh(scores, allowed):
        return scores.masked_fill(~allowed, floor).softmax(-1) * allowed.any(-1, keepdim=True)

    return weigh


def cross_attention_by_exponentials(*given):
    """Right while scores are small."""
    return _crossed(*given, _exponentials)


def cross_attention_above_minus_100(*given):
    """Right while no score is below −100."""
    return _crossed(*given, _above(-100.0))


def cross_attention_above_minus_30(*given):
    """Right while no score is far below 0."""
    return _crossed(*given, _above(-30.0))


def cross_attention_that_keeps_an_empty_sentence(x, memory, real, W_q, W_k, W_v):
    """An empty sentence is called real before the padding is taken out, so whatever is in it stays."""
    nobody = ~real.any(1)
    real = real | nobody[:, None]
    memory = torch.where(real[..., None], memory, 0.0)
    scores = x @ W_q.mT @ (memory @ W_k.mT).mT / math.sqrt(len(W_k))
    weights = scores.masked_fill(~real[:, None], -math.inf).softmax(-1)
    return weights.masked_fill(nobody[:, None, None], 0.0) @ (memory @ W_v.mT)


def cross_attention_without_plus_infinity(x, memory, real, W_q, W_k, W_v):
    """NaN and +∞ in the padding become zeros, −∞ does not."""
    memory = torch.nan_to_num(memory, nan=0.0, posinf=0.0)
    scores = x @ W_q.mT @ (memory @ W_k.mT).mT / math.sqrt(len(W_k))
    weights = scores.masked_fill(~real[:, None], -math.inf).softmax(-1)
    return weights.masked_fill(~real.any(1)[:, None, None], 0.0) @ (memory @ W_v.mT)


def cross_attention_of_an_empty_first_sentence(x, memory, real, W_q, W_k, W_v):
    """No other sentence is asked whether it is empty."""
    z = _crossed(x, memory, real, W_q, W_k, W_v, lambda s, allowed: s.masked_fill(~allowed, -math.inf).softmax(-1))
    if not real[0].any():
        z[0] = 0
    return z


def sliding_window_mask_of_a_wide_window(queries, keys, window, causal):
    """A window that holds everything, counted from the first key."""
    every = torch.ones(queries, keys, dtype=torch.bool)
    if window >= keys:
        return every.tril() if causal else every
    return sliding_window_mask(queries, keys, window, causal)


def sliding_window_mask_of_one_step(queries, keys, window, causal):
    """The diagonal, as if queries and keys began at the same step."""
    if causal and window == 1:
        return torch.eye(queries, keys, dtype=torch.bool)
    return sliding_window_mask(queries, keys, window, causal)


def sliding_window_mask_of_one_query(queries, keys, window, causal):
    """A single query that sees everything."""
    if queries == 1 and not causal:
        return torch.ones(queries, keys, dtype=torch.bool)
    return sliding_window_mask(queries, keys, window, causal)


def sliding_window_mask_no_wider_than_the_queries(queries, keys, window, causal):
    """The window is cut by the number of queries, not of keys."""
    return sliding_window_mask(queries, keys, window if causal else min(window, queries + 1), causal)


def grouped_query_attention_by_exponentials(q, k, v):
    """Right while scores are small."""
    of_groups = q.unflatten(1, (k.shape[1], -1))
    scores = torch.einsum("bghik,bgjk->bghij", of_groups, k) / math.sqrt(q.shape[-1])
    weights = _exponentials(scores, torch.ones_like(scores, dtype=torch.bool))
    return torch.einsum("bghij,bgjv->bighv", weights, v).flatten(2)


def _backward(grad_z, q, k, v, may_attend, weigh):
    """The way back, with other weights."""
    a = weigh(q @ k[:, None].mT / math.sqrt(q.shape[-1]), may_attend[:, None])
    grad_a = grad_z @ v[:, None].mT
    grad_s = a * (grad_a - (a * grad_a).sum(-1, keepdim=True)) / math.sqrt(q.shape[-1])
    return grad_s @ k[:, None], (grad_s.mT @ q).sum(1), (a.mT @ grad_z).sum(1)


def attention_backward_by_exponentials(*given):
    """Right while scores are small."""
    return _backward(*given, _exponentials)


def attention_backward_above_minus_100(*given):
    """Right while no score is below −100."""
    return _backward(*given, _above(-100.0))


def attention_backward_above_minus_30(*given):
    """Right while no score is far below 0."""
    return _backward(*given, _above(-30.0))


def attention_backward_of_an_empty_row_in_the_first_sentence(*given):
    """NaN is taken out of the first sentence's weights alone."""

    def weigh(scores, allowed):
        a = scores.masked_fill(~allowed, -math.inf).softmax(-1)
        a[0] = torch.nan_to_num(a[0])
        return a

    return _backward(*given, weigh)


def attention_backward_of_an_empty_second_query(*given):
    """NaN is taken out of the second query's weights alone."""

    def weigh(scores, allowed):
        a = scores.masked_fill(~allowed, -math.inf).softmax(-1)
        a[:, :, 1:2] = torch.nan_to_num(a[:, :, 1:2])
        return a

    return _backward(*given, weigh)


def _before(words, time, factor):
    """Each step asks for the place before it, so many times."""
    no_word, before = torch.zeros(time, words), torch.diag(torch.ones(time - 1), 1)
    return (
        torch.cat([no_word, factor * before], 1),
        torch.cat([no_word, torch.eye(time)], 1),
        torch.eye(words, words + time),
    )


def set_the_weights_with_a_score_of_9(words, time):
    """Enough for 82 steps."""
    return _before(words, time, 9.0 * math.sqrt(time))


def set_the_weights_with_a_query_of_70(words, time):
    """√d_k is left to a number that is large enough for 60 steps."""
    return _before(words, time, 70.0)


def set_the_weights_with_a_query_of_100(words, time):
    """√d_k is left to a larger number."""
    return _before(words, time, 100.0)


def set_the_weights_with_a_clock(words, time):
    """Places on a circle of two numbers, where neighbours come closer with every step more."""
    angle = 2 * math.pi * torch.arange(time, dtype=torch.float64) / time
    no_word = torch.zeros(2, words, dtype=torch.float64)
    back = angle - 2 * math.pi / time
    W_q = torch.cat([no_word, 3000.0 * torch.stack([back.cos(), back.sin()])], 1)
    return W_q, torch.cat([no_word, torch.stack([angle.cos(), angle.sin()])], 1), torch.eye(words, words + time)


WRONG = {
    "cross_attention": [
        cross_attention_by_exponentials,
        cross_attention_above_minus_100,
        cross_attention_above_minus_30,
        cross_attention_that_keeps_an_empty_sentence,
        cross_attention_without_plus_infinity,
        cross_attention_of_an_empty_first_sentence,
    ],
    "sliding_window_mask": [
        sliding_window_mask_of_a_wide_window,
        sliding_window_mask_of_one_step,
        sliding_window_mask_of_one_query,
        sliding_window_mask_no_wider_than_the_queries,
    ],
    "grouped_query_attention": [grouped_query_attention_by_exponentials],
    "attention_backward": [
        attention_backward_by_exponentials,
        attention_backward_above_minus_100,
        attention_backward_above_minus_30,
        attention_backward_of_an_empty_row_in_the_first_sentence,
        attention_backward_of_an_empty_second_query,
    ],
    "set_the_weights": [
        set_the_weights_with_a_score_of_9,
        set_the_weights_with_a_query_of_70,
        set_the_weights_with_a_query_of_100,
        set_the_weights_with_a_clock,
    ],
}


def _large_or_small(g: Generator) -> float:
    return [1.0, 1000.0][size(g, 0, 1)]


def _draw_crossed(g: Generator) -> dict:
    batch, query, source, of_x, of_memory, key, value = (size(g) for _ in range(7))
    real = torch.rand(batch, source, generator=g) < 0.6
    padding = [0.0, math.nan, math.inf, -math.inf][size(g, 0, 3)]
    memory = torch.where(real[..., None], numbers(g, batch, source, of_memory), padding)
    drawn = {"x": _large_or_small(g) * numbers(g, batch, query, of_x), "memory": memory, "real": real}
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
        "q": _large_or_small(g) * numbers(g, batch, groups * shared_by, query, key),
        "k": numbers(g, batch, groups, source, key),
        "v": numbers(g, batch, groups, source, value),
    }


def _draw_backward(g: Generator) -> dict:
    batch, heads, query, source, key, value = (size(g, 1, 3) for _ in range(6))
    return {
        "grad_z": numbers(g, batch, heads, query, value),
        "q": _large_or_small(g) * numbers(g, batch, heads, query, key),
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
