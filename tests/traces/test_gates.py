"""What the recorder says of an LSTM, against a slow loop and against autograd."""

import numpy as np
import pytest
import torch
from torch import Tensor

from seqviz.data import AGREEMENT_VOCABULARY, PROSE_ALPHABET
from seqviz.models import LSTM
from seqviz.traces import trace_cell_jacobians, trace_clamp, trace_gates, trace_regime

TEXT = "the value"
HIDDEN = 5


def sigmoid(a: float) -> float:
    return 1 / (1 + np.exp(-a))


@pytest.fixture(params=["ifgo", "ig"])
def model(request) -> LSTM:
    torch.manual_seed(1)
    model = LSTM(len(PROSE_ALPHABET), HIDDEN, len(PROSE_ALPHABET), request.param, dtype=torch.float64)
    for parameter in model.parameters():
        parameter.data.mul_(2)
    return model


def slow_loop(model: LSTM, text: str, clamp: dict[tuple[int, int], tuple[str, float]]) -> dict[str, np.ndarray]:
    """Every number by itself; ``clamp`` maps (step, unit) to a letter of a gate and its value."""
    blocks, hidden = model.gates, HIDDEN
    W_x, W_h, b = (weight.detach().numpy() for weight in (model.W_x, model.W_h, model.b))
    h, c = np.zeros(hidden), np.zeros(hidden)
    kept: dict[str, list] = {name: [] for name in "ifgoch"}
    for t, character in enumerate(text):
        column = PROSE_ALPHABET.characters.index(character)
        new_h, new_c = np.zeros(hidden), np.zeros(hidden)
        gates = {name: np.ones(hidden) for name in "ifgo"}
        for unit in range(hidden):
            for block, name in enumerate(blocks):
                row = block * hidden + unit
                a = W_x[row, column] + sum(W_h[row, j] * h[j] for j in range(hidden)) + b[row]
                gates[name][unit] = np.tanh(a) if name == "g" else sigmoid(a)
            if (t, unit) in clamp:
                name, value = clamp[t, unit]
                gates[name][unit] = value
            new_c[unit] = gates["f"][unit] * c[unit] + gates["i"][unit] * gates["g"][unit]
            new_h[unit] = gates["o"][unit] * np.tanh(new_c[unit])
        h, c = new_h, new_c
        for name, value in (gates | {"c": c, "h": h}).items():
            kept[name].append(value)
    return {name: np.array(values) for name, values in kept.items()}


def softmax(model: LSTM, h: np.ndarray) -> np.ndarray:
    return torch.softmax(torch.from_numpy(h) @ model.W_hy.T + model.b_y, -1).detach().numpy()


def test_gates_and_cells_are_those_of_a_slow_loop(model):
    trace, slow = trace_gates(model, PROSE_ALPHABET, TEXT), slow_loop(model, TEXT, {})
    parts = {"i": trace.input, "f": trace.forget, "g": trace.candidate, "o": trace.output}
    for name, recorded in (parts | {"c": trace.cells, "h": trace.states}).items():
        np.testing.assert_allclose(recorded, slow[name], atol=1e-12, err_msg=name)
    np.testing.assert_allclose(trace.probabilities, softmax(model, slow["h"]), atol=1e-12)
    assert trace.tokens == tuple(TEXT)
    assert trace.outputs == PROSE_ALPHABET.characters


@pytest.mark.parametrize(("gate", "value"), [("forget", 0.0), ("input", 1.0), ("output", 0.25)])
@pytest.mark.parametrize("alone", [True, False])
def test_a_clamped_gate_changes_what_comes_after_it(gate, value, alone):
    torch.manual_seed(2)
    model = LSTM(len(PROSE_ALPHABET), HIDDEN, len(PROSE_ALPHABET), dtype=torch.float64)
    for parameter in model.parameters():
        parameter.data.mul_(3)
    trace = trace_clamp(model, PROSE_ALPHABET, TEXT, gate, value, 3, alone)
    free = slow_loop(model, TEXT, {})
    np.testing.assert_allclose(trace.free_cells, free["c"][:, 3], atol=1e-12)
    np.testing.assert_allclose(trace.free_gate, free[gate[0]][:, 3], atol=1e-12)
    np.testing.assert_allclose(trace.free_probabilities, softmax(model, free["h"][-1]), atol=1e-12)
    for step in range(len(TEXT)):
        units = [3] if alone else range(HIDDEN)
        slow = slow_loop(model, TEXT, {(step, unit): (gate[0], value) for unit in units})
        np.testing.assert_allclose(trace.cells[step], slow["c"][:, 3], atol=1e-12)
        np.testing.assert_allclose(trace.probabilities[step], softmax(model, slow["h"][-1]), atol=1e-12)
        np.testing.assert_allclose(trace.cells[step, :step], trace.free_cells[:step], atol=1e-12)


