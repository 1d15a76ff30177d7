"""Step by step, the decode step says what the trace has; no weight lies on what is not written yet."""

import numpy as np
import pytest
import torch

from seqviz.data.tokenizer import BOS, EOS
from seqviz.data.translation.parallel import ParallelText
from seqviz.models.transformer.translator import TransformerTranslator
from seqviz.traces.transformer.translation_steps import outputs_of, trace_translation_steps, translated

TEXT = ParallelText.of([(tuple("abc"), tuple("xy")), (tuple("cab"), tuple("yz"))])
LAYERS, HEADS = 2, 3


def made():
    torch.manual_seed(3)
    model = TransformerTranslator(len(TEXT.source), len(TEXT.target), 12, HEADS, 5, LAYERS, dtype=torch.float64)
    with torch.no_grad():
        model.W_y *= 6
        model.b_y[:7] -= 9  # no special token
    return model


def test_it_is_what_the_decode_step_says():
    model = made()
    trace = trace_translation_steps(model, TEXT, "cabb", max_length=5)
    assert trace.source == tuple("cabb")
    assert trace.fed == ("<bos>", *trace.said[:-1])
    assert trace.outputs == ("x", "y", "z", "<eos>")
    assert trace.in_source.shape == (LAYERS, HEADS, 5, 4)
    assert trace.in_fed.shape == (LAYERS, HEADS, 5, 5)
    state, token = model.encode(TEXT.source.encode(tuple("cabb"))[None]), BOS
    for step, said in enumerate(trace.said):
        log_probabilities, state = model.step(torch.tensor([token]), state)
        shown = [TEXT.target.tokens.index(one) for one in trace.outputs]
        np.testing.assert_allclose(trace.probabilities[step], log_probabilities[0, shown].exp().detach(), atol=1e-12)
        _, weights = model.decode(state.written, state)
        np.testing.assert_allclose(trace.in_source[:, :, step], weights[:, 0, :, -1].detach(), atol=1e-12)
        token = int(log_probabilities.argmax())
        assert TEXT.target.tokens[token] == said


def test_what_is_written_later_has_no_weight():
    trace = trace_translation_steps(made(), TEXT, "abc", max_length=4)
    np.testing.assert_allclose(trace.in_fed.sum(-1), 1, atol=1e-12)
    assert not trace.in_fed[..., ~np.tri(4, dtype=bool)].any()
    assert trace.in_fed[..., np.tri(4, dtype=bool)].all()


def test_it_ends_with_the_end():
    model = made()
    with torch.no_grad():
        model.b_y[EOS] = 100
    assert trace_translation_steps(model, TEXT, "ab").said == ("<eos>",)


def test_what_was_never_learned_is_refused():
    with pytest.raises(ValueError, match="expected what was learned, got 'q', '!'"):
        translated(made(), TEXT, "aq!q", 3)
    with pytest.raises(ValueError, match="expected at least"):
        translated(made(), TEXT, "", 3)


def test_modules_are_heard_only_while_asked():
    model = made()
    norm = model.decoder.norm
    with outputs_of([norm]) as kept:
        output = norm(torch.ones(12, dtype=torch.float64))
    norm(torch.zeros(12, dtype=torch.float64))
    assert len(kept) == 1
    assert kept[0] is output
