"""The exercises on a small GPT: right answers written in another way, wrong ones, and inputs of every kind."""

import cmath
import math

import torch
from torch import Generator

from tests.exercises.draws import numbers, size


def kv_cache_step(x, k, v, parents, W_q, W_k, W_v):
    """Row by row and head by head; pairs are complex numbers, turned by a product."""
    heads, time, key = k.shape[1:]
    turn = torch.tensor([cmath.exp(1j * time * 10_000 ** (-i / key)) for i in range(0, key, 2)], dtype=torch.complex128)

    def turned(one):
        pairs = torch.view_as_complex(one.double().reshape(-1, 2).contiguous()) * turn
        return torch.view_as_real(pairs).flatten().to(one.dtype)

    z, keys, values = [], [], []
    for row, parent in zip(x, parents.tolist(), strict=True):
        read = []
        for head in range(heads):
            asks, new, value = (W.view(heads, -1, W.shape[1])[head] @ row for W in (W_q, W_k, W_v))
            keys.append(torch.cat([k[parent, head], turned(new)[None]]))
            values.append(torch.cat([v[parent, head], value[None]]))
            scores = keys[-1] @ turned(asks) / math.sqrt(key)
            weights = (scores - scores.logsumexp(0)).exp()
            read.append(weights @ values[-1])
        z.append(torch.cat(read))
    shape = (len(x), heads, time + 1)
    return torch.stack(z), torch.stack(keys).view(*shape, key), torch.stack(values).view(*shape, v.shape[-1])


def kv_cache_step_with_a_matrix(x, k, v, parents, W_q, W_k, W_v):
    """One rotation matrix for queries and keys; the rows are taken by a product with one-hot rows."""
    rows, heads, time, key = k.shape
    R = torch.zeros(key, key, dtype=x.dtype)
    for i in range(0, key, 2):
        angle = time / 10_000 ** (i / key)
        R[i, i] = R[i + 1, i + 1] = math.cos(angle)
        R[i + 1, i], R[i, i + 1] = math.sin(angle), -math.sin(angle)
    taken = torch.eye(rows, dtype=x.dtype)[parents]
    asks, new = (torch.einsum("bs,hks,jk->bhj", x, W.unflatten(0, (heads, -1)), R) for W in (W_q, W_k))
    value = torch.einsum("bs,hks->bhk", x, W_v.unflatten(0, (heads, -1)))
    k = torch.cat([torch.einsum("bc,chtk->bhtk", taken, k), new.unsqueeze(2)], dim=2)
    v = torch.cat([torch.einsum("bc,chtk->bhtk", taken, v), value.unsqueeze(2)], dim=2)
    weights = (torch.einsum("bhk,bhtk->bht", asks, k) * key**-0.5).softmax(-1)
    return torch.einsum("bht,bhtv->bhv", weights, v).reshape(len(x), -1), k, v


def generate(logits_of, prompt, new, longest, temperature, u, end, pad):
    """Each row alone, as a list of numbers."""
    said = []
    for row, numbers_of_row in zip(prompt.tolist(), u.tolist(), strict=True):
        text = list(row)
        for number in numbers_of_row:
            scores = logits_of(torch.tensor([text[max(len(text) - longest, 0) :]]))[0, -1].double()
            if temperature:
                probabilities, token, total = (scores / temperature).softmax(0).tolist(), -1, 0.0
                while total <= number:
                    token += 1
                    total += probabilities[token]
            else:
                token = max(range(len(scores)), key=lambda one: (scores[one].item(), -one))
            text.append(token)
            if token == end:
                break
        said.append((text[len(row) :] + [pad] * new)[:new])
    return torch.tensor(said)


