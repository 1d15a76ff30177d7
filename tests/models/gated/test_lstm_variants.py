"""The nine variants against the paper's equations, written unit by unit, and finite differences."""

import math

import pytest
import torch
from torch import nn

from seqviz.models.gated import lstm_variants
from seqviz.models.gated.lstm_variants import VARIANTS, LSTMVariant, LSTMVariantLayer

TOLERANCE = {"atol": 1e-10, "rtol": 1e-10}
every_variant = pytest.mark.parametrize("variant", VARIANTS)


def sigmoid(a):
    return 1 / (1 + math.exp(-a))


def of_the_paper(layer, x):
    """The states of one sequence: section 2 of the paper, and what each variant changes, unit by unit."""
    variant, hidden = layer.variant, layer.W_h.shape[1]
    gates = {"NIG": "fo", "NFG": "io", "NOG": "if", "CIFG": "io"}.get(variant, "ifo")
    stacked = [block for block in "ifgo" if block == "g" or block in gates]
    W_x, W_h, b = layer.W_x.tolist(), layer.W_h.tolist(), layer.b.tolist()
    p = None if layer.p is None else layer.p.tolist()
    R = None if layer.W_gates is None else layer.W_gates.tolist()
    y, c = [0.0] * hidden, [0.0] * hidden
    before = [0.0] * (len(gates) * hidden)
    states = []
    for x_t in x.tolist():
        value = {}

        def sums(block, unit, x_t=x_t, y=y, before=before):
            row = stacked.index(block) * hidden + unit
            total = b[row] + sum(w * v for w, v in zip(W_x[row], x_t, strict=True))
            total += sum(w * v for w, v in zip(W_h[row], y, strict=True))
            if R is not None and block != "g":
                total += sum(w * v for w, v in zip(R[gates.index(block) * hidden + unit], before, strict=True))
            return total

        def peep(block, unit, cell):
            return 0.0 if p is None else p[gates.index(block) * hidden + unit] * cell[unit]

        for gate in "if":
            for unit in range(hidden):
                if gate in gates:
                    value[gate, unit] = sigmoid(sums(gate, unit) + peep(gate, unit, c))
                else:
                    value[gate, unit] = 1 - value["i", unit] if variant == "CIFG" else 1.0
        z = [sums("g", unit) if variant == "NIAF" else math.tanh(sums("g", unit)) for unit in range(hidden)]
        c = [z[unit] * value["i", unit] + c[unit] * value["f", unit] for unit in range(hidden)]
        for unit in range(hidden):
            value["o", unit] = sigmoid(sums("o", unit) + peep("o", unit, c)) if "o" in gates else 1.0
        y = [(c[unit] if variant == "NOAF" else math.tanh(c[unit])) * value["o", unit] for unit in range(hidden)]
        before = [value[gate, unit] for gate in gates for unit in range(hidden)]
        states.append(y)
    return states


@every_variant
def test_states_are_those_of_the_papers_equations(variant):
    torch.manual_seed(1)
    model = LSTMVariant(3, 4, 2, variant, torch.float64)
    for parameter in model.parameters():
        nn.init.normal_(parameter)
    x = torch.randn(2, 5, 3, dtype=torch.float64)
    logits, states = model(x)
    for row in range(2):
        expected = torch.tensor(of_the_paper(model.layer, x[row]), dtype=torch.float64)
        torch.testing.assert_close(states[row], expected, **TOLERANCE)
    torch.testing.assert_close(logits, states @ model.W_hy.T + model.b_y, **TOLERANCE)


@every_variant
def test_gradients_are_those_of_finite_differences(variant):
    torch.manual_seed(2)
    model = LSTMVariant(2, 3, 1, variant, torch.float64)
    x = torch.randn(2, 4, 2, dtype=torch.float64, requires_grad=True)
    parameters = dict(model.named_parameters())

    def run(x, *values):
        return torch.func.functional_call(model, dict(zip(parameters, values, strict=True)), (x,))

    assert torch.autograd.gradcheck(run, [x, *parameters.values()], eps=1e-6, atol=1e-7)


def test_without_peepholes_it_is_nn_lstm():
    torch.manual_seed(3)
    layer = LSTMVariantLayer(3, 4, "NP", torch.float64)
    network = nn.LSTM(3, 4, batch_first=True, dtype=torch.float64)
    with torch.no_grad():
        network.weight_ih_l0.copy_(layer.W_x)
        network.weight_hh_l0.copy_(layer.W_h)
        network.bias_ih_l0.copy_(layer.b)
        network.bias_hh_l0.zero_()
    x = torch.randn(2, 6, 3, dtype=torch.float64)
    states, (_, cell, _) = layer(x)
    expected, (_, last) = network(x)
    torch.testing.assert_close(states, expected, **TOLERANCE)
    torch.testing.assert_close(cell, last[0], **TOLERANCE)
    upstream = torch.randn_like(expected)
    states.backward(upstream)
    expected.backward(upstream)
    torch.testing.assert_close(layer.W_x.grad, network.weight_ih_l0.grad, **TOLERANCE)
    torch.testing.assert_close(layer.W_h.grad, network.weight_hh_l0.grad, **TOLERANCE)
    torch.testing.assert_close(layer.b.grad, network.bias_ih_l0.grad, **TOLERANCE)


@every_variant
def test_each_variant_has_the_parameters_the_paper_counts(variant):
    N, M = 5, 3  # units and inputs
    counted = sum(p.numel() for p in LSTMVariantLayer(M, N, variant).parameters())
    gates = 2 if variant in ("NIG", "NFG", "NOG", "CIFG") else 3
    expected = (gates + 1) * (N * M + N * N + N) + (0 if variant == "NP" else gates * N)
    assert counted == expected + (9 * N * N if variant == "FGR" else 0)


def test_what_does_not_fit_is_said():
    with pytest.raises(ValueError, match=r"variant: expected one of baseline, NIG, .*, got 'NXF'"):
        lstm_variants.blocks_of.__wrapped__("NXF")
    with pytest.raises(ValueError, match="inputs: expected at least 1, got 0"):
        LSTMVariant(0, 4, 1)
    with pytest.raises(ValueError, match="x: expected shape"):
        LSTMVariant(3, 4, 1)(torch.zeros(2, 5, 2))
    with pytest.raises(TypeError, match="one floating dtype"):
        LSTMVariant(3, 4, 1)(torch.zeros(2, 5, 3).double())
