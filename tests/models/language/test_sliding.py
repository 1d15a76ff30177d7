"""Every token is scored once, by the first window that holds it, against a loop over tokens."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqviz.models.language.sliding import sliding_log_probabilities
from seqviz.models.transformer.decoder_only import CausalTransformer

TOKENS = 5


def model_of(scheme="alibi"):
    torch.manual_seed(0)
    model = CausalTransformer(TOKENS, 8, 2, 6, 1, scheme, 11, torch.float64)
    with torch.no_grad():
        model.W_o.normal_()
    return model


MODEL = model_of()


def logits_of(tokens):
    return MODEL(tokens)[0]


def text(batch, time):
    return torch.randint(TOKENS, (batch, time), generator=torch.Generator().manual_seed(time))


@settings(deadline=None)
@given(time=st.integers(2, 12), window=st.integers(1, 7), stride=st.integers(1, 7))
def test_each_token_has_what_stands_before_it_in_the_first_window_that_holds_it(time, window, stride):
    stride, tokens, expected = min(stride, window), text(2, time), []
    for t in range(1, time):  # reads y_1 … y_t, scores y_(t+1)
        begin = stride * math.ceil(max(t - window, 0) / stride)
        log_p = logits_of(tokens[:, begin:t])[:, -1].log_softmax(-1)
        expected.append(log_p.gather(-1, tokens[:, t : t + 1])[:, 0])
    found = sliding_log_probabilities(logits_of, tokens, window, stride)
    torch.testing.assert_close(found, torch.stack(expected, 1), rtol=0, atol=1e-10)


def test_a_window_that_holds_the_text_is_the_text_read_once():
    tokens = text(3, 9)
    whole = logits_of(tokens[:, :-1]).log_softmax(-1).gather(-1, tokens[:, 1:, None])[..., 0]
    for window, stride in ((8, 8), (8, 3), (20, 1)):
        found = sliding_log_probabilities(logits_of, tokens, window, stride)
        torch.testing.assert_close(found, whole, rtol=0, atol=1e-10)


def test_windows_are_never_longer_than_was_asked_and_none_is_for_nothing():
    read = []

    def listening(tokens):
        read.append(tuple(tokens.shape))
        return logits_of(tokens)

    sliding_log_probabilities(listening, text(2, 13), 5, 3)
    assert read == [(2, 5), (2, 5), (2, 5), (2, 3)]  # they begin at 0, 3, 6, 9, and the last is cut off at 12
    read.clear()
    sliding_log_probabilities(listening, text(2, 11), 5, 5)
    assert read == [(2, 5), (2, 5)]


@pytest.mark.parametrize(
    ("time", "window", "stride", "message"),
    [
        (6, 3, 4, "stride: expected 1 … 3, the window, got 4"),
        (6, 3, 0, "stride: expected 1 … 3, the window, got 0"),
        (6, 0, 1, "window: expected at least 1, got 0"),
        (1, 3, 1, "tokens: expected at least 2 steps, one to read and one to score, got 1"),
    ],
)
def test_what_leaves_tokens_out_is_refused(time, window, stride, message):
    with pytest.raises(ValueError, match=message):
        sliding_log_probabilities(logits_of, text(2, time), window, stride)