def generate_only_for_those_who_go_on(logits_of, prompt, new, longest, temperature, u, end, pad):
    """Rows that have ended are taken out."""
    said = torch.full((len(prompt), new), pad)
    going, text = torch.arange(len(prompt)), prompt
    for step in range(new):
        if not len(going):
            break
        scores = logits_of(text if text.shape[1] <= longest else text[:, text.shape[1] - longest :])[:, -1]
        if temperature > 0:
            ends = torch.cumsum((scores / temperature).softmax(1), 1)
            token = torch.searchsorted(ends, u[going, step][:, None], right=True)[:, 0]
        else:
            token = scores.max(1).indices
        said[going, step] = token
        go_on = token != end
        going, text = going[go_on], torch.cat([text, token[:, None]], 1)[go_on]
    return said


def tie_weights(E, A, tokens, targets):
    """Step by step."""
    grad, loss, steps = torch.zeros_like(E), 0.0, tokens.numel()
    for token, target in zip(tokens.flatten().tolist(), targets.flatten().tolist(), strict=True):
        h = A @ (math.sqrt(E.shape[1]) * E[token])
        scores = E @ h
        loss = loss + scores.logsumexp(0) - scores[target]
        wrong = scores.softmax(0)
        wrong[target] -= 1
        grad += torch.outer(wrong, h) / steps
        grad[token] += math.sqrt(E.shape[1]) * A.T @ (E.T @ wrong) / steps
    return loss / steps, grad


def tie_weights_with_index_add(E, A, tokens, targets):
    """Rows are added where they belong."""
    x = math.sqrt(E.shape[1]) * E[tokens]
    h = x @ A.mT
    wrong = (h @ E.mT).softmax(-1)
    loss = -wrong.gather(-1, targets[..., None]).log().mean()
    wrong = wrong.scatter_add(-1, targets[..., None], -torch.ones_like(wrong[..., :1])) / targets.numel()
    grad = torch.einsum("btv,btd->vd", wrong, h)
    back = math.sqrt(E.shape[1]) * (wrong @ E @ A)
    return loss, grad.index_add(0, tokens.flatten(), back.flatten(0, 1))


def perplexity_sliding(log_p, window, stride):
    """Window by window, product by product."""
    total, done, begin = 1.0, 0, 0
    while done < len(log_p) - 1:
        for token in range(begin + 1, min(begin + window, len(log_p) - 1) + 1):
            if token > done:
                total *= math.exp(-log_p[begin, token].item())
                done = token
        begin += stride
    return torch.tensor(total ** (1 / (len(log_p) - 1)), dtype=log_p.dtype)


def perplexity_sliding_from_a_mask(log_p, window, stride):
    """A table of who may score what; the first row that may."""
    begin, token = torch.meshgrid(torch.arange(len(log_p)), torch.arange(len(log_p)), indexing="ij")
    may = (begin % stride == 0) & (begin < token) & (token <= begin + window)
    first = may & (may.int().cumsum(0) == 1)
    return (-log_p[first].sum() / (len(log_p) - 1)).exp()


def position_modulo_window(x, k, v, parents, W_q, W_k, W_v):
    """Turned by the number of rows instead of steps."""
    return kv_cache_step(x, k[:, :, : len(k)], v[:, :, : len(k)], parents, W_q, W_k, W_v)


def values_of_the_first_head(x, k, v, parents, W_q, W_k, W_v):
    """Right, but for the order in which the features of the heads stand."""
    z, keys, values = kv_cache_step(x, k, v, parents, W_q, W_k, W_v)
    return z.unflatten(1, (k.shape[1], -1)).transpose(1, 2).flatten(1), keys, values


def sorted_first(logits_of, prompt, new, longest, temperature, u, end, pad):
    """The likeliest first, as in the chapter on language models."""

    def ranked(tokens):
        return logits_of(tokens).sort(dim=-1, descending=True).values

    return generate(ranked, prompt, new, longest, temperature, u, end, pad)


def end_is_padding_too(logits_of, prompt, new, longest, temperature, u, end, pad):
    """What is said after the end is the end."""
    return generate(logits_of, prompt, new, longest, temperature, u, end, end)


