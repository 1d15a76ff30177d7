"""The exercises on language models: right answers written in another way, and inputs of every kind they allow."""

import math
from fractions import Fraction

import torch
from torch import Generator

from tests.exercises.draws import numbers, size


def perplexity(log_probabilities, targets, lengths):
    """One token after another; the perplexity as the inverse of a geometric mean."""
    totals = []
    for rows, tokens, length in zip(log_probabilities, targets.tolist(), lengths.tolist(), strict=True):
        total = rows.new_zeros(())
        for t in range(length):
            total = total + rows[t][tokens[t]]
        totals.append(total)
    log_P = torch.stack(totals)
    return log_P, 1 / (log_P / sum(lengths.tolist())).sum().exp()


def bits_per_character(log_probabilities, spelt, words):
    """Bits of each word first, then shared out among the characters of the text written out."""
    bits = [-(a + b) / math.log(2) for a, b in zip(log_probabilities.tolist(), spelt.tolist(), strict=True)]
    text = "".join(f"{word} " for word in words)
    return torch.tensor(math.fsum(bits) / len(text), dtype=spelt.dtype)


def witten_bell(tokens, context, V, order):
    """From the longest context down, in fractions."""

    def probability(w, c):
        lower = probability(w, c[1:]) if c else Fraction(1, V)
        after = [tokens[t + len(c)] for t in range(len(tokens) - len(c)) if tokens[t : t + len(c)] == c]
        new = len(set(after))
        return (after.count(w) + new * lower) / (len(after) + new) if after else lower

    kept = list(context)
    while len(kept) >= order:
        kept.pop(0)
    return torch.tensor([float(probability(w, kept)) for w in range(V)], dtype=torch.float64)


def sample_top_p(log_probabilities, temperature, top_p, u):
    """Walk along the stretches, in Python's numbers."""
    found = []
    for log_p, number in zip(log_probabilities.tolist(), u.tolist(), strict=True):
        highest = max(log_p)
        weights = [math.exp((one - highest) / temperature) for one in log_p]
        order = sorted(range(len(weights)), key=lambda w: (-weights[w], w))
        nucleus, reached = [], 0.0
        for w in order:
            nucleus.append(w)
            reached += weights[w] / sum(weights)
            if reached >= top_p:
                break
        rest, place = number * sum(weights[w] for w in nucleus), 0
        while rest >= weights[nucleus[place]]:
            rest -= weights[nucleus[place]]
            place += 1
        found.append(nucleus[place])
    return torch.tensor(found)


ALTERNATES = {function.__name__: [function] for function in (perplexity, bits_per_character, witten_bell, sample_top_p)}


def perplexity_of_what_is_not_zero(log_probabilities, targets, lengths):
    """A token that the model was sure of has log P = 0, as padding has after masking."""
    log_P, _ = perplexity(log_probabilities, targets, lengths)
    real = torch.arange(targets.shape[1]) < lengths[:, None]
    scored = log_probabilities.gather(2, torch.where(real, targets, 0)[..., None])[..., 0]
    return log_P, (-log_P.sum() / (real & (scored != 0)).sum()).exp()


def perplexity_with_targets_that_are_clamped_below(log_probabilities, targets, lengths):
    """A target that is no token may also be too large."""
    real = torch.arange(targets.shape[1]) < lengths[:, None]
    scored = log_probabilities.gather(2, targets.clamp(min=0)[..., None])[..., 0]
    log_P = torch.where(real, scored, 0.0).sum(1)
    return log_P, (-log_P.sum() / lengths.sum()).exp()


def perplexity_with_targets_that_count_from_the_end(log_probabilities, targets, lengths):
    """−1 is an index in Python, −100 is none."""
    rows, steps = (torch.arange(size) for size in targets.shape)
    scored = log_probabilities[rows[:, None], steps, targets.clamp(max=log_probabilities.shape[2] - 1)]
    log_P = torch.where(steps < lengths[:, None], scored, 0.0).sum(1)
    return log_P, (-log_P.sum() / lengths.sum()).exp()


def _of_counts(tokens, context, V, order, counts):
    P = torch.full((V,), 1 / V, dtype=torch.float64)
    kept = context[max(len(context) - order + 1, 0) :]
    for length in range(len(kept) + 1):
        N = torch.tensor([counts(tokens, kept[len(kept) - length :], w) for w in range(V)], dtype=torch.float64)
        if N.sum():
            P = (N + (N > 0).sum() * P) / (N.sum() + (N > 0).sum())
    return P


def witten_bell_in_a_string(tokens, context, V, order):
    """Token 10 is not token 1 and then token 0."""

    def counts(tokens, c, w):
        text, piece = ("".join(map(str, one)) for one in (tokens, [*c, w]))
        return sum(text.startswith(piece, place) for place in range(len(text)))

    return _of_counts(tokens, context, V, order, counts)


