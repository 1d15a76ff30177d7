"""The explorers: the numbers they send are those of the traces, live and at rest."""

import itertools

import numpy as np
import pytest
import torch

from seqviz.data import Alphabet
from seqviz.models import RNN, losses
from seqviz.plots.computation_graph import SEQUENCE_SHAPES
from seqviz.plots.gradients import DECADES
from seqviz.traces import trace_gradients, trace_run, trace_terms
from seqviz.widgets import explore
from seqviz.widgets.explorers.gradients import spectral_radius
from seqviz.widgets.explorers.parts import LONGEST
from tests.widgets.explorers import ALPHABET, TEXT, answer, assert_still, opened
from tests.widgets.wire import size_in_bytes

FLOAT32 = {"rtol": 1e-6, "atol": 1e-7}


# reading


def logits_and_states(model, text):
    with torch.no_grad():
        logits, states = model(ALPHABET.one_hot(ALPHABET.encode(text), torch.float64)[None])
    return logits[0].softmax(-1).numpy(), states[0].numpy()


@pytest.mark.parametrize("text", ["hole", "h", " oleh"])
def test_run_shows_the_models_states_and_probabilities_of_the_typed_text(wire, model, text):
    explorer = explore.run(model, ALPHABET, TEXT)
    for state, shown in [(opened(wire, explorer), TEXT), (answer(wire, explorer, text=text), text)]:
        probabilities, states = logits_and_states(model, shown)
        np.testing.assert_allclose(state["figure"]["data"][0]["z"], states.T, **FLOAT32)
        np.testing.assert_allclose(state["content"]["patches"]["data.1.x"], probabilities, **FLOAT32)
        assert state["content"]["selections"] == len(shown) == len(state["content"]["sentences"])


def test_run_opens_after_the_last_step(wire, model):
    explorer = explore.run(model, ALPHABET, TEXT)
    assert explorer.values == {"text": TEXT, "step": len(TEXT) - 1}
    assert explorer.still()[1].startswith(f"After step {len(TEXT)} of {len(TEXT)}")


def test_the_strip_says_how_much_each_character_was_expected(wire, model):
    strip = opened(wire, explore.run(model, ALPHABET, TEXT))["content"]["strip"]
    probabilities, _ = logits_and_states(model, TEXT)
    expected = [probabilities[t - 1, ALPHABET.characters.index(TEXT[t])] for t in range(1, len(TEXT))]
    assert strip["levels"].shape == (len(TEXT), len(TEXT))
    assert np.isnan(strip["levels"][:, 0]).all()
    np.testing.assert_allclose(strip["levels"][:, 1:], np.tile(expected, (len(TEXT), 1)), **FLOAT32)
    assert strip["tokens"][5] == "␣"
    assert strip["names"][5] == "space"


def test_run_shows_a_model_that_has_learnt_meanwhile(wire, model):
    explorer = explore.run(model, ALPHABET, TEXT)
    with torch.no_grad():
        model.W_hh.mul_(0.5)
    assert "error" in answer(wire, explorer, text="hex")["content"]
    again = answer(wire, explorer, text=TEXT)
    probabilities, states = logits_and_states(model, TEXT)
    np.testing.assert_allclose(again["content"]["patches"]["data.1.x"], probabilities, **FLOAT32)
    np.testing.assert_allclose(again["figure"]["data"][0]["z"], states.T, **FLOAT32)


# gradients through time


def gradient_norms(model, text, factor):
    """‖∂L_t/∂h_k‖ by autograd, one loss and one step at a time, with W_hh multiplied by a factor."""
    indices = ALPHABET.encode(text)
    h, states, logits = torch.zeros(7, dtype=torch.float64, requires_grad=True), [], []
    for index in indices[:-1]:
        h = torch.tanh(model.W_xh[:, index] + factor * model.W_hh @ h + model.b_h)
        states.append(h)
        logits.append(model.W_hy @ h + model.b_y)
    step_losses = losses.step_cross_entropy(torch.stack(logits)[None], indices[None, 1:])[0]
    norms = np.full((len(states), len(states)), np.nan)
    for t, k in itertools.product(range(len(states)), repeat=2):
        if k <= t:
            (gradient,) = torch.autograd.grad(step_losses[t], states[k], retain_graph=True)
            norms[t, k] = gradient.norm()
    return norms


@pytest.mark.parametrize(("text", "radius"), [(TEXT, 0.4), ("ohe l", 1.7)])
def test_the_ribbon_is_autograds_gradient_of_the_scaled_network(wire, model, text, radius):
    explorer = explore.gradient_ribbon(model, ALPHABET, TEXT)
    own = np.abs(np.linalg.eigvals(model.W_hh.detach().numpy())).max()
    before = model.W_hh.detach().clone()
    content = answer(wire, explorer, text=text, radius=radius)["content"]
    norms = gradient_norms(model, text, radius / own)
    np.testing.assert_allclose(content["patches"]["data.0.y"], norms, rtol=1e-5, atol=1e-12)
    low, high = DECADES
    levels = np.clip((np.log10(norms) - low) / (high - low), 0, 1)
    np.testing.assert_allclose(content["strip"]["levels"], levels, rtol=1e-5, atol=1e-5)
    assert content["selections"] == len(text) - 1
    torch.testing.assert_close(model.W_hh.detach(), before, rtol=0, atol=0)


def test_the_ribbons_axes_stay_while_only_the_radius_moves(wire, model):
    explorer = explore.gradient_ribbon(model, ALPHABET, TEXT)
    assert set(answer(wire, explorer, radius=2.0)) == {"content"}
    assert set(answer(wire, explorer, text="hell")) == {"content", "figure"}


