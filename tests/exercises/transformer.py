"""The exercises on the Transformer: right answers written in another way, and inputs of every kind."""

import math

import torch
from torch import Generator

from tests.exercises.draws import numbers, size


def layer_norm(x, gain, bias, epsilon):
    """Vector by vector, from the sum of squares."""
    y = torch.empty_like(x)
    for i in range(x.shape[0]):
        for t in range(x.shape[1]):
            v, d = x[i, t], x.shape[2]
            mean = v.sum() / d
            y[i, t] = gain * (v - mean) * (((v - mean) ** 2).sum() / d + epsilon).rsqrt() + bias
    return y


def layer_norm_backward(dy, x, gain, epsilon):
    """Vector by vector, with the whole Jacobian."""
    dx, dgain, dbias = torch.empty_like(x), torch.zeros_like(gain), torch.zeros_like(gain)
    d = x.shape[2]
    for i in range(x.shape[0]):
        for t in range(x.shape[1]):
            deviation = (x[i, t].var(correction=0) + epsilon) ** 0.5
            normal = (x[i, t] - x[i, t].mean()) / deviation
            identity = torch.eye(d, dtype=x.dtype)
            jacobian = (identity - 1 / d - torch.outer(normal, normal) / d) / deviation
            dx[i, t] = (gain * dy[i, t]) @ jacobian
            dgain += dy[i, t] * normal
            dbias += dy[i, t]
    return dx, dgain, dbias


def _attend(z, source, allowed, W):
    """Query by query, over the keys that were picked out."""
    out = z.new_zeros(z.shape[0], z.shape[1], W["W_o"].shape[0])
    for i in range(z.shape[0]):
        for t in range(z.shape[1]):
            places = [k for k in range(source.shape[1]) if allowed(i, t, k)]
            if places:
                keys = source[i, places] @ W["W_k"].T
                scores = keys @ (W["W_q"] @ z[i, t]) / math.sqrt(W["W_q"].shape[0])
                out[i, t] = W["W_o"] @ (W["W_v"] @ (scores.softmax(0) @ source[i, places]))
    return out


def _feed(z, W):
    return (
        torch.einsum("bti,si->bts", (torch.einsum("bts,is->bti", z, W["W_1"]) + W["b_1"]).clamp(min=0), W["W_2"])
        + (W["b_2"])
    )


def encoder_block(x, real, attention, network, gains, biases, norm_first):
    """The four cases written out."""

    def attend(z):
        return _attend(z, z, lambda i, _t, k: bool(real[i, k]), attention)

    if norm_first:
        middle = x + attend(layer_norm(x, gains[0], biases[0], 1e-5))
        return middle + _feed(layer_norm(middle, gains[1], biases[1], 1e-5), network)
    middle = layer_norm(x + attend(x), gains[0], biases[0], 1e-5)
    return layer_norm(middle + _feed(middle, network), gains[1], biases[1], 1e-5)


def decoder_block(y, memory, real, own, cross, network, gains, biases):
    """Query by query."""
    z = layer_norm(y, gains[0], biases[0], 1e-5)
    after = y + _attend(z, z, lambda _i, t, k: k <= t, own)
    asked = layer_norm(after, gains[1], biases[1], 1e-5)
    after = after + _attend(asked, memory, lambda i, _t, k: bool(real[i, k]), cross)
    return after + _feed(layer_norm(after, gains[2], biases[2], 1e-5), network)


def noam_schedule(steps, size, warm_up):
    """Step by step, before and after the peak."""
    found = []
    for counted in steps.tolist():
        t = counted + 1
        found.append(t / math.sqrt(size * warm_up**3) if t < warm_up else 1 / math.sqrt(size * t))
    return torch.tensor(found, dtype=torch.float64)


def smooth_labels_by_two_of_three(targets, classes, epsilon, convention, padding):
    """The first convention is the second one with a smaller ε."""
    if convention == "all":
        return smooth_labels(targets, classes, epsilon * (classes - 1) / classes, "others", padding)
    return smooth_labels(targets, classes, epsilon, convention, padding)


def smooth_labels(targets, classes, epsilon, convention, padding):
    """Number by number."""
    found = torch.zeros(*targets.shape, classes, dtype=torch.float64)
    for place, target in zip(
        torch.cartesian_prod(*map(torch.arange, targets.shape)).tolist(), targets.flatten().tolist(), strict=True
    ):
        row = found[place[0], place[1]]
        if convention == "real others" and target == padding:
            continue
        for token in range(classes):
            if convention == "all":
                row[token] = epsilon / classes + (1 - epsilon) * (token == target)
            elif token == target:
                row[token] = 1 - epsilon
            elif convention == "others":
                row[token] = epsilon / (classes - 1)
            elif token != padding:
                row[token] = epsilon / (classes - 2)
    return found


