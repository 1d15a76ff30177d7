"""Clipping's angle: what is left of a gradient, and where it points."""

import math

import pytest
import torch

from seqviz.models.recurrent.clipping import clip_by_norm, clip_by_value
from seqviz.plots.recurrent.clipped_step import clipped_step, gather_clipped_step


@pytest.mark.parametrize("gradient", [(30.0, 3.0), (-8.0, 6.0), (0.5, -9.0), (1.0, 2.0), (-6.0, -6.0)])
def test_both_ways_are_those_of_the_models(gradient):
    step, g = gather_clipped_step(gradient, 5.0), [torch.tensor(gradient, dtype=torch.float64)]
    assert step.by_norm == pytest.approx(clip_by_norm(g, 5.0)[0][0].tolist())
    assert step.by_value == tuple(clip_by_value(g, 5.0)[0].tolist())
    cosine = torch.cosine_similarity(g[0], torch.tensor(step.by_value, dtype=torch.float64), dim=0)
    assert step.angle == pytest.approx(math.degrees(math.acos(min(1.0, cosine.item()))), abs=1e-5)


def test_a_turn_across_the_negative_axis_is_the_short_way_round():
    assert gather_clipped_step((-30.0, -0.1), 5.0).angle < 2


def test_picture_ends_its_arrows_at_what_is_left():
    figure = clipped_step((30, 3), 5).figure
    *_, by_norm, by_value = figure.data
    assert [annotation.text for annotation in figure.layout.annotations] == ["25°"]
    step = gather_clipped_step((30, 3), 5)
    assert (by_norm.x[-1], by_norm.y[-1]) == step.by_norm
    assert (by_value.x[-1], by_value.y[-1]) == step.by_value == (5, 3)


def test_the_sentence_says_what_is_left_and_the_angle():
    assert clipped_step((30, 3), 5).sentence == (
        "The gradient (30, 3), clipped to 5: by norm (4.98, 0.50), the same direction; by value (5.00, 3.00), turned "
        "by 25°."
    )
