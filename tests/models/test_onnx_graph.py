"""A graph says what the decode step says: run by the reference evaluator of ONNX, which shares no code with torch."""

import jaxtyping
import numpy as np
import pytest
import torch

from seqviz.models import GRU, LSTM, RNN, NGram
from seqviz.models.decoding import next_log_probabilities, recurrent_decode_step
from seqviz.models.language.ngram import SMOOTHINGS, ngram_decode_step, no_context
from seqviz.models.onnx_graph import can_export, network_graph, onnx_graph

V = 7
TEXT = torch.tensor([3, 1, 4, 1, 5, 2, 6, 5, 3, 5, 0, 3, 1, 4, 1, 5])
READ = torch.tensor([5, 3, 1, 4, 0, 0, 6, 3, 1, 4, 1, 5])

pytestmark = pytest.mark.skipif(not can_export(), reason="needs the package onnx, of the extra `pages`")


@pytest.fixture(autouse=True)
def without_checked_shapes():
    """While the exporter traces, sizes are tensors, which are no shapes to jaxtyping; outside of pytest none asks."""
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)


def recurrent(network):
    return recurrent_decode_step(network), network.start(1)


def counted(order, smoothing):
    return ngram_decode_step(NGram(TEXT, V, order, smoothing)), no_context(1, order)


READERS = {
    "RNN": lambda: recurrent(RNN(V, 5, V)),
    "relu": lambda: recurrent(RNN(V, 5, V, "relu", dtype=torch.float64)),
    "LSTM": lambda: recurrent(LSTM(V, 5, V)),
    "GRU": lambda: recurrent(GRU(V, 5, V, "reset after")),
    **{f"{n}-gram, {one}": lambda n=n, one=one: counted(n, one) for one in SMOOTHINGS for n in (2, 4)},
}


@pytest.mark.parametrize("name", READERS)
def test_the_graph_read_step_by_step_says_what_torch_says(name):
    from onnx import load_from_string
    from onnx.reference import ReferenceEvaluator

    torch.manual_seed(2)
    step, start = READERS[name]()
    graph = onnx_graph(step, start)
    evaluator, state, said = (
        ReferenceEvaluator(load_from_string(graph.model)),
        [part.numpy() for part in graph.state],
        [],
    )
    for token in READ.numpy():
        inputs = dict(zip(evaluator.input_names, (token[None], *state), strict=True))
        probabilities, *state = evaluator.run(None, inputs)
        said.append(probabilities[0])
    expected = next_log_probabilities(step, start, READ).exp().numpy()
    tolerance = 1e-6 if expected.dtype == np.float32 else 1e-14
    np.testing.assert_allclose(np.stack(said), expected, rtol=tolerance, atol=tolerance)
    assert said[0].dtype == expected.dtype


@pytest.mark.parametrize("kind", [RNN, LSTM, GRU])
def test_the_graph_of_a_network_reads_vectors_as_torch_does(kind):
    from onnx import load_from_string
    from onnx.reference import ReferenceEvaluator

    torch.manual_seed(3)
    network, x = kind(3, 5, 4), torch.randn(1, 6, 3)
    graph = network_graph(network)
    evaluator, state = ReferenceEvaluator(load_from_string(graph.model)), [part.numpy() for part in graph.state]
    said = []
    for x_t in x.unbind(1):
        inputs = dict(zip(evaluator.input_names, (x_t.numpy(), *state), strict=True))
        probabilities, *state = evaluator.run(None, inputs)
        said.append(probabilities[0])
    with torch.no_grad():
        expected = network(x)[0][0].softmax(-1)
    np.testing.assert_allclose(np.stack(said), expected, rtol=1e-5, atol=1e-6)


def test_a_state_that_grows_has_no_graph():
    with pytest.raises(
        ValueError, match=r"keeps its shapes and dtypes, \[\(\(1, 0\), torch.int64\)\], got \[\(\(1, 1\)"
    ):
        onnx_graph(ngram_decode_step(NGram(TEXT, V, 3)), no_context(1))