ALTERNATES = {
    function.__name__: [function]
    for function in (layer_norm, layer_norm_backward, encoder_block, decoder_block, noam_schedule, smooth_labels)
}
ALTERNATES["smooth_labels"].append(smooth_labels_by_two_of_three)


def layer_norm_of_all_at_once(x, gain, bias, epsilon):
    """One mean for a whole sentence."""
    centred = x - x.mean((1, 2), keepdim=True)
    return gain * centred / (centred.square().mean((1, 2), keepdim=True) + epsilon).sqrt() + bias


def layer_norm_with_the_bias_inside(x, gain, bias, epsilon):
    return gain * (layer_norm(x, torch.ones_like(gain), bias, epsilon))


def layer_norm_backward_without_epsilon(dy, x, gain, epsilon):
    """Right for a small ε and numbers that differ."""
    return layer_norm_backward(dy, x, gain, 1e-5)


def layer_norm_backward_gain_last(dy, x, gain, epsilon):
    """The gain belongs inside of both means."""
    dx, dgain, dbias = layer_norm_backward(dy, x, torch.ones_like(gain), epsilon)
    return gain * dx, dgain, dbias


def encoder_block_with_a_last_norm(x, real, attention, network, gains, biases, norm_first):
    """With the norm first, one norm more at the end."""
    found = encoder_block(x, real, attention, network, gains, biases, norm_first)
    return layer_norm(found, gains[1], biases[1], 1e-5) if norm_first else found


def encoder_block_masks_queries(x, real, attention, network, gains, biases, norm_first):
    """Leaves padded steps as they came."""
    return torch.where(real[..., None], encoder_block(x, real, attention, network, gains, biases, norm_first), x)


def encoder_block_scaled_by_size(x, real, attention, network, gains, biases, norm_first):
    """Divides scores by the root of the model's size, not of the keys'."""
    factor = math.sqrt(attention["W_q"].shape[0] / x.shape[2])
    return encoder_block(x, real, attention | {"W_q": attention["W_q"] * factor}, network, gains, biases, norm_first)


def encoder_block_of_a_prefix(x, real, attention, network, gains, biases, norm_first):
    """Counts the real steps, and takes so many from the start."""
    prefix = torch.arange(real.shape[1]) < real.sum(1)[:, None]
    return encoder_block(x, prefix, attention, network, gains, biases, norm_first)


def encoder_block_empty_by_the_first_step(x, real, attention, network, gains, biases, norm_first):
    """Takes a row for empty where its first step is padding."""
    return encoder_block(x, real & real[:, :1], attention, network, gains, biases, norm_first)


def encoder_block_cut_to_the_longest(x, real, attention, network, gains, biases, norm_first):
    """Cuts the keys to as many as the fullest row has."""
    longest = int(real.sum(1).max()) or 1
    return encoder_block(
        x, real & (torch.arange(real.shape[1]) < longest), attention, network, gains, biases, norm_first
    )


def encoder_block_unmasked_where_all_is_padding(x, real, attention, network, gains, biases, norm_first):
    real = real if real.any() else torch.ones_like(real)
    return encoder_block(x, real, attention, network, gains, biases, norm_first)


def encoder_block_one_step_is_always_real(x, real, attention, network, gains, biases, norm_first):
    real = torch.ones_like(real) if x.shape[1] == 1 else real
    return encoder_block(x, real, attention, network, gains, biases, norm_first)


def encoder_block_without_a_maximum(x, real, attention, network, gains, biases, norm_first):
    """Overflows where scores are large."""

    def attend(z):
        return _attend_by_exp(z, z, real[:, None], attention)

    if norm_first:
        middle = x + attend(layer_norm(x, gains[0], biases[0], 1e-5))
        return middle + _feed(layer_norm(middle, gains[1], biases[1], 1e-5), network)
    middle = layer_norm(x + attend(x), gains[0], biases[0], 1e-5)
    return layer_norm(middle + _feed(middle, network), gains[1], biases[1], 1e-5)


