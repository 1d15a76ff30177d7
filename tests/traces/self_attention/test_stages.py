"""The numbers on the way lead to the weights that the model itself uses, and to what it reads."""

import numpy as np
import pytest
import torch

from seqviz.traces.self_attention.stages import trace_stages

from .made import TEXT, WORDS, made


@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("head", [0, 1])
def test_products_scores_and_softmax_give_the_models_own_weights(layer, head):
    model = made()
    trace = trace_stages(model, WORDS, TEXT, layer, head)
    _, weights = model(WORDS.encode(TEXT)[None])
    np.testing.assert_allclose(trace.weights, weights[layer, 0, head].detach(), rtol=0, atol=1e-12)
    np.testing.assert_allclose(trace.scores * np.sqrt(2), trace.products, rtol=1e-12)
    assert trace.products[3, 1] == pytest.approx(float(trace.q[3] @ trace.k[1]))
    assert trace.tokens == tuple(TEXT.split())
    assert trace.allowed.all() == (layer == 1)


def test_what_all_heads_read_is_what_the_layer_adds():
    model = made()
    traces = [trace_stages(model, WORDS, TEXT, 1, head) for head in range(2)]
    read = np.concatenate([trace.weights @ trace.v for trace in traces], axis=1)
    with torch.no_grad():
        x = model.embed(WORDS.encode(TEXT)[None])
        x = x + model.look(0, x)[0]
        attention = model.layers[1]
        expected = (torch.from_numpy(read) @ attention.W_o.T + attention.b_o)[None]
        torch.testing.assert_close(model.look(1, x)[0], expected, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("asked", "message"), [((2, 0), "layer: .* 0 to 1, got 2"), ((0, -1), "head: .* got -1")])
def test_a_layer_or_a_head_that_there_is_not_is_refused(asked, message):
    with pytest.raises(ValueError, match=message):
        trace_stages(made(), WORDS, TEXT, *asked)
