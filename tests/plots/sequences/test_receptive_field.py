"""What is bright is what autograd says the last output reads."""

import numpy as np
import pytest
import torch

from seqviz.models.sequences.conv1d import conv1d, receptive_field
from seqviz.plots.sequences.receptive_field import describe_receptive_field, receptive_field_figure, seen_by_last
from seqviz.plots.theme import HIGHLIGHT

STACKS = [([3], [1]), ([3, 2], [1, 1]), ([2, 3, 2], [1, 2, 4]), ([2, 4], [5, 3])]


@pytest.mark.parametrize(("widths", "dilations"), STACKS)
def test_seen_is_where_the_gradient_is_not_zero(widths, dilations):
    time = receptive_field(widths, dilations) + 3
    draw = torch.Generator().manual_seed(0)
    values = [torch.randn(1, time, 1, dtype=torch.float64, generator=draw).requires_grad_()]
    for k, d in zip(widths, dilations, strict=True):
        W = torch.rand(1, 1, k, dtype=torch.float64, generator=draw) + 0.1
        values.append(conv1d(values[-1], W, torch.zeros(1, dtype=torch.float64), d))
    gradients = torch.autograd.grad(values[-1][0, -1, 0], values, allow_unused=True)
    for steps, value, gradient in zip(seen_by_last(time, widths, dilations), values, gradients, strict=True):
        missing = time - value.shape[1]  # a value stands at the last step its window reads
        assert steps == {int(t) + missing for t in gradient[0, :, 0].nonzero()[:, 0]}


@pytest.mark.parametrize(("widths", "dilations"), STACKS)
def test_dots_and_arrows_are_those_of_the_stack(widths, dilations):
    time = receptive_field(widths, dilations) + 3
    pale, bright, *layers = receptive_field_figure(time, widths, dilations).data
    seen = seen_by_last(time, widths, dilations)
    missing = 0
    for height, (steps, dots) in enumerate(zip(seen, layers, strict=True)):
        missing += (widths[height - 1] - 1) * dilations[height - 1] if height else 0
        assert list(dots.x) == list(range(missing, time))
        assert set(dots.y) == {height}
        assert {t for t, color in zip(dots.x, dots.marker.color, strict=True) if color == HIGHLIGHT} == steps
    arrows = [len([x for x in lines.x if x is not None]) // 2 for lines in (pale, bright)]
    assert sum(arrows) == sum(len(dots.x) * k for dots, k in zip(layers[1:], widths, strict=True))
    ends = list(zip(bright.x[1::3], bright.y[1::3], strict=True))
    expected = [(t, height) for height in range(1, len(seen)) for t in seen[height] for _ in range(widths[height - 1])]
    assert sorted(ends) == sorted(expected)


def test_steps_are_counted_from_1_and_few_enough_to_read():
    axis = receptive_field_figure(24, [3], [1]).layout.xaxis
    assert list(axis.tickvals) == [2, 5, 8, 11, 14, 17, 20, 23]
    np.testing.assert_array_equal(np.array(axis.ticktext), np.array(axis.tickvals) + 1)


def test_the_sentence_counts_what_is_seen():
    assert describe_receptive_field(9, [2, 3], [1, 3]) == (
        "Values that reach the last output, layer 1 (width 2, dilation 1): 3, layer 2 (width 3, dilation 3): 1. "
        "Of the input it sees 6 values, spread over the last 8 of 9 steps."
    )


def test_a_stack_that_sees_more_than_there_is_is_refused():
    with pytest.raises(ValueError, match="expected at least 7 steps for this stack, got 6"):
        receptive_field_figure(6, [3, 3, 3], [1, 1, 1])