def _attend_by_exp(z, source, allowed, W, masked=None):
    scores = (z @ W["W_q"].T) @ (source @ W["W_k"].T).mT / math.sqrt(W["W_q"].shape[0])
    weights = scores.exp() * allowed if masked is None else scores.masked_fill(~allowed, masked).softmax(-1)
    return weights / weights.sum(-1, keepdim=True).clamp(min=1e-300) @ (source @ W["W_v"].T) @ W["W_o"].T


def _decoder_with(y, memory, real, own, cross, network, gains, biases, seen=None, masked=None):
    """A decoder block with another mask of its own, and other ways to leave keys out."""
    time = y.shape[1]
    seen = torch.ones(time, time, dtype=torch.bool).tril() if seen is None else seen
    z = layer_norm(y, gains[0], biases[0], 1e-5)
    after = y + _attend_by_exp(z, z, seen, own, masked)
    asked = layer_norm(after, gains[1], biases[1], 1e-5)
    after = after + _attend_by_exp(asked, memory, real[:, None], cross, masked)
    return after + _feed(layer_norm(after, gains[2], biases[2], 1e-5), network)


def decoder_block_without_a_maximum(*given):
    """Overflows where scores are large."""
    return _decoder_with(*given)


def decoder_block_masked_with_minus_fifty(*given):
    return _decoder_with(*given, masked=-50.0)


def decoder_block_of_a_window(y, *given):
    """Looks back at four steps only."""
    earlier = torch.ones(y.shape[1], y.shape[1], dtype=torch.bool).tril()
    return _decoder_with(y, *given, seen=earlier & ~earlier.tril(-4), masked=-math.inf)


def decoder_block_of_four_steps(y, *given):
    """Has a mask that is written down."""
    seen = torch.ones(4, 4, dtype=torch.bool).tril()[: y.shape[1], : y.shape[1]]
    return _decoder_with(y, *given, seen=seen, masked=-math.inf)


def decoder_block_of_a_prefix(y, memory, real, *given):
    """Counts the real steps, and takes so many from the start."""
    return decoder_block(y, memory, torch.arange(real.shape[1]) < real.sum(1)[:, None], *given)


def decoder_block_cut_to_the_longest(y, memory, real, *given):
    longest = int(real.sum(1).max())
    return decoder_block(y, memory[:, :longest], real[:, :longest], *given)


def decoder_block_norms_the_memory(y, memory, real, own, cross, network, gains, biases):
    """The top of the encoder was normed already."""
    centred = memory - memory.mean(-1, keepdim=True)
    normed = centred / (centred.square().mean(-1, keepdim=True) + 1e-5).sqrt()
    return decoder_block(y, normed, real, own, cross, network, gains, biases)


def decoder_block_norm_of_the_first(y, memory, real, own, cross, network, gains, biases):
    """The first norm serves both attentions."""
    return decoder_block(y, memory, real, own, cross, network, gains[[0, 0, 2]], biases[[0, 0, 2]])


def noam_schedule_without_size(steps, size, warm_up):
    return noam_schedule(steps, 1, warm_up)


def noam_schedule_from_the_first_step(steps, size, warm_up):
    """Counts on from the first step."""
    return noam_schedule(steps[0] + torch.arange(len(steps)), size, warm_up)


def noam_schedule_of_sorted_steps(steps, size, warm_up):
    return noam_schedule(steps.sort().values, size, warm_up)


def noam_schedule_of_a_thousand_steps(steps, size, warm_up):
    return noam_schedule(torch.arange(1000), size, warm_up)[steps.clamp(max=999)]


def noam_schedule_of_one_step_later(steps, size, warm_up):
    return noam_schedule(steps + 1, size, warm_up)


def smooth_labels_not_at_all(targets, classes, epsilon, convention, padding):
    """Forgets the padding where nothing is smoothed."""
    if epsilon == 0:
        return (targets[..., None] == torch.arange(classes)).double()
    return smooth_labels(targets, classes, epsilon, convention, padding)


def smooth_labels_real_others_of_all(targets, classes, epsilon, convention, padding):
    """Shares ε among V − 1, though the padding gets nothing."""
    found = smooth_labels(targets, classes, epsilon, "others", padding)
    if convention == "all":
        return smooth_labels(targets, classes, epsilon, "all", padding)
    if convention == "real others":
        found[..., padding] = 0
        found[targets == padding] = 0
    return found


