"""Folding and unfolding: every weight at its steps."""

import numpy as np
import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.models import RNN
from seqviz.plots.recurrent.computation_graph import SEQUENCE_SHAPES
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened
from tests.widgets.wire import size_in_bytes

# folding and unfolding

WITH_DECODER = "many to many, unequal lengths"


def expected_uses(shape, steps):
    """For each shape and length, the steps at which each weight is used."""
    every = list(range(1, steps + 1))
    first, rest = every[: steps // 2], every[steps // 2 :]
    return {
        "one to one": {"W_xh": [1], "W_hh": [1], "W_hy": [1]},
        "one to many": {"W_xh": [1], "W_hh": every, "W_hy": every},
        "many to one": {"W_xh": every, "W_hh": every, "W_hy": [steps]},
        "many to many, equal lengths": {"W_xh": every, "W_hh": every, "W_hy": every},
        WITH_DECODER: {"W_xh": first, "W_hh": first, "W_hh′": rest, "W_hy′": rest},
    }[shape]


@pytest.fixture
def unrolling():
    return explore.unrolled()


@pytest.mark.parametrize("steps", range(2, 7))
@pytest.mark.parametrize("shape", SEQUENCE_SHAPES)
def test_unrolling_uses_every_weight_at_its_steps_for_every_shape_and_length(wire, unrolling, shape, steps):
    if {"shape": shape, "steps": steps}.items() <= unrolling.values.items():
        content = opened(wire, unrolling)["content"]
    else:
        content = answer(wire, unrolling, shape=shape, steps=steps)["content"]
    scene = content["scene"]
    uses = {}
    for edge in scene["edges"]:
        uses.setdefault(edge["parameter"], []).append(edge["t"])
    assert uses == expected_uses(shape, steps)
    assert {parameter["name"] for parameter in scene["parameters"]} == set(uses)
    count = 1 if shape == "one to one" else steps
    assert [node["id"] for node in scene["nodes"] if node["kind"] == "state"] == [f"h_{t}" for t in range(count + 1)]
    ends = {name for edge in scene["edges"] for name in (edge["tail"], edge["head"])}
    assert ends == {node["id"] for node in scene["nodes"]}
    assert scene["states"].shape == (count, 3)
    assert np.abs(scene["states"]).max() <= 1
    assert content["selections"] == len(content["sentences"]) == count


@pytest.mark.parametrize("shape", SEQUENCE_SHAPES)
def test_unrolling_runs_on_with_the_same_weights_unless_the_decoder_has_its_own(wire, unrolling, shape):
    """Where a state reads nothing, it must be tanh(W_hh h + b_h) of the state before, with some W_hh and b_h."""
    explorer = unrolling
    states = answer(wire, explorer, shape=shape, steps=6)["content"]["scene"]["states"]
    encoder, decoder = explorer_networks()
    h, expected = torch.zeros(3), []
    letters = Tokenizer.of_characters("helo").encode("hellohell")
    for t in range(1, len(states) + 1):
        own = decoder if shape == WITH_DECODER and t > 3 else encoder
        reads = {"one to many": t == 1, WITH_DECODER: t <= 3}.get(shape, True)
        a = own.W_hh @ h + own.b_h + (own.W_xh[:, letters[t - 1]] if reads else 0)
        h = torch.tanh(a)
        expected.append(h)
    np.testing.assert_allclose(states, torch.stack(expected).detach(), rtol=1e-5, atol=1e-6)


def explorer_networks():
    torch.manual_seed(0)
    networks = [RNN(4, 3, 4) for _ in range(2)]
    with torch.no_grad():
        for network in networks:
            for parameter in network.parameters():
                parameter.mul_(2.5)
    return networks


def test_unrolling_leaves_the_notebooks_random_numbers_as_they_were(wire):
    torch.manual_seed(11)
    before = torch.get_rng_state()
    explorer = explore.unrolled()
    answer(wire, explorer, steps=6)
    assert torch.equal(torch.get_rng_state(), before)


def test_unrolling_is_the_same_every_time(wire):
    first, second = explore.unrolled(), explore.unrolled()
    np.testing.assert_array_equal(
        opened(wire, first)["content"]["scene"]["states"], opened(wire, second)["content"]["scene"]["states"]
    )


def test_unrolling_folds_in_the_browser_alone(unrolling):
    browser = {control["name"]: control["browser"] for control in unrolling.controls}
    assert browser == {"shape": False, "steps": False, "unfolded": True, "step": True}


def test_unrolling_is_small_and_its_still_form_says_a_step(unrolling):
    assert size_in_bytes(unrolling) <= 50_000
    data, _ = unrolling._repr_mimebundle_()
    assert data["text/plain"].startswith("Step 2 of 4: h_2 = tanh(W_xh x_2 + W_hh h_1 + b_h) = (")
    assert data["application/vnd.plotly.v1+json"]["data"]