def one_row_too_few(logits_of, prompt, new, longest, temperature, u, end, pad):
    """Reads one step less than it may."""
    return generate(logits_of, prompt, new, max(longest - 1, 1), temperature, u, end, pad)


def transposed_pair(E, A, tokens, targets):
    """Who reads and who is said are exchanged."""
    return tie_weights(E, A, targets, tokens)


def last_moved_back(log_p, window, stride):
    """The last window ends with the text, and is as long as the others."""
    last = max(len(log_p) - 1 - window, 0)
    tokens = torch.arange(1, len(log_p))
    begins = (stride * torch.ceil((tokens - window).clamp(min=0) / stride).long()).clamp(max=last)
    return (-log_p[begins, tokens].mean()).exp()


def floor_instead_of_ceiling(log_p, window, stride):
    """Begins too early, with windows that are too long."""
    tokens = torch.arange(1, len(log_p))
    return (-log_p[(tokens - window).clamp(min=0) // stride * stride, tokens].mean()).exp()


ALTERNATES = {
    "kv_cache_step": [kv_cache_step, kv_cache_step_with_a_matrix],
    "generate": [generate, generate_only_for_those_who_go_on],
    "tie_weights": [tie_weights, tie_weights_with_index_add],
    "perplexity_sliding": [perplexity_sliding, perplexity_sliding_from_a_mask],
}
WRONG = {
    "kv_cache_step": [position_modulo_window, values_of_the_first_head],
    "generate": [sorted_first, end_is_padding_too, one_row_too_few],
    "tie_weights": [transposed_pair],
    "perplexity_sliding": [last_moved_back, floor_instead_of_ceiling],
}


def _draw_cache(g: Generator) -> dict:
    rows, batch, heads, pairs, value, of_x = (size(g) for _ in range(6))
    time = size(g, 0, 5)
    return {
        "x": numbers(g, batch, of_x),
        "k": numbers(g, rows, heads, time, 2 * pairs),
        "v": numbers(g, rows, heads, time, value),
        "parents": torch.randint(rows, (batch,), generator=g),
        "W_q": numbers(g, heads * 2 * pairs, of_x),
        "W_k": numbers(g, heads * 2 * pairs, of_x),
        "W_v": numbers(g, heads * value, of_x),
    }


def _draw_writing(g: Generator) -> dict:
    batch, before, new, longest, vocabulary, inner = (
        size(g),
        size(g),
        size(g, 1, 6),
        size(g, 1, 8),
        size(g, 2, 5),
        size(g),
    )
    return {
        "prompt": torch.randint(vocabulary, (batch, before), generator=g),
        "new": new,
        "longest": longest,
        "temperature": [0.0, 1.0, 0.4, 2.5][size(g) - 1],
        "u": 0.99 * torch.rand(batch, new, generator=g, dtype=torch.float64),
        "end": size(g, 0, vocabulary - 1),
        "pad": 0,
        "E": numbers(g, vocabulary, inner),
        "P": numbers(g, longest, inner),
        "V": numbers(g, vocabulary, vocabulary),
    }


def _draw_tied(g: Generator) -> dict:
    batch, time, vocabulary, of_row = size(g), size(g), size(g, 2, 5), size(g)
    tokens, targets = torch.randint(vocabulary, (2, batch, time), generator=g)
    return {"E": numbers(g, vocabulary, of_row), "A": numbers(g, of_row, of_row), "tokens": tokens, "targets": targets}


def _draw_windows(g: Generator) -> dict:
    time, window = size(g, 2, 12), size(g, 1, 8)
    log_p = (0.05 + 0.95 * torch.rand(time, time, generator=g, dtype=torch.float64)).log()
    log_p[torch.ones(time, time).tril().bool()] = math.nan
    return {"log_p": log_p, "window": window, "stride": size(g, 1, window)}


DRAWS = {
    "kv_cache_step": _draw_cache,
    "generate": _draw_writing,
    "tie_weights": _draw_tied,
    "perplexity_sliding": _draw_windows,
}