WRONG = {
    "layer_norm": [layer_norm_of_all_at_once, layer_norm_with_the_bias_inside],
    "layer_norm_backward": [layer_norm_backward_without_epsilon, layer_norm_backward_gain_last],
    "encoder_block": [
        encoder_block_with_a_last_norm,
        encoder_block_masks_queries,
        encoder_block_scaled_by_size,
        encoder_block_of_a_prefix,
        encoder_block_empty_by_the_first_step,
        encoder_block_cut_to_the_longest,
        encoder_block_unmasked_where_all_is_padding,
        encoder_block_one_step_is_always_real,
        encoder_block_without_a_maximum,
    ],
    "decoder_block": [
        decoder_block_norms_the_memory,
        decoder_block_norm_of_the_first,
        decoder_block_without_a_maximum,
        decoder_block_masked_with_minus_fifty,
        decoder_block_of_a_window,
        decoder_block_of_four_steps,
        decoder_block_of_a_prefix,
        decoder_block_cut_to_the_longest,
    ],
    "noam_schedule": [
        noam_schedule_without_size,
        noam_schedule_of_one_step_later,
        noam_schedule_from_the_first_step,
        noam_schedule_of_sorted_steps,
        noam_schedule_of_a_thousand_steps,
    ],
    "smooth_labels": [smooth_labels_real_others_of_all, smooth_labels_not_at_all],
}


def _draw_norm(g: Generator) -> dict:
    batch, time, width = size(g), size(g), size(g)
    x = numbers(g, batch, time, width)
    if size(g, 0, 1):
        x[0, 0] = 3.0
    epsilon = [1e-5, 1e-3, 0.5, 3.0][size(g) - 1]
    return {"x": x, "gain": numbers(g, width), "bias": numbers(g, width), "epsilon": epsilon}


def _draw_backward(g: Generator) -> dict:
    drawn = _draw_norm(g)
    x = numbers(g, *drawn["x"].shape)
    return {"dy": numbers(g, *x.shape), "x": x, "gain": drawn["gain"], "epsilon": drawn["epsilon"]}


def _attention(g: Generator, width: int, source: int) -> dict:
    key, value = size(g), size(g)
    return {
        "W_q": numbers(g, key, width),
        "W_k": numbers(g, key, source),
        "W_v": numbers(g, value, source),
        "W_o": numbers(g, width, value),
    }


def _network(g: Generator, width: int) -> dict:
    inner = size(g)
    return {
        "W_1": numbers(g, inner, width),
        "b_1": numbers(g, inner),
        "W_2": numbers(g, width, inner),
        "b_2": numbers(g, width),
    }


def _draw_encoder(g: Generator) -> dict:
    batch, time, width = size(g), size(g), size(g, 1, 5)
    return {
        "x": numbers(g, batch, time, width),
        "real": torch.rand(batch, time, generator=g) < 0.7,
        "attention": _attention(g, width, width),
        "network": _network(g, width),
        "gains": numbers(g, 2, width),
        "biases": numbers(g, 2, width),
        "norm_first": bool(size(g, 0, 1)),
    }


def _draw_decoder(g: Generator) -> dict:
    batch, time, source, width, memory = size(g), size(g), size(g), size(g, 1, 5), size(g)
    real = torch.rand(batch, source, generator=g) < 0.7
    real[torch.arange(batch), torch.randint(source, (batch,), generator=g)] = True
    return {
        "y": numbers(g, batch, time, width),
        "memory": numbers(g, batch, source, memory),
        "real": real,
        "own": _attention(g, width, width),
        "cross": _attention(g, width, memory),
        "network": _network(g, width),
        "gains": numbers(g, 3, width),
        "biases": numbers(g, 3, width),
    }


def _draw_schedule(g: Generator) -> dict:
    steps = torch.randint([8, 5000][size(g, 0, 1)], (size(g, 1, 8),), generator=g)
    return {"steps": steps, "size": size(g, 1, 64), "warm_up": size(g, 1, 8)}


def _draw_smoothed(g: Generator) -> dict:
    batch, time, classes = size(g), size(g), size(g, 3, 6)
    return {
        "targets": torch.randint(classes, (batch, time), generator=g),
        "classes": classes,
        "epsilon": [0.0, 0.1, 0.3, 0.5][size(g) - 1],
        "convention": ["all", "others", "real others"][size(g, 0, 2)],
        "padding": size(g, 0, classes - 1),
    }


DRAWS = {
    "layer_norm": _draw_norm,
    "layer_norm_backward": _draw_backward,
    "encoder_block": _draw_encoder,
    "decoder_block": _draw_decoder,
    "noam_schedule": _draw_schedule,
    "smooth_labels": _draw_smoothed,
}
