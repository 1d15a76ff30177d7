"""Wrong answers that a check once let pass, or that its author had not thought of: each loses points."""

import torch


def pad_and_mask_negative_start(sequences, limit):
    kept = [one[max(len(one) - limit, -limit) :] for one in sequences]
    time = max(map(len, kept))
    x = torch.stack([torch.cat([one, one.new_zeros(time - len(one), one.shape[1])]) for one in kept])
    return x, torch.stack([torch.arange(time) < len(one) for one in kept])


def receptive_field_never_before_the_start(layers, t):
    first = last = t
    for width, stride, dilation, padding in reversed(layers):
        first = first * stride - padding
        last = max(0, last * stride - padding + (width - 1) * dilation)
    return first, last


def receptive_field_places_between_layers_from_zero(layers, t):
    first = last = t
    for number, (width, stride, dilation, padding) in enumerate(reversed(layers)):
        first = (max(first, 0) if number else first) * stride - padding
        last = last * stride - padding + (width - 1) * dilation
    return first, last


def clip_by_global_norm_above_one(parameters, gradients, threshold, learning_rate):
    norm = sum((gradient**2).sum() for gradient in gradients).sqrt()
    if not torch.isfinite(norm):
        return [parameter.clone() for parameter in parameters], norm
    factor = threshold / norm if norm > 1 else 1.0
    moved = [old - learning_rate * factor * gradient for old, gradient in zip(parameters, gradients, strict=True)]
    return moved, norm


WRONG = {
    "pad_and_mask": [pad_and_mask_negative_start],
    "receptive_field": [
        receptive_field_never_before_the_start,
        receptive_field_places_between_layers_from_zero,
    ],
    "clip_by_global_norm": [clip_by_global_norm_above_one],
}
