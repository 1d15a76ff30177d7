"""Every gap is asked as if it were alone, compared with one sequence at a time."""

import numpy as np
import pytest
import torch

from seqviz.data.tokenizer import CLS, MASK, SEP
from seqviz.traces.transformer.hidden_word import packed_text, trace_hidden_word

from .encoder import TEXT, WORDS, made


def test_one_sentence_or_two_are_packed_without_padding():
    tokens, segments = packed_text(WORDS, TEXT)
    a, b, c, d = WORDS.encode("a b c d").tolist()
    assert tokens.tolist() == [CLS, a, b, SEP, c, a, d, SEP]
    assert segments.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    tokens, segments = packed_text(WORDS, "b d")
    assert tokens.tolist() == [CLS, b, d, SEP]
    assert not segments.any()


@pytest.mark.parametrize("text", [TEXT, "b d a"])
def test_every_gap_is_what_the_model_says_of_it_alone(text):
    model = made()
    trace = trace_hidden_word(model, WORDS, text)
    tokens, segments = packed_text(WORDS, text)
    columns = [WORDS.tokens.index(output) for output in trace.outputs]
    assert len(trace.tokens) == len(tokens) == len(trace.probabilities)
    for hidden in range(len(tokens)):
        row = tokens.clone()
        row[hidden] = MASK
        with torch.no_grad():
            z, weights = model(row[None], segments[None])
            expected = model.words(z[0, hidden]).softmax(-1)
        np.testing.assert_allclose(trace.probabilities[hidden], expected[columns], rtol=0, atol=1e-12)
        assert trace.own[hidden] == pytest.approx(expected[tokens[hidden]].item(), abs=1e-12)
        np.testing.assert_allclose(trace.weights[hidden], weights[1, 0, :, hidden].mean(0), rtol=0, atol=1e-12)
        assert WORDS.tokens[int(expected.argmax())] in trace.outputs
        assert trace.tokens[hidden] in trace.outputs
    assert len(set(trace.outputs)) == len(trace.outputs)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a / b / c", "expected one or two sentences, with “/” between them, got 3"),
        ("a /", "expected at least one word, got an empty text"),
        ("a b c d / a b c d", "tokens: expected at most 9 steps, got 11"),
    ],
)
def test_what_cannot_be_read_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        trace_hidden_word(made(), WORDS, text)
