"""A translator speaks by itself, and the trace has what a loop by hand finds."""

import numpy as np
import pytest
import torch

from seqviz.data.tokenizer import BOS, EOS
from seqviz.data.translation.parallel import ParallelText
from seqviz.models.translation.attention_decoder import BahdanauTranslator, LuongTranslator
from seqviz.traces.translation.alignment import speak, trace_alignment

TEXT = ParallelText.of([(tuple("abc"), tuple("xy")), (tuple("cab"), tuple("yz"))])


@pytest.fixture(params=["before", "after"])
def model(request):
    torch.manual_seed(3)
    sizes = len(TEXT.source), len(TEXT.target), 4, 6
    with torch.no_grad():
        if request.param == "before":
            made = BahdanauTranslator(*sizes, 5, torch.float64)
            made.W_a *= 9
        else:
            made = LuongTranslator(*sizes, "general", torch.float64)
    return made


def test_it_is_what_a_loop_by_hand_finds(model):
    known = torch.tensor([[False, True, False, False]])
    trace = trace_alignment(model, TEXT, "cabb", known, "xy", max_length=5)
    state, token, said = model.encode(TEXT.source.encode(tuple("cabb"))[None]), BOS, []
    for step in range(5):
        logits, weights, state = model.look(torch.tensor([token]), state)
        np.testing.assert_array_equal(trace.weights[step], weights[0].detach())
        token = int(logits.argmax())
        said.append(TEXT.target.tokens[token])
        if token == EOS:
            break
    assert trace.said == tuple(said)
    assert trace.source == tuple("cabb")
    assert trace.right == "xy"
    np.testing.assert_array_equal(trace.known[0], known[0])
    assert not trace.known[1:].any()


def test_it_ends_with_the_end(model):
    with torch.no_grad():
        model.b_o[EOS] = 100
    assert trace_alignment(model, TEXT, "ab").said == ("<eos>",)


def test_it_goes_on_from_what_was_said(model):
    start = model.encode(TEXT.source.encode(tuple("abc"))[None])
    whole, weights = speak(model, start, [], 4)
    first = model.look(torch.tensor([BOS]), start).state
    again, rest = speak(model, first, whole[:1], 4)
    assert again == whole
    torch.testing.assert_close(torch.stack(rest), torch.stack(weights[1:]))


@pytest.mark.parametrize(("source", "error"), [("", "expected at least one"), ("abq", "got 'q'")])
def test_what_cannot_be_read_is_refused(model, source, error):
    with pytest.raises(ValueError, match=error):
        trace_alignment(model, TEXT, source)
