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


WRONG = {
    "pad_and_mask": [pad_and_mask_negative_start],
    "receptive_field": [receptive_field_never_before_the_start],
}
