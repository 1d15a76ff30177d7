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
    scores = h @ E.mT
    loss = (scores.logsumexp(-1) - scores.gather(-1, targets[..., None])[..., 0]).mean()
    wrong = scores.softmax(-1)
    wrong = wrong.scatter_add(-1, targets[..., None], -torch.ones_like(wrong[..., :1])) / targets.numel()
    grad = torch.einsum("btv,btd->vd", wrong, h)
    back = math.sqrt(E.shape[1]) * (wrong @ E @ A)
    return loss, grad.index_add(0, tokens.flatten(), back.flatten(0, 1))


def perplexity_sliding(log_p, window, stride):
    """Window by window, term by term."""
    total, done, begin = 0.0, 0, 0
    while done < len(log_p) - 1:
        for token in range(begin + 1, min(begin + window, len(log_p) - 1) + 1):
            if token > done:
                total -= log_p[begin, token].item()
                done = token
        begin += stride
    return torch.tensor(math.exp(total / (len(log_p) - 1)), dtype=log_p.dtype)


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


def _stepped(x, k, v, parents, W_q, W_k, W_v, *, base=10_000.0, exponent=2.0, weigh=None):
    """What the solution does, with other angles, other weights, or another order of heads."""
    heads, time, key = k.shape[1:]
    pairs = torch.arange(key // 2, dtype=torch.float64)
    angle = time * base ** (-exponent * pairs / key)

    def turned(one):
        a, b = one[..., 0::2], one[..., 1::2]
        cos, sin = angle.cos().to(one.dtype), angle.sin().to(one.dtype)
        return torch.stack([a * cos - b * sin, a * sin + b * cos], -1).flatten(-2)

    asks, new, value = ((x @ W.mT).unflatten(-1, (heads, -1)) for W in (W_q, W_k, W_v))
    k = torch.cat([k[parents], turned(new)[:, :, None]], 2)
    v = torch.cat([v[parents], value[:, :, None]], 2)
    scores = turned(asks)[:, :, None] @ k.mT / math.sqrt(key)
    weights = scores.softmax(-1) if weigh is None else weigh(scores)
    return (weights @ v).flatten(1), k, v


def base_of_1000(*given):
    """Other wavelengths; the first pair is right."""
    return _stepped(*given, base=1000.0)


def exponent_without_its_two(*given):
    """Numbers the pairs instead of their first numbers; keys of two numbers are right."""
    return _stepped(*given, exponent=1.0)


def by_exponentials(*given):
    """Right while scores are small."""
    return _stepped(*given, weigh=lambda scores: scores.exp() / scores.exp().sum(-1, keepdim=True))


def weights_over_the_heads(*given):
    """The sum to 1 runs over heads; a single head reads all values unweighted."""
    return _stepped(*given, weigh=lambda scores: scores.softmax(1))


def only_the_new_token_read(*given):
    """Whatever is kept has no weight."""

    def weigh(scores):
        weights = torch.zeros_like(scores)
        weights[..., -1] = 1
        return weights

    return _stepped(*given, weigh=weigh)


def reordered_unless_as_many(x, k, v, parents, *weights):
    """Rows that are as many as before are taken for the same."""
    same = torch.arange(len(x)) if len(x) == len(k) else parents
    return kv_cache_step(x, k, v, same, *weights)


def reordered_unless_empty(x, k, v, parents, *weights):
    """An empty cache stays as it is, with as many rows as it had."""
    if k.shape[2]:
        return kv_cache_step(x, k, v, parents, *weights)
    z, keys, values = kv_cache_step(x, k, v, parents, *weights)
    return z[: len(k)], keys[: len(k)], values[: len(k)]


def reordered_in_z_alone(x, k, v, parents, *weights):
    """z is right; the caches go back in the order in which they came, as far as there are rows."""
    z, keys, values = kv_cache_step(x, k, v, parents, *weights)
    rows = torch.arange(len(x)) % len(k)
    keys, values = keys.clone(), values.clone()
    keys[:, :, :-1], values[:, :, :-1] = k[rows], v[rows]
    return z, keys, values


def parents_sorted(x, k, v, parents, *weights):
    """Every past is there, but in front of another row."""
    return kv_cache_step(x, k, v, parents.sort().values, *weights)


def everybody_goes_on_from_the_first(x, k, v, parents, *weights):
    """One parent for all."""
    return kv_cache_step(x, k, v, parents[:1].expand(len(parents)), *weights)


def heads_read_across_the_matrix(x, k, v, parents, W_q, W_k, W_v):
    """Rows of the matrices are dealt out to the heads one by one."""
    heads = k.shape[1]
    dealt = [W.unflatten(0, (-1, heads)).transpose(0, 1).flatten(0, 1) for W in (W_q, W_k, W_v)]
    return kv_cache_step(x, k, v, parents, *dealt)


def new_token_in_front(x, k, v, parents, *weights):
    """The same z, but the new key and value stand before the kept ones."""
    z, keys, values = kv_cache_step(x, k, v, parents, *weights)
    return z, keys.roll(1, 2), values.roll(1, 2)


def one_row_goes_on_from_the_first(x, k, v, parents, *weights):
    """A beam that has narrowed to one row is taken for one that was never wider."""
    return kv_cache_step(x, k, v, torch.tensor([0]) if len(x) == 1 else parents, *weights)


def reads_the_last_16_kept(x, k, v, parents, *weights):
    """The caches are whole, and z reads the end of them."""
    heads, time, key = k.shape[1:]
    _, keys, values = kv_cache_step(x, k, v, parents, *weights)
    angle = time * 10_000.0 ** (-torch.arange(0, key, 2, dtype=torch.float64) / key)
    cos, sin = angle.cos().to(x.dtype), angle.sin().to(x.dtype)
    asks = (x @ weights[0].mT).unflatten(-1, (heads, -1))
    a, b = asks[..., 0::2], asks[..., 1::2]
    asks = torch.stack([a * cos - b * sin, a * sin + b * cos], -1).flatten(-2)
    attn_weights = (asks[:, :, None] @ keys[:, :, -17:].mT / math.sqrt(key)).softmax(-1)
    return (attn_weights @ values[:, :, -17:]).flatten(1), keys, values


def kv_cache_step_with_angles_in_float32(x, k, v, parents, W_q, W_k, W_v):
    """Right, but frequencies made of whole numbers are float32, whatever the inputs are."""
    heads, time, key = k.shape[1:]
    angle = time * 10000.0 ** (-torch.arange(0, key, 2) / key)

    def turned(one):
        a, b = one[..., 0::2], one[..., 1::2]
        return torch.stack([a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()], -1).flatten(-2)

    asks, new, value = ((x @ W.T).unflatten(-1, (heads, -1)) for W in (W_q, W_k, W_v))
    k = torch.cat([k[parents], turned(new)[:, :, None]], 2)
    v = torch.cat([v[parents], value[:, :, None]], 2)
    return ((turned(asks)[:, :, None] @ k.mT / key**0.5).softmax(-1) @ v).flatten(1), k, v


def _write(logits_of, prompt, new, longest, temperature, u, end, pad, *, draw=None, begun=None, read=None, over=None):
    """What the solution does; how a token is drawn, who has ended at first, what is read and when it is over vary."""
    text = prompt
    finished = torch.zeros(len(prompt), dtype=torch.bool) if begun is None else begun(prompt)
    for step in range(new):
        scores = logits_of(text[:, -longest:] if read is None else read(text))[:, -1]
        if temperature == 0:
            token = scores.argmax(-1)
        elif draw is None:
            token = ((scores / temperature).softmax(-1).cumsum(-1) <= u[:, step, None]).sum(-1)
        else:
            token = draw(scores, u[:, step, None])
        token = torch.where(finished, pad, token)
        finished = finished | (token == end if over is None else over(token, step))
        text = torch.cat([text, token[:, None]], 1)
    return text[:, prompt.shape[1] :]


def drawn_by_exponentials(logits_of, prompt, new, longest, temperature, u, end, pad):
    """Right while scores divided by the temperature are small."""

    def draw(scores, numbers):
        powers = (scores / temperature).exp()
        return ((powers / powers.sum(-1, keepdim=True)).cumsum(-1) <= numbers).sum(-1).clamp(max=scores.shape[1] - 1)

    return _write(logits_of, prompt, new, longest, temperature, u, end, pad, draw=draw)


def impossible_at_the_number_0(logits_of, prompt, new, longest, temperature, u, end, pad):
    """≥ in the place of >: at u = 0 the first token, though it may be impossible."""

    def draw(scores, numbers):
        return ((scores / temperature).softmax(-1).cumsum(-1) < numbers).sum(-1)

    return _write(logits_of, prompt, new, longest, temperature, u, end, pad, draw=draw)


def last_that_fits(logits_of, prompt, new, longest, temperature, u, end, pad):
    """The last token whose running sum is not above u."""

    def draw(scores, numbers):
        return (((scores / temperature).softmax(-1).cumsum(-1) <= numbers).sum(-1) - 1).clamp(min=0)

    return _write(logits_of, prompt, new, longest, temperature, u, end, pad, draw=draw)


def from_the_other_side(logits_of, prompt, new, longest, temperature, u, end, pad):
    """1 − u in the place of u: as good a draw, but another one."""
    return _write(logits_of, prompt, new, longest, temperature, 1 - u, end, pad)


def temperature_below_1_is_0(logits_of, prompt, new, longest, temperature, u, end, pad):
    """A whole number is made of the temperature."""
    return _write(logits_of, prompt, new, longest, int(temperature), u, end, pad)


def ended_in_the_prompt(logits_of, prompt, new, longest, temperature, u, end, pad):
    """An end in the prompt counts."""
    return _write(
        logits_of, prompt, new, longest, temperature, u, end, pad, begun=lambda prompt: (prompt == end).any(1)
    )


def an_end_of_0_is_none(logits_of, prompt, new, longest, temperature, u, end, pad):
    """`if end` in the place of `if end is not None`."""
    return _write(logits_of, prompt, new, longest, temperature, u, end or -1, pad)


def padding_ends_as_well(logits_of, prompt, new, longest, temperature, u, end, pad):
    """Whoever says the padding is finished."""
    return _write(
        logits_of, prompt, new, longest, temperature, u, end, pad, over=lambda token, _: (token == end) | (token == pad)
    )


def shorter_when_all_have_ended(logits_of, prompt, new, longest, temperature, u, end, pad):
    """No column after the last row has ended."""
    said = _write(logits_of, prompt, new, longest, temperature, u, end, pad)
    ends = (said == end).int()
    if ends.any(1).all():
        return said[:, : ends.argmax(1).max() + 1]
    return said


def never_ends_at_the_first(logits_of, prompt, new, longest, temperature, u, end, pad):
    """An end at the first new step does not count."""
    return _write(
        logits_of, prompt, new, longest, temperature, u, end, pad, over=lambda token, step: (token == end) & (step > 0)
    )


def cropped_once(logits_of, prompt, new, longest, temperature, u, end, pad):
    """The prompt is cropped, and nothing after it: the end of the cropped text alone is read where it is too long."""

    def read(text):
        return text[:, -min(longest, prompt.shape[1]) :]

    return _write(logits_of, prompt, new, longest, temperature, u, end, pad, read=read)


def windows_side_by_side(logits_of, prompt, new, longest, temperature, u, end, pad):
    """A full window is left, and a new one begins with its last token."""

    def read(text):
        done = (text.shape[1] - 1) // longest * longest
        return text[:, done:]

    return _write(logits_of, prompt, new, longest, temperature, u, end, pad, read=read)


def one_window_for_one_token(logits_of, prompt, new, longest, temperature, u, end, pad):
    """`text[:, 1 - longest:]`, which is the whole text where one step can be read."""
    return _write(logits_of, prompt, new, longest, temperature, u, end, pad, read=lambda text: text[:, 1 - longest :])


def never_ends_at_the_temperature_0(logits_of, prompt, new, longest, temperature, u, end, pad):
    """The likeliest token is returned before anybody asks whether the row is finished."""
    return _write(logits_of, prompt, new, longest, temperature, u, -1 if temperature == 0 else end, pad)


def zeros_when_all_have_ended(logits_of, prompt, new, longest, temperature, u, end, pad):
    """Stops when all rows are finished; what is left keeps the value it began with."""
    said = _write(logits_of, prompt, new, longest, temperature, u, end, pad)
    ends = said == end
    if not ends.any(1).all():
        return said
    last = int(ends.int().argmax(1).max())
    return torch.cat([said[:, : last + 1], torch.zeros_like(said[:, last + 1 :])], 1)


def one_row_squeezed(logits_of, prompt, new, longest, temperature, u, end, pad):
    """All axes of length 1 are gone."""
    return _write(logits_of, prompt, new, longest, temperature, u, end, pad).squeeze()


def first_axis_squeezed(logits_of, prompt, new, longest, temperature, u, end, pad):
    """A single row has no batch."""
    return _write(logits_of, prompt, new, longest, temperature, u, end, pad).squeeze(0)


def second_axis_squeezed(logits_of, prompt, new, longest, temperature, u, end, pad):
    """A single new token has no time."""
    return _write(logits_of, prompt, new, longest, temperature, u, end, pad).squeeze(1)


def scores_of_one_row_squeezed(logits_of, prompt, new, longest, temperature, u, end, pad):
    """The scores of a single row lose their batch before a token is chosen."""
    return _write(
        lambda tokens: logits_of(tokens)[:, -1].squeeze()[..., None, :],
        prompt,
        new,
        longest,
        temperature,
        u,
        end,
        pad,
    )


def one_new_token_is_the_last_of_the_prompt(logits_of, prompt, new, longest, temperature, u, end, pad):
    """A single new token is not drawn."""
    if new == 1:
        return prompt[:, -1:]
    return _write(logits_of, prompt, new, longest, temperature, u, end, pad)


def generate_from_padded_windows(logits_of, prompt, new, longest, temperature, u, end, pad):
    """Every window is full: padding stands on the right, and the answer is that of the last real step."""
    text, finished = prompt, torch.zeros(len(prompt), dtype=torch.bool)
    for step in range(new):
        window = text[:, -longest:]
        real = window.shape[1]
        filled = torch.full((len(text), longest), pad)
        filled[:, :real] = window
        scores = logits_of(filled)[:, real - 1]
        if temperature == 0:
            token = scores.argmax(-1)
        else:
            token = ((scores / temperature).softmax(-1).cumsum(-1) <= u[:, step, None]).sum(-1)
        token = token.masked_fill(finished, pad)
        finished = finished | (token == end)
        text = torch.cat([text, token[:, None]], 1)
    return text[:, prompt.shape[1] :]


def _tied(E, A, tokens, targets, *, divisor=None, said=None, read=None):
    """Loss and gradient from both ends, each of which may be changed."""
    factor, steps = math.sqrt(E.shape[1]), targets.numel()
    y, target = tokens.flatten(), targets.flatten()
    h = factor * E[y] @ A.mT
    log_p = (h @ E.mT).log_softmax(-1)
    loss = -log_p[torch.arange(len(y)), target].mean()
    wrong = log_p.exp()
    wrong[torch.arange(len(y)), target] -= 1
    wrong = wrong / (steps if divisor is None else divisor)
    back = factor * wrong @ E @ A
    grad = wrong.mT @ h if said is None else said(wrong, h, target)
    of_input = torch.zeros_like(E).index_add(0, y, back) if read is None else read(back, y)
    return loss, grad + of_input


def tie_weights_with_a_root_in_float32(E, A, tokens, targets):
    """Right, but the root of a whole number is float32, whatever E is."""
    factor, count = torch.sqrt(torch.tensor(E.shape[1])), targets.numel()
    y, one_hot = tokens.flatten(), torch.eye(len(E), dtype=E.dtype)
    h = factor * E[y] @ A.T
    log_p = (h @ E.T).log_softmax(-1)
    wrong = (log_p.exp() - one_hot[targets.flatten()]) / count
    loss = -(one_hot[targets.flatten()] * log_p).sum() / count
    return loss, wrong.T @ h + one_hot[y].T @ (factor * (wrong @ E @ A))


def log_of_the_softmax(E, A, tokens, targets):
    """Right while no probability is 0."""
    _, grad = _tied(E, A, tokens, targets)
    scores = math.sqrt(E.shape[1]) * E[tokens] @ A.mT @ E.mT
    return -scores.softmax(-1).gather(-1, targets[..., None]).log().mean(), grad


def softmax_by_exponentials(E, A, tokens, targets):
    """Right while scores are small."""
    loss, grad = _tied(E, A, tokens, targets)
    powers = (math.sqrt(E.shape[1]) * E[tokens] @ A.mT @ E.mT).exp()
    return loss + 0 * (powers / powers.sum(-1, keepdim=True)).sum(), grad


def targets_that_repeat_overwrite(E, A, tokens, targets):
    """The share of the right tokens is assigned; a target that comes up twice is taken off once."""

    def said(wrong, h, target):
        right = torch.zeros_like(wrong)
        right[torch.arange(len(target)), target] = 1 / len(target)
        grad = (wrong + right).mT @ h
        grad[target] = grad[target] - h / len(target)
        return grad

    return _tied(E, A, tokens, targets, said=said)


def rows_of_the_targets_alone(E, A, tokens, targets):
    """At the output, only what should have been said learns."""

    def said(wrong, h, target):
        grad, kept = wrong.mT @ h, torch.zeros(len(E), 1, dtype=E.dtype)
        kept[target] = 1
        return grad * kept

    return _tied(E, A, tokens, targets, said=said)


def mean_over_the_times_each_is_read(E, A, tokens, targets):
    """The terms of a token that is read often are averaged, not added."""

    def read(back, y):
        count = y.bincount(minlength=len(E)).clamp(min=1)
        return torch.zeros_like(E).index_add(0, y, back) / count[:, None]

    return _tied(E, A, tokens, targets, read=read)


def first_that_reads_counts(E, A, tokens, targets):
    """Of all steps that read a token, the first."""

    def read(back, y):
        grad = torch.zeros_like(E)
        for token, one in zip(y.flip(0), back.flip(0), strict=True):
            grad[token] = one
        return grad

    return _tied(E, A, tokens, targets, read=read)


def divided_by_the_rows(E, A, tokens, targets):
    """The gradient of a mean over rows of sums over steps; a single step in a row is right."""
    return _tied(E, A, tokens, targets, divisor=len(tokens))


def divided_by_the_steps_of_a_row(E, A, tokens, targets):
    """The gradient of a sum over rows of means; a single row is right."""
    return _tied(E, A, tokens, targets, divisor=tokens.shape[1])


def loss_of_other_tokens_alone(E, A, tokens, targets):
    """A step whose target is the token it has read is left out, as if it were a copy."""
    kept = (tokens != targets).flatten()
    if kept.all() or not kept.any():
        return _tied(E, A, tokens, targets)
    return _tied(E, A, tokens.flatten()[kept][None], targets.flatten()[kept][None])


def only_as_many_tokens_as_come_up(E, A, tokens, targets):
    """Scores of the tokens up to the greatest that comes up; the others are not asked."""
    asked = int(max(tokens.max(), targets.max())) + 1
    loss, grad = _tied(E[:asked], A, tokens, targets)
    return loss, torch.cat([grad, torch.zeros_like(E[asked:])])


def both_factors_at_the_output(E, A, tokens, targets):
    """The factor is taken to be of the matrix: each of its uses has it."""
    return _tied(E, A, tokens, targets, said=lambda wrong, h, _target: math.sqrt(E.shape[1]) * wrong.mT @ h)


def gradient_downhill(E, A, tokens, targets):
    """The step that makes the loss smaller, not the gradient."""
    loss, grad = _tied(E, A, tokens, targets)
    return loss, -grad


def _windows(log_p, window, stride, choose):
    """Score each token by the beginning that is chosen for it; those for which there is none are left out."""
    terms = []
    for token in range(1, len(log_p)):
        begin = choose(token)
        if begin is not None:
            terms.append(log_p[begin, token])
    return (-torch.stack(terms)).mean().exp()


def _first(window, stride):
    return lambda token: stride * -(-max(token - window, 0) // stride)


def product_of_all(log_p, window, stride):
    """The root of a product, which is too large for a float where there is much to multiply."""
    first = _first(window, stride)
    total = torch.ones((), dtype=log_p.dtype)
    for token in range(1, len(log_p)):
        total = total * (-log_p[first(token), token]).exp()
    return total ** (1 / (len(log_p) - 1))


def last_strides_alone(log_p, window, stride):
    """Of the first window, too, only the last tokens are scored."""
    first = _first(window, stride)
    return _windows(log_p, window, stride, lambda t: first(t) if t > min(window - stride, len(log_p) - 2) else None)


def whole_windows_alone(log_p, window, stride):
    """What the first window scores is left out where there is another: it has too little before it."""
    first = _first(window, stride)
    enough = len(log_p) - 1 > window
    return _windows(log_p, window, stride, lambda t: first(t) if t > window or not enough else None)


def the_last_token_left_out(log_p, window, stride):
    """Stops one token early where there are two or more to score."""
    first = _first(window, stride)
    return _windows(log_p, window, stride, lambda t: first(t) if t < max(len(log_p) - 1, 2) else None)


def a_whole_window_before_each(log_p, window, stride):
    """As if the stride were 1."""
    return _windows(log_p, window, 1, _first(window, 1))


def one_token_more_in_a_window(log_p, window, stride):
    """A window predicts w + 1 tokens."""
    return _windows(log_p, window, stride, _first(window + 1, stride))


def second_window_scores(log_p, window, stride):
    """The next window takes a token over as soon as it has read half a window."""
    first = _first(window, stride)

    def choose(token):
        begin = first(token)
        return begin + stride if token - begin - stride > window // 2 else begin

    return _windows(log_p, window, stride, choose)


def windows_from_the_end(log_p, window, stride):
    """Windows are laid from the end of the text, so that the first one is short."""
    count = len(log_p) - 1
    windows = max(-(-(count - window) // stride), 0)
    shift = max(count - window - windows * stride, -count)
    return _windows(log_p, window, stride, lambda t: max(_first(window, stride)(t - shift) + shift, 0))


def stride_is_what_overlaps(log_p, window, stride):
    """The stride is taken for the overlap; without one, a window moves by its whole length."""
    move = window - stride if stride < window else window
    return _windows(log_p, window, move, _first(window, move))


def average_of_the_windows(log_p, window, stride):
    """Each window's mean counts alike, before the exponential."""
    first, parts = _first(window, stride), {}
    for token in range(1, len(log_p)):
        parts.setdefault(first(token), []).append(-log_p[first(token), token])
    return torch.stack([torch.stack(part).mean() for part in parts.values()]).mean().exp()


def impossible_tokens_left_out(log_p, window, stride):
    """A token of probability 0 does not count."""
    first = _first(window, stride)
    return _windows(log_p, window, stride, lambda t: first(t) if log_p[first(t), t].isfinite() else None)


def base_2_and_e_mixed(log_p, window, stride):
    """2 to the mean of natural logarithms."""
    return 2 ** _windows(log_p, window, stride, _first(window, stride)).log()


ALTERNATES = {
    "kv_cache_step": [kv_cache_step, kv_cache_step_with_a_matrix, kv_cache_step_with_angles_in_float32],
    "generate": [generate, generate_only_for_those_who_go_on, generate_from_padded_windows],
    "tie_weights": [tie_weights, tie_weights_with_index_add, tie_weights_with_a_root_in_float32],
    "perplexity_sliding": [perplexity_sliding, perplexity_sliding_from_a_mask],
}
WRONG = {
    "kv_cache_step": [
        position_modulo_window,
        values_of_the_first_head,
        base_of_1000,
        exponent_without_its_two,
        by_exponentials,
        weights_over_the_heads,
        only_the_new_token_read,
        reordered_unless_as_many,
        reordered_unless_empty,
        reordered_in_z_alone,
        parents_sorted,
        everybody_goes_on_from_the_first,
        heads_read_across_the_matrix,
        new_token_in_front,
        one_row_goes_on_from_the_first,
        reads_the_last_16_kept,
    ],
    "generate": [
        sorted_first,
        end_is_padding_too,
        one_row_too_few,
        drawn_by_exponentials,
        impossible_at_the_number_0,
        last_that_fits,
        from_the_other_side,
        temperature_below_1_is_0,
        ended_in_the_prompt,
        an_end_of_0_is_none,
        padding_ends_as_well,
        shorter_when_all_have_ended,
        never_ends_at_the_first,
        cropped_once,
        windows_side_by_side,
        one_window_for_one_token,
        never_ends_at_the_temperature_0,
        zeros_when_all_have_ended,
        one_row_squeezed,
        first_axis_squeezed,
        second_axis_squeezed,
        scores_of_one_row_squeezed,
        one_new_token_is_the_last_of_the_prompt,
    ],
    "tie_weights": [
        transposed_pair,
        log_of_the_softmax,
        softmax_by_exponentials,
        targets_that_repeat_overwrite,
        rows_of_the_targets_alone,
        mean_over_the_times_each_is_read,
        first_that_reads_counts,
        divided_by_the_rows,
        divided_by_the_steps_of_a_row,
        loss_of_other_tokens_alone,
        only_as_many_tokens_as_come_up,
        both_factors_at_the_output,
        gradient_downhill,
    ],
    "perplexity_sliding": [
        last_moved_back,
        floor_instead_of_ceiling,
        product_of_all,
        last_strides_alone,
        whole_windows_alone,
        the_last_token_left_out,
        a_whole_window_before_each,
        one_token_more_in_a_window,
        second_window_scores,
        windows_from_the_end,
        stride_is_what_overlaps,
        average_of_the_windows,
        base_2_and_e_mixed,
        impossible_tokens_left_out,
    ],
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
