"""The explorers of gradients that vanish and explode: what they send is what their traces hold, live and at rest."""

import numpy as np
import pytest
import torch

from seqviz.models.small_networks import one_unit
from seqviz.plots import cliff, jacobians, truncation
from seqviz.traces import sweep_radius, trace_descents, trace_truncation
from seqviz.widgets import explore
from seqviz.widgets.explorers.clipping import THRESHOLDS
from seqviz.widgets.explorers.jacobians import RADII
from tests.widgets.explorers import ALPHABET, TEXT, answer, opened
from tests.widgets.wire import size_in_bytes

FLOAT32 = {"rtol": 1e-6, "atol": 1e-7}


def made(name, model):
    return {
        "product": explore.jacobian_product,
        "cliff": explore.clipping,
        "chunks": lambda: explore.chunks(model, ALPHABET, TEXT),
    }[name]()


NAMES = ("product", "cliff", "chunks")


@pytest.mark.parametrize(
    ("nonlinearity", "largest", "steps"), [("none", 8.0, 60), ("tanh", 0.5, 10), ("relu", 6.3, 20)]
)
def test_the_product_follows_its_three_kernel_controls(wire, nonlinearity, largest, steps):
    explorer = explore.jacobian_product()
    state = answer(wire, explorer, nonlinearity=nonlinearity, largest=largest, steps=steps)
    sweep = sweep_radius(RADII, largest, steps, nonlinearity)
    patches = state["content"]["patches"]
    np.testing.assert_allclose(patches["data.0.y"], jacobians.on_log_axis(sweep.norms), **FLOAT32)
    assert np.isfinite(patches["data.1.y"][:, 1]).all(), "the line of the singular value is always drawn"
    assert state["content"]["sentences"][9] == jacobians.describe_jacobian_sweep(sweep, 9)


def test_the_figure_of_the_product_is_sent_again_only_for_another_length(wire):
    explorer = explore.jacobian_product()
    assert set(answer(wire, explorer, largest=7.0)) == {"content"}
    assert set(answer(wire, explorer, nonlinearity="relu")) == {"content"}
    assert set(answer(wire, explorer, steps=20)) == {"content", "figure"}


@pytest.mark.parametrize(("w", "b"), [(5.0, -2.3), (4, -1.7), (6.0, -3)])
def test_the_cliff_sends_the_three_ways_of_every_threshold(wire, w, b):
    explorer = explore.clipping()
    content = (
        answer(wire, explorer, w=w, b=b)["content"] if (w, b) != (5.0, -2.3) else opened(wire, explorer)["content"]
    )
    trace = trace_descents((float(w), float(b)), THRESHOLDS)
    for index in range(len(THRESHOLDS)):
        for path, values in cliff.cliff_patch(trace, index).items():
            np.testing.assert_allclose(content["patches"][path][index], values, rtol=1e-5, atol=1e-6)
    assert content["drag"] == {"xaxis": "w", "yaxis": "b"}


def test_the_map_is_the_loss_of_one_unit(wire):
    heat = opened(wire, explore.clipping())["figure"]["data"][0]
    row, column = 17, 40
    loss, _, _ = one_unit(*(torch.tensor(float(heat[axis][i])).double() for axis, i in (("x", column), ("y", row))))
    assert heat["z"][row][column] == pytest.approx(loss.item(), rel=1e-3)


def test_it_opens_where_only_clipping_stays_on_the_map(model):
    sentence = explore.clipping().still()[1]
    assert sentence.startswith("From w = 5.00, b = -2.30 (loss 0.040), threshold 0.3.")
    trace = trace_descents((5.0, -2.3), THRESHOLDS)
    assert trace.plain[-1, 1] < -3.2, "thrown off the map"
    assert (np.abs(trace.by_norm[4, :, 0] - 5) < 1).all()


def test_chunks_sends_the_border_and_the_share_of_every_length(wire, model):
    explorer = explore.chunks(model, ALPHABET, TEXT)
    for state, text in [(opened(wire, explorer), TEXT), (answer(wire, explorer, text="oh hell"), "oh hell")]:
        trace = trace_truncation(model, ALPHABET, text)
        steps = len(text) - 1
        assert state["content"]["selections"] == steps
        np.testing.assert_allclose(state["figure"]["data"][2]["y"], 100 * trace.missing, rtol=1e-5, atol=1e-4)
        for selection in range(steps):
            patch = truncation.truncation_patch(trace, selection)
            np.testing.assert_array_equal(state["content"]["patches"]["data.1.x"][selection], patch["data.1.x"])
            assert state["content"]["sentences"][selection] == truncation.describe_truncation(trace, selection)


def test_chunks_shows_a_model_that_has_learnt_meanwhile(wire, model):
    explorer = explore.chunks(model, ALPHABET, TEXT)
    with torch.no_grad():
        model.W_hh.mul_(0.3)
    assert "error" in answer(wire, explorer, text="hex")["content"]
    again = answer(wire, explorer, text=TEXT)
    trace = trace_truncation(model, ALPHABET, TEXT)
    np.testing.assert_allclose(again["figure"]["data"][2]["y"], 100 * trace.missing, rtol=1e-5, atol=1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_every_selection_is_there_to_follow_the_hand_and_small(model, name):
    explorer = made(name, model)
    content = explorer.content
    assert len(content["sentences"]) == len(set(content["sentences"])) == content["selections"] > 1
    assert {len(values) for values in content["patches"].values()} == {content["selections"]}
    assert size_in_bytes(explorer) <= 60_000
    assert explorer._repr_mimebundle_()[0]["text/plain"] == explorer.still()[1]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_can_hold_all_that_is_recorded_of_it(model, name):
    recording = made(name, model).recording()
    assert len(recording["answers"]) < 100
    assert all("error" not in one["content"] for one in recording["answers"])