def test_the_ribbon_opens_at_the_networks_own_radius(model):
    explorer = explore.gradient_ribbon(model, ALPHABET, TEXT)
    own = np.abs(np.linalg.eigvals(model.W_hh.detach().numpy())).max()
    assert explorer.values["radius"] == pytest.approx(own, abs=0.005)
    assert spectral_radius(model) == pytest.approx(own, rel=1e-12)


def test_a_matrix_without_a_radius_cannot_be_scaled(model):
    with torch.no_grad():
        model.W_hh.zero_()
    with pytest.raises(ValueError, match="W_hh: expected a spectral radius above 0, got 0"):
        explore.gradient_ribbon(model, ALPHABET, TEXT)


# terms


def test_terms_add_up_to_autograds_gradient_reach_by_reach(wire, model):
    explorer = explore.terms(model, ALPHABET, TEXT)
    for state, text in [(opened(wire, explorer), TEXT), (answer(wire, explorer, text="oh hell"), "oh hell")]:
        sums = state["content"]["patches"]["data.0.z"]
        trace = trace_terms(model, ALPHABET, text)
        assert sums.shape == (len(text) - 1, 7, 7)
        for reach, summed in enumerate(sums):
            expected = sum(trace.terms[t, k] for t in range(len(text) - 1) for k in range(max(0, t - reach), t + 1))
            np.testing.assert_allclose(summed, expected, rtol=1e-5, atol=1e-7)
        model.W_hh.grad = None
        logits, _ = model(ALPHABET.one_hot(ALPHABET.encode(text[:-1]), torch.float64)[None])
        losses.step_cross_entropy(logits, ALPHABET.encode(text[1:])[None]).sum().backward()
        np.testing.assert_allclose(sums[-1], model.W_hh.grad, rtol=1e-5, atol=1e-7)


# what no explorer may do


OF_A_MODEL = {"run": explore.run, "gradient ribbon": explore.gradient_ribbon, "terms": explore.terms}


@pytest.mark.parametrize("name", OF_A_MODEL)
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hexo", "expected only characters of 'helo ', got 'x'"),
        ("", "expected at least"),
        ("h", "expected at least two characters, one to read and one to predict, got 'h'"),
    ],
)
def test_an_impossible_text_is_answered_in_words_and_the_picture_stays(wire, model, name, text, message):
    if name == "run" and len(text) == 1:
        return  # a network can read a single character
    explorer = OF_A_MODEL[name](model, ALPHABET, TEXT)
    before = opened(wire, explorer)["content"]
    refused = answer(wire, explorer, text=text)
    assert set(refused) == {"content"}
    assert message in refused["content"]["error"]
    assert refused["content"]["sentences"] == before["sentences"]
    for path, sent in before["patches"].items():
        np.testing.assert_array_equal(refused["content"]["patches"][path], sent)
    assert "error" not in answer(wire, explorer, text="hole")["content"]


@pytest.mark.parametrize("name", OF_A_MODEL)
def test_weights_that_are_not_numbers_are_an_error_never_a_picture(wire, model, name):
    explorer = OF_A_MODEL[name](model, ALPHABET, TEXT)
    with torch.no_grad():
        model.W_hh[1, 2] = float("nan")
    assert "W_hh: expected finite numbers, got 1 NaN" in answer(wire, explorer, text="hole")["content"]["error"]
    with pytest.raises(ValueError, match="W_hh: expected finite numbers, got 1 NaN"):
        OF_A_MODEL[name](model, ALPHABET, TEXT)


@pytest.mark.parametrize("name", OF_A_MODEL)
def test_every_selection_is_there_to_follow_the_hand(wire, model, name):
    content = opened(wire, OF_A_MODEL[name](model, ALPHABET, TEXT))["content"]
    count = content["selections"]
    assert len(content["sentences"]) == len(set(content["sentences"])) == count > 1
    assert {len(values) for values in content["patches"].values()} == {count}


@pytest.mark.parametrize("name", OF_A_MODEL)
def test_an_explorer_of_a_line_of_text_stays_small(model, name):
    assert size_in_bytes(OF_A_MODEL[name](model, ALPHABET, (TEXT * 6)[:LONGEST])) < 150_000
    assert size_in_bytes(OF_A_MODEL[name](model, ALPHABET, TEXT)) <= 50_000


@pytest.mark.parametrize("name", OF_A_MODEL)
def test_the_still_form_is_the_plot_of_the_trace(model, name):
    from seqviz.plots import plot_gradient_ribbon, plot_run, plot_terms

    explorer = OF_A_MODEL[name](model, ALPHABET, TEXT)
    if name == "run":
        expected = plot_run(trace_run(model, ALPHABET, TEXT), explorer.values["step"])
    elif name == "terms":
        expected = plot_terms(trace_terms(model, ALPHABET, TEXT), explorer.values["reach"])
    else:
        # it opens on the model itself, not on one whose radius is rounded as the slider shows it
        expected = plot_gradient_ribbon(trace_gradients(model, ALPHABET, TEXT), explorer.values["step"])
    assert_still(explorer, expected)
    assert explorer._repr_mimebundle_()[0]["text/plain"] == explorer.still()[1]


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
    return explore.unrolling()


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
    letters = Alphabet("helo").encode("hellohell")
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
    explorer = explore.unrolling()
    answer(wire, explorer, steps=6)
    assert torch.equal(torch.get_rng_state(), before)


def test_unrolling_is_the_same_every_time(wire):
    first, second = explore.unrolling(), explore.unrolling()
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
