"""The norms are those of autograd, and of every seed."""

import numpy as np
import pytest
import torch

from seqviz.data.tokenizer import BOS
from seqviz.data.translation.parallel import ParallelText
from seqviz.models.transformer.translator import TransformerTranslator
from seqviz.models.translation.encoder_decoder import sequence_loss, shift_right
from seqviz.traces.transformer.gradient_depth import trace_gradient_depth

TEXT = ParallelText.of([(tuple("abc"), tuple("xy")), (tuple("ca"), tuple("yzx")), (tuple("bb"), tuple("z"))])
SMALL = {"rows": 2, "size": 8, "heads": 2, "inner": 6}


@pytest.mark.parametrize(("kind", "norm_first"), [(0, True), (1, False)])
def test_a_norm_is_that_of_a_backward_pass(kind, norm_first):
    trace = trace_gradient_depth(TEXT, 3, seeds=2, **SMALL)
    assert trace.norms.shape == (2, 2, 3)
    torch.manual_seed(1)
    model = TransformerTranslator(len(TEXT.source), len(TEXT.target), 8, 2, 6, 3, norm_first)
    batch = TEXT.batch([0, 1])
    logits, _ = model(batch.source, shift_right(batch.target, BOS), batch.source_lengths)
    sequence_loss(logits, batch.target, batch.target_lengths).backward()
    wanted = [block.feed_forward.second.weight.grad.norm().item() for block in model.decoder.blocks]
    np.testing.assert_allclose(trace.norms[kind, 1], wanted, rtol=1e-5)


def test_no_random_number_of_others_is_used_up():
    torch.manual_seed(0)
    wanted = torch.rand(1)
    torch.manual_seed(0)
    trace_gradient_depth(TEXT, 1, seeds=1, **SMALL)
    assert torch.equal(torch.rand(1), wanted)


def test_no_layer_is_refused():
    with pytest.raises(ValueError, match="layers: expected at least 1, got 0"):
        trace_gradient_depth(TEXT, 0)
