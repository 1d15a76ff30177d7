"""Weights by hand: what they sum to, what the model says with them, and how it goes on."""

import numpy as np
import pytest
import torch

from seqviz.data.translation.parallel import ParallelText
from seqviz.models.translation.attention_decoder import BahdanauTranslator
from seqviz.traces.translation.redirect import redirected, trace_redirect

TEXT = ParallelText.of([(tuple("abc"), tuple("xy")), (tuple("cab"), tuple("yz"))])


@pytest.fixture
def model():
    torch.manual_seed(5)
    made = BahdanauTranslator(len(TEXT.source), len(TEXT.target), 4, 6, 5, torch.float64)
    with torch.no_grad():
        made.W_o *= 6
        made.b_o[:7] = -100  # no special tokens, so that it goes on
    return made


def test_the_chosen_one_gets_its_share_and_the_others_keep_their_proportions():
    own = torch.tensor([0.5, 0.3, 0.2], dtype=torch.float64)
    weights = redirected(own, 0.6)
    torch.testing.assert_close(weights.sum(-1), torch.ones(3, dtype=torch.float64))
    torch.testing.assert_close(weights.diagonal(), torch.full((3,), 0.6, dtype=torch.float64))
    assert float(weights[0, 1] / weights[0, 2]) == pytest.approx(1.5)
    torch.testing.assert_close(redirected(own, 0.5)[0], own)


def test_where_nothing_is_left_to_share_the_others_get_equal_parts():
    own = torch.tensor([1.0, 0.0, 0.0])
    torch.testing.assert_close(redirected(own, 0.0)[0], torch.tensor([0.0, 0.5, 0.5]))
    torch.testing.assert_close(redirected(torch.ones(1), 0.25), torch.ones(1, 1))


def test_one_step_is_moved_and_the_model_goes_on_by_itself(model):
    trace = trace_redirect(model, TEXT, "cab", 1, 0.9, max_length=4)
    said = [TEXT.target.tokens.index(token) for token in trace.said]
    state = model.encode(TEXT.source.encode(tuple("cab"))[None])
    first = model.look(torch.tensor([1]), state)
    assert int(first.logits.argmax()) == said[0]
    own = model.look(torch.tensor(said[:1]), first.state)
    np.testing.assert_allclose(trace.own_weights, own.weights[0].detach(), atol=1e-12)
    for t in range(3):
        hand = torch.from_numpy(trace.weights[t])[None]
        assert hand[0, t] == pytest.approx(0.9)
        moved = model.look(torch.tensor(said[:1]), first.state, hand)
        shown = [TEXT.target.tokens.index(token) for token in trace.outputs]
        np.testing.assert_allclose(trace.probabilities[t], moved.logits.softmax(-1)[0, shown].detach(), atol=1e-12)
        state, token, whole = moved.state, int(moved.logits.argmax()), list(said[:1])
        whole.append(token)
        for _ in range(2):
            logits, _, state = model.look(torch.tensor([token]), state)
            token = int(logits.argmax())
            whole.append(token)
        assert trace.goes_on[t] == tuple(TEXT.target.tokens[index] for index in whole)


def test_with_the_weights_it_has_nothing_changes(model):
    own = trace_redirect(model, TEXT, "abc", 0, 0.5)
    same = trace_redirect(model, TEXT, "abc", 0, float(own.own_weights[1]))
    assert same.goes_on[1] == same.said
    np.testing.assert_allclose(same.probabilities[1], same.own_probabilities, atol=1e-12)


def test_a_step_behind_the_output_is_its_last_and_a_share_above_one_is_refused(model):
    assert trace_redirect(model, TEXT, "abc", 9, 0.5, max_length=3).step == 2
    with pytest.raises(ValueError, match=r"share: expected a weight from 0 to 1, got 1\.5"):
        trace_redirect(model, TEXT, "abc", 0, 1.5)
