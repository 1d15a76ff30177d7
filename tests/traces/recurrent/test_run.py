"""A run holds the model's own numbers; what cannot be read is refused."""

import numpy as np
import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.models import RNN
from seqviz.traces import trace_gradient_ribbon, trace_run

ALPHABET = Tokenizer.of_characters("helo")
TEXT = "hellohole"
TOLERANCE = {"atol": 1e-10, "rtol": 1e-10}


@pytest.fixture(params=["tanh", "relu"])
def model(request):
    torch.manual_seed(4)
    return RNN(4, 6, 4, request.param, dtype=torch.float64)


def test_run_holds_the_models_numbers(model):
    trace = trace_run(model, ALPHABET, TEXT)
    logits, states = model(ALPHABET.one_hot(ALPHABET.encode(TEXT), torch.float64)[None])
    np.testing.assert_allclose(trace.states, states[0].detach(), rtol=0, atol=1e-12)
    np.testing.assert_allclose(trace.probabilities, logits[0].softmax(-1).detach(), rtol=0, atol=1e-12)
    activate = {"tanh": np.tanh, "relu": lambda a: np.maximum(a, 0)}[model.nonlinearity]
    np.testing.assert_allclose(activate(trace.pre_activations), trace.states, rtol=0, atol=1e-12)
    assert trace.tokens == tuple(TEXT)


@pytest.mark.parametrize(
    ("text", "message"), [("hexo", "got 'x'"), ("", "at least two characters"), ("h", "one to predict, got 'h'")]
)
def test_impossible_texts_are_refused(model, text, message):
    with pytest.raises(ValueError, match=message):
        trace_gradient_ribbon(model, ALPHABET, text)


def test_weights_that_are_not_numbers_never_become_a_picture(model):
    with torch.no_grad():
        model.W_hh[0, 1] = float("nan")
    with pytest.raises(ValueError, match="W_hh: expected finite numbers, got 1 NaN"):
        trace_run(model, ALPHABET, TEXT)


def test_an_alphabet_of_another_size_is_refused(model):
    with pytest.raises(ValueError, match="a tokenizer of 4 characters, as the network reads, got 2"):
        trace_run(model, Tokenizer.of_characters("he"), "he")


def test_it_writes_on_from_every_step_by_reading_what_it_wrote(model):
    with torch.no_grad():
        model.W_hy.mul_(1e4)  # so sure of one letter that drawing is choosing it
    trace = trace_run(model, ALPHABET, TEXT, letters=5)
    for t, writing in enumerate(trace.writings):
        text = TEXT[: t + 1]
        for letter in writing:
            logits, _ = model(ALPHABET.one_hot(ALPHABET.encode(text), torch.float64)[None])
            assert letter == ALPHABET.tokens[int(logits[0, -1].argmax())]
            text += letter
    assert [len(writing) for writing in trace.writings] == [5] * len(TEXT)


def test_what_it_writes_follows_the_seed_and_leaves_the_notebooks_random_numbers(model):
    before = torch.random.get_rng_state()
    first, again, other = (trace_run(model, ALPHABET, TEXT, letters=8, seed=seed).writings for seed in (1, 1, 2))
    assert first == again != other
    assert torch.equal(before, torch.random.get_rng_state())


def test_it_writes_only_if_asked(model):
    assert trace_run(model, ALPHABET, TEXT).writings == ()
