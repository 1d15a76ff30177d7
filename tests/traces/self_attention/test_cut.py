"""Each cut is the model's answer under a mask of its own, compared with one sentence at a time."""

import numpy as np
import pytest
import torch

from seqviz.traces.self_attention.cut import ALONE, EVERYBODY, edges_cut, trace_cut

from .made import TEXT, WORDS, made


@pytest.mark.parametrize("whose", [ALONE, EVERYBODY])
@pytest.mark.parametrize("layers", [(), (0,), (1,)])
def test_every_cut_is_the_answer_under_its_mask(whose, layers):
    model, asked = made(), 2
    trace = trace_cut(model, WORDS, TEXT, asked, layers, whose)
    words = WORDS.encode(TEXT)[None]
    columns = [WORDS.tokens.index(output) for output in trace.outputs]
    for word in range(5):
        also = torch.ones(2, 1, 1, 5, 5, dtype=torch.bool)
        for layer in layers or (0, 1):
            for query in range(5):
                if query != word and (whose == EVERYBODY or query == asked):
                    also[layer, 0, 0, query, word] = False
        with torch.no_grad():
            expected = model(words, also)[0][0, asked].softmax(-1)
        np.testing.assert_allclose(trace.cut[word], expected[columns], rtol=0, atol=1e-12)
        assert trace.outputs.count(WORDS.tokens[int(expected.argmax())]) == 1
    with torch.no_grad():
        logits, weights = model(words)
    np.testing.assert_allclose(trace.own, logits[0, asked].softmax(-1)[columns], rtol=0, atol=1e-12)
    assert list(trace.own) == sorted(trace.own, reverse=True)
    np.testing.assert_allclose(trace.own_weights, weights[:, 0, :, asked].mean(1), rtol=0, atol=1e-12)


def test_a_word_that_is_cut_off_from_itself_stays():
    trace = trace_cut(made(), WORDS, TEXT, 2)
    np.testing.assert_allclose(trace.cut[2], trace.own, rtol=0, atol=1e-12)


def test_who_may_look_where():
    alone, everybody = edges_cut(3, 1, ALONE), edges_cut(3, 1, EVERYBODY)
    assert (~alone[0]).nonzero().tolist() == [[1, 0]]
    assert alone[1].all()
    assert (~everybody[0]).nonzero().tolist() == [[1, 0], [2, 0]]
    assert (~everybody[1]).nonzero().tolist() == [[0, 1], [2, 1]]


def test_nobody_else_and_no_other_word_is_asked():
    with pytest.raises(ValueError, match="whose: expected 'this word alone' or 'every word', got 'me'"):
        edges_cut(3, 1, "me")
    with pytest.raises(ValueError, match="asked: expected a word from 0 to 4, got 5"):
        trace_cut(made(), WORDS, TEXT, 5)
