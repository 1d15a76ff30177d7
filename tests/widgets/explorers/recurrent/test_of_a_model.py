"""What no explorer of a model and a text may do."""

import numpy as np
import pytest
import torch

from seqviz.plots import gradient_ribbon, run, terms
from seqviz.traces import trace_gradient_ribbon, trace_run, trace_terms
from seqviz.widgets import explore
from seqviz.widgets.explorers.parts import LONGEST
from tests.widgets.asked import ALPHABET, TEXT, answer, assert_still, opened
from tests.widgets.wire import size_in_bytes

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
    explorer = OF_A_MODEL[name](model, ALPHABET, TEXT)
    if name == "run":
        expected = run(trace_run(model, ALPHABET, TEXT), explorer.values["step"]).figure
    elif name == "terms":
        expected = terms(trace_terms(model, ALPHABET, TEXT), explorer.values["reach"]).figure
    else:
        # it opens on the model itself, not on one whose radius is rounded as the slider shows it
        expected = gradient_ribbon(trace_gradient_ribbon(model, ALPHABET, TEXT), explorer.values["step"]).figure
    assert_still(explorer, expected)
    assert explorer._repr_mimebundle_()[0]["text/plain"] == explorer.still()[1]
