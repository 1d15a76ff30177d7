"""What the reading network sends is what the model says."""

import numpy as np
import pytest
import torch

from seqviz.plots.recurrent.run import SHOWN
from seqviz.traces import trace_run
from seqviz.widgets import explore
from seqviz.widgets.controls import Range
from tests.widgets.asked import ALPHABET, TEXT, answer, opened

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
        likeliest = -np.sort(-probabilities)[:, :SHOWN]
        np.testing.assert_allclose(state["content"]["patches"]["data.1.x"], likeliest, **FLOAT32)
        assert state["content"]["selections"] == len(shown) == len(state["content"]["sentences"])


def test_run_opens_after_the_last_step(wire, model):
    explorer = explore.run(model, ALPHABET, TEXT)
    assert explorer.values == {"text": TEXT, "paint": 0, "written": 0, "step": len(TEXT) - 1}
    assert explorer.still()[1].startswith(f"After step {len(TEXT)} of {len(TEXT)}")


def test_the_strip_says_how_much_each_character_was_expected(wire, model):
    strip = opened(wire, explore.run(model, ALPHABET, TEXT))["content"]["strip"]
    probabilities, _ = logits_and_states(model, TEXT)
    expected = [probabilities[t - 1, ALPHABET.tokens.index(TEXT[t])] for t in range(1, len(TEXT))]
    assert np.isnan(strip["levels"][0, 0])
    np.testing.assert_allclose(strip["levels"][0, 1:], expected, **FLOAT32)
    assert strip["tokens"][5] == "␣"
    assert strip["names"][5] == "space"


def test_the_strip_can_be_painted_by_any_unit(wire, model):
    explorer = explore.run(model, ALPHABET, TEXT)
    strip = opened(wire, explorer)["content"]["strip"]
    _, states = logits_and_states(model, TEXT)
    np.testing.assert_allclose(strip["levels"][1:], (states.T + 1) / 2, **FLOAT32)
    assert len(strip["levels"]) == 1 + model.W_hh.shape[1]
    paint = explorer._controls[strip["by"]]
    assert isinstance(paint, Range)
    assert paint.shown[0] == "surprise"
    assert [caption["diverging"] for caption in strip["captions"]] == [False, True]
    # a click on row u of the states, which counts from 1, paints by unit u
    assert opened(wire, explorer)["content"]["press"] == {"yaxis": "paint"}
    assert (paint.minimum, paint.shown[3]) == (0, "unit 3")


def test_what_it_writes_on_is_the_traces_from_every_step(wire, model):
    strip = opened(wire, explore.run(model, ALPHABET, TEXT))["content"]["strip"]
    trace = trace_run(model, ALPHABET, TEXT, letters=30)
    assert strip["writes"] == [writing.replace(" ", "␣") for writing in trace.writings]
    assert strip["written"] == "written"


def test_run_shows_a_model_that_has_learnt_meanwhile(wire, model):
    explorer = explore.run(model, ALPHABET, TEXT)
    with torch.no_grad():
        model.W_hh.mul_(0.5)
    assert "error" in answer(wire, explorer, text="hex")["content"]
    again = answer(wire, explorer, text=TEXT)
    probabilities, states = logits_and_states(model, TEXT)
    np.testing.assert_allclose(again["content"]["patches"]["data.1.x"], -np.sort(-probabilities)[:, :SHOWN], **FLOAT32)
    np.testing.assert_allclose(again["figure"]["data"][0]["z"], states.T, **FLOAT32)