def test_the_whole_derivative_of_a_cell_is_autograds(model):
    x = PROSE_ALPHABET.one_hot(PROSE_ALPHABET.encode(TEXT), torch.float64)
    trace = trace_cell_jacobians(model, x)
    free = slow_loop(model, TEXT, {})

    def last_cell(c_k: Tensor, k: int) -> Tensor:
        shown = torch.from_numpy(free["o"][k])
        h, c = shown * torch.tanh(c_k), c_k
        for t in range(k + 1, len(x)):
            a = dict(zip(model.gates, (model.W_x @ x[t] + model.W_h @ h + model.b).split(HIDDEN), strict=True))
            kept = torch.sigmoid(a["f"]) * c if "f" in a else c
            c = kept + torch.sigmoid(a["i"]) * torch.tanh(a["g"])
            h = torch.sigmoid(a["o"]) * torch.tanh(c) if "o" in a else torch.tanh(c)
        return c

    for k in range(len(x)):
        jacobian = torch.autograd.functional.jacobian(lambda c, k=k: last_cell(c, k), torch.from_numpy(free["c"][k]))
        assert trace.whole[len(x) - 1 - k] == pytest.approx(torch.linalg.svdvals(jacobian)[0].item(), abs=1e-10)
        assert trace.direct[len(x) - 1 - k] == pytest.approx(free["f"][k + 1 :].prod(0).max(), abs=1e-12)


def test_without_a_forget_gate_the_direct_path_is_one():
    torch.manual_seed(3)
    model = LSTM(len(PROSE_ALPHABET), HIDDEN, len(PROSE_ALPHABET), "igo")
    trace = trace_cell_jacobians(model, PROSE_ALPHABET.one_hot(PROSE_ALPHABET.encode(TEXT)))
    np.testing.assert_array_equal(trace.direct, np.ones(len(TEXT)))


@pytest.mark.parametrize(
    ("forget", "write", "expected"),
    [
        (1.0, 0.0, [3.0, 3.0, 3.0]),  # keep
        (0.0, 1.0, [0.5, -1.0, 0.25]),  # overwrite
        (0.0, 0.0, [0.0, 0.0, 0.0]),  # erase
        (1.0, 1.0, [3.5, 2.5, 2.75]),  # accumulate
        (0.5, 0.2, [1.6, 0.6, 0.35]),
    ],
)
def test_the_corners_keep_overwrite_erase_and_accumulate(forget, write, expected):
    trace = trace_regime(forget, write, [0.5, -1.0, 0.25], start=3.0)
    np.testing.assert_allclose(trace.cells, expected, atol=1e-12)
    assert (trace.forget, trace.input, trace.start) == (forget, write, 3.0)


def test_what_cannot_be_recorded_is_said():
    model = LSTM(len(PROSE_ALPHABET), HIDDEN, len(PROSE_ALPHABET), "igo")
    with pytest.raises(ValueError, match="expected 30 known tokens"):
        trace_gates(model, AGREEMENT_VOCABULARY, ["the"])
    with pytest.raises(ValueError, match="empty text"):
        trace_gates(model, PROSE_ALPHABET, "")
    with pytest.raises(ValueError, match="gate: expected one of 'input', 'output', got 'forget'"):
        trace_clamp(model, PROSE_ALPHABET, TEXT, "forget", 0.0, 0)
    with pytest.raises(ValueError, match="unit: expected 0 … 4, got 5"):
        trace_clamp(model, PROSE_ALPHABET, TEXT, "input", 0.0, HIDDEN)
    with torch.no_grad():
        model.W_h[0, 0] = torch.nan
    with pytest.raises(ValueError, match="W_h"):
        trace_cell_jacobians(model, torch.zeros(3, 30))
