"""One step of a network as an ONNX graph: the same network, run where there is no torch."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from torch import Tensor, nn

from seqviz.models.decoding import DecodeStep
from seqviz.models.recurrent_network import Memory, RecurrentNetwork

# What a step reads, and the state before: log-probabilities and the state after.
Step = Callable[[Tensor, Any], tuple[Tensor, Any]]


@dataclass(frozen=True, eq=False)
class OnnxGraph:
    """One step as a graph, and the state before anything was read.

    The first input of the graph is what is read, a token or a vector $x_t$; the others are the parts of the state. Its
    first output is a probability for every output, the others are the parts of the new state.
    """

    model: bytes  # a ModelProto
    state: tuple[Tensor, ...]


def can_export() -> bool:
    """Say whether the package is there that torch's exporter needs; the extra ``pages`` brings it."""
    return find_spec("onnx") is not None


class _Step(nn.Module):
    def __init__(self, step: Step, single: bool) -> None:
        super().__init__()
        self._step, self._single = step, single

    def forward(self, read: Tensor, *state: Tensor) -> tuple[Tensor, ...]:
        log_probabilities, new = self._step(read, state[0] if self._single else state)
        return log_probabilities.exp(), *((new,) if self._single else new)


class _NetworkStep(nn.Module):
    def __init__(self, network: RecurrentNetwork) -> None:
        super().__init__()
        self._network = network

    def forward(self, x_t: Tensor, memory: Memory) -> tuple[Tensor, Memory]:
        memory = self._network.step(x_t, memory)
        return self._network.readout(memory).log_softmax(-1), memory


def onnx_graph(step: DecodeStep[Any], state: Any) -> OnnxGraph:
    """Export a decode step for one sequence, from the state before its first token.

    $$P(w | y_1 … y_t), \text{state}_t = \text{step}(y_t, \text{state}_{t-1})$$

    Raises:
        ValueError: a step changes the shape or the dtype of the state, which is fixed in a graph.
    """
    return _exported(step, torch.zeros(1, dtype=torch.int64), state)


def network_graph(network: RecurrentNetwork) -> OnnxGraph:
    """Export a step of a recurrent network that reads vectors.

    $$\text{softmax}(\text{readout}(m_t)), m_t = \text{step}(x_t, m_{t-1})$$
    """
    return _exported(_NetworkStep(network), network.W_hy.new_zeros(1, network.inputs), network.start(1))


def _exported(step: Step, read: Tensor, state: Any) -> OnnxGraph:
    single = isinstance(state, Tensor)
    parts = (state,) if single else tuple(state)
    module = _Step(step, single).eval()
    with torch.no_grad():
        _, *after = module(read, *parts)
    before, then = ([(tuple(part.shape), part.dtype) for part in some] for some in (parts, after))
    if before != then:
        raise ValueError(f"expected a state that keeps its shapes and dtypes, {before}, got {then}")
    names = [f"state_{i}" for i in range(len(parts))]
    # Parts are copied: two that are one tensor would become one input. The exporter by tracing is deprecated, but that
    # by torch.export takes ten times as long, half a minute for an n-gram, and makes a larger graph.
    inputs = (read, *(part.detach().clone() for part in parts))
    with TemporaryDirectory() as folder, torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it is deprecated, and that sizes it traces become constants: they are
        file = Path(folder) / "step.onnx"
        torch.onnx.export(
            module,
            inputs,
            file,
            dynamo=False,
            opset_version=17,
            input_names=["read", *names],
            output_names=["probabilities", *(f"new_{name}" for name in names)],
        )
        return OnnxGraph(file.read_bytes(), inputs[1:])
