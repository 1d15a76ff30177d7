"""What the record says is what the models say, one sequence at a time."""

import numpy as np
import pytest
import torch

from seqviz.data.sequences.shifted_pattern import MARGIN, RAMP, RAMPS
from seqviz.models import Conv1DClassifier, SequenceMLP
from seqviz.traces import trace_shift

TIME = 19


def models():
    torch.manual_seed(0)
    return {"mlp": SequenceMLP(1, TIME, 4, 2), "conv": Conv1DClassifier(1, 3, 2, (5,))}


@pytest.mark.parametrize("right", RAMPS)
def test_every_place_has_the_ramp_on_the_same_noise_and_the_models_answers(right):
    trace = trace_shift(models(), right, [5, 6], time=TIME, noise=0.4, seed=3)
    noise = 0.4 * torch.randn(1, TIME, generator=torch.Generator().manual_seed(3))[0]
    ramp = torch.tensor(RAMP if right == "rising" else RAMP[::-1])
    assert list(trace.starts) == list(range(MARGIN, TIME - len(RAMP) - MARGIN + 1))
    for place, start in enumerate(trace.starts):
        x = noise.clone()
        x[start : start + len(RAMP)] += ramp
        np.testing.assert_allclose(trace.inputs[place], x, rtol=0, atol=1e-6)
        for name, model in models().items():
            scores = model(x[None, :, None])[0].tolist()
            expected = np.exp(scores[RAMPS.index(right)]) / np.exp(scores).sum()
            np.testing.assert_allclose(trace.probabilities[name][place], expected, rtol=1e-5)
    assert [int(start) for start in trace.starts[trace.trained]] == [5, 6]
    assert (trace.right, trace.width) == (right, len(RAMP))


def test_the_noise_is_that_of_the_seed():
    one, same, other = (trace_shift(models(), "rising", [], time=TIME, seed=seed).inputs for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 0.1


def test_an_unknown_ramp_is_refused():
    with pytest.raises(ValueError, match=r"expected one of \('rising', 'falling'\), got 'flat'"):
        trace_shift(models(), "flat", [], time=TIME)
