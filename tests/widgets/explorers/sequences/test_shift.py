"""The curves are the models' answers at every place."""

import numpy as np
import pytest
import torch

from seqviz.data import RAMPS, place_ramps, ramp_positions
from seqviz.models import Conv1DClassifier, SequenceMLP
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened
from tests.widgets.wire import size_in_bytes

TIME, TRAINED = 21, range(5, 8)


@pytest.fixture
def models():
    torch.manual_seed(0)
    return {"mlp": SequenceMLP(1, TIME, 8, 2), "conv": Conv1DClassifier(1, 3, 2, (5,))}


# a pattern that moves


def probabilities(model, right, noise, seed):
    """One sequence at a time, from the data alone."""
    background = noise * torch.randn(1, TIME, generator=torch.Generator().manual_seed(seed))
    label = RAMPS.index(right)
    found = []
    for place in ramp_positions(TIME):
        x = place_ramps(background, torch.tensor([label]), torch.tensor([place]))
        with torch.no_grad():
            found.append(model(x).softmax(-1)[0, label].item())
    return found


@pytest.mark.parametrize(("right", "noise", "seed"), [("rising", 0.3, 1), ("falling", 0.8, 3)])
def test_the_curves_are_the_models_answers_at_every_place(wire, models, right, noise, seed):
    explorer = explore.shift(models, TRAINED, TIME)
    content = opened(wire, explorer)["content"]
    if right != explorer.values["right"]:
        content = answer(wire, explorer, right=right, noise=noise, background=str(seed))["content"]
    for trace, model in enumerate(models.values(), start=2):
        drawn = content["patches"][f"data.{trace}.y"]
        expected = probabilities(model, right, noise, seed)
        assert drawn.shape == (len(expected), len(expected)), "all curves with every place"
        np.testing.assert_allclose(drawn[4], expected, rtol=1e-5, atol=1e-6)
    assert content["selections"] == len(ramp_positions(TIME))


def test_it_opens_where_the_models_disagree_most(models):
    explorer = explore.shift(models, TRAINED, TIME)
    gaps = np.subtract(*(probabilities(model, "rising", 0.3, 1) for model in models.values()))
    assert explorer.values["place"] == np.abs(gaps).argmax()


def test_changing_the_noise_moves_the_curves_without_a_new_figure(wire, models):
    explorer = explore.shift(models, TRAINED, TIME)
    update = answer(wire, explorer, noise=0.0)
    assert "figure" not in update
    sequence = update["content"]["patches"]["data.0.y"]
    np.testing.assert_array_equal(sequence[0, :4], 0)


def test_what_is_sent_and_recorded_is_small(models):
    torch.manual_seed(0)
    four = models | {name: Conv1DClassifier(1, 3, 2, (5,)) for name in "ab"}
    explorer = explore.shift(four, TRAINED, TIME)
    assert size_in_bytes(explorer) < 50_000
    made = explorer.recording()
    assert made["recorded"]["noise"] == [0, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0]
    assert len(made["answers"]) == 2 * 3 * 7
    assert len(made["figures"]) == 1, "kept once"