def witten_bell_without_overlaps(tokens, context, V, order):
    """str.count goes on behind what it has found."""

    def counts(tokens, c, w):
        text, piece = ("".join(map(chr, one)) for one in (tokens, [*c, w]))
        return text.count(piece)

    return _of_counts(tokens, context, V, order, counts)


def sample_top_p_with_one_nucleus(log_probabilities, temperature, top_p, u):
    """How many tokens are kept is a question for each row."""
    P, order = (log_probabilities / temperature).softmax(-1).sort(dim=-1, descending=True, stable=True)
    kept = int((P[0].cumsum(0) - P[0] < top_p).sum())
    ends = P[:, :kept].cumsum(-1)
    return order.gather(-1, (ends <= u[:, None] * ends[:, -1:]).sum(-1, keepdim=True))[:, 0]


def witten_bell_of_three_tokens_at_most(tokens, context, V, order):
    """A model of order 6 looks at five tokens."""
    return witten_bell(tokens, context, V, min(order, 4))


def _nucleus(log_probabilities, temperature, kept, place):
    P, order = (log_probabilities / temperature).softmax(-1).sort(dim=-1, descending=True, stable=True)
    ends = torch.where(kept(P.cumsum(-1) - P), P, 0.0).cumsum(-1)
    return order.gather(-1, place(ends, ends[:, -1:]).sum(-1, keepdim=True))[:, 0]


def sample_top_p_with_one_more_where_it_is_reached_exactly(log_probabilities, temperature, top_p, u):
    """What has top_p together has reached it."""
    return _nucleus(
        log_probabilities, temperature, lambda before: before <= top_p, lambda ends, whole: ends <= u[:, None] * whole
    )


def sample_top_p_that_stays_before_the_border(log_probabilities, temperature, top_p, u):
    """Where one stretch ends, the next begins."""
    return _nucleus(
        log_probabilities, temperature, lambda before: before < top_p, lambda ends, whole: ends < u[:, None] * whole
    )


WRONG = {
    "perplexity": [
        perplexity_of_what_is_not_zero,
        perplexity_with_targets_that_are_clamped_below,
        perplexity_with_targets_that_count_from_the_end,
    ],
    "witten_bell": [
        witten_bell_in_a_string,
        witten_bell_without_overlaps,
        witten_bell_of_three_tokens_at_most,
    ],
    "sample_top_p": [
        sample_top_p_with_one_nucleus,
        sample_top_p_with_one_more_where_it_is_reached_exactly,
        sample_top_p_that_stays_before_the_border,
    ],
}


def _draw_batch(g: Generator) -> dict:
    batch, time, V = size(g), size(g), size(g, 2, 5)
    lengths = torch.randint(1, time + 1, (batch,), generator=g)
    log_p, targets = numbers(g, batch, time, V).log_softmax(-1), torch.randint(V, (batch, time), generator=g)
    padding = torch.arange(time) >= lengths[:, None]
    log_p[padding], targets[padding] = [0.0, math.nan, -math.inf][size(g, 0, 2)], size(g, -2, V + 1)
    return {"log_probabilities": log_p, "targets": targets, "lengths": lengths}


def _draw_words(g: Generator) -> dict:
    pool = ["a", "isn't", "café", "the", "quokka", "kookaburra"]
    chosen = torch.randint(len(pool), (size(g, 1, 6),), generator=g).tolist()
    log_p, spelt = -numbers(g, len(chosen)).abs(), -numbers(g, len(chosen)).abs() * 5
    spelt[torch.rand(len(chosen), generator=g) < 0.5] = 0.0
    return {"log_probabilities": log_p, "spelt": spelt, "words": [pool[k] for k in chosen]}


def _draw_text(g: Generator) -> dict:
    V = size(g, 1, 4)
    tokens, context = (torch.randint(V, (n,), generator=g).tolist() for n in (size(g, 1, 25), size(g, 0, 4)))
    return {"tokens": tokens, "context": context, "V": V, "order": size(g, 1, 5)}


def _draw_number(g: Generator) -> dict:
    batch, V = size(g), size(g, 1, 6)
    logits = numbers(g, batch, V) * 2
    if size(g, 0, 1):
        logits = logits.round()  # ties
    if size(g, 0, 1):
        logits[:, 1:2] = -math.inf
    share, heat = torch.rand(2, generator=g, dtype=torch.float64).tolist()
    return {
        "log_probabilities": logits.log_softmax(-1),
        "temperature": [1.0, 0.1 + 2 * heat, 0.0005][size(g, 0, 2)],
        "top_p": [1.0, 0.01 + 0.98 * share][size(g, 0, 1)],
        "u": 0.98 * torch.rand(batch, generator=g, dtype=torch.float64),
    }


DRAWS = {
    "perplexity": _draw_batch,
    "bits_per_character": _draw_words,
    "witten_bell": _draw_text,
    "sample_top_p": _draw_number,
}
