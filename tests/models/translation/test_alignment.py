"""Alignment error counted step by step, and what is not counted."""

import pytest
import torch

from seqviz.models.translation.alignment import alignment_error, known_share


def test_both_agree_with_counting_step_by_step():
    generator = torch.Generator().manual_seed(0)
    weights = torch.rand(3, 5, 7, generator=generator, dtype=torch.float64).softmax(-1)
    known = torch.rand(3, 5, 7, generator=generator) < 0.3
    known[1, 2:4] = False
    missed, inside, steps = 0, 0.0, 0
    for row in range(3):
        for step in range(5):
            right = [t for t in range(7) if known[row, step, t]]
            if right:
                steps += 1
                inside += sum(float(weights[row, step, t]) for t in right)
                missed += max(range(7), key=lambda t: float(weights[row, step, t])) not in right
    assert 0 < missed < steps < 15
    assert alignment_error(weights, known) == pytest.approx(missed / steps, abs=1e-15)
    assert known_share(weights, known) == pytest.approx(inside / steps, abs=1e-15)


def test_steps_without_a_known_source_do_not_count():
    weights = torch.tensor([[[0.9, 0.1], [0.2, 0.8]]])
    known = torch.tensor([[[True, False], [False, False]]])
    assert alignment_error(weights, known) == 0
    assert known_share(weights, known) == pytest.approx(0.9)


def test_a_mask_that_does_not_fit_is_refused():
    weights = torch.rand(1, 2, 3)
    with pytest.raises(ValueError, match="expected a source for at least one step"):
        alignment_error(weights, torch.zeros(1, 2, 3, dtype=torch.bool))
    with pytest.raises(ValueError, match="known: expected shape"):
        alignment_error.__wrapped__(weights, torch.ones(1, 3, 2, dtype=torch.bool))
    with pytest.raises(TypeError, match=r"known: expected True and False, got torch\.float32"):
        known_share.__wrapped__(weights, torch.ones(1, 2, 3))
