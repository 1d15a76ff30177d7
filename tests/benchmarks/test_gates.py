"""The benchmark compares what computes the same, and notices what does not."""

import pytest
import torch

from benchmarks import gates
from benchmarks.bptt import Sizes

SMALL = Sizes(batch=2, time=5, input=3, hidden=4)


def test_every_form_is_measured_after_all_agreed():
    rows = gates.measure(SMALL, repeats=2, seed=1)
    assert {kind: len(forms) for kind, forms in rows.items()} == {"LSTM": 4, "GRU": 4}
    assert rows["LSTM"]["nn.LSTM"]["ratio"] == rows["GRU"]["nn.GRU"]["ratio"] == 1.0
    assert all(row["milliseconds"] > 0 for forms in rows.values() for row in forms.values())


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
@pytest.mark.parametrize("position", [0, 1, 2, 3])
def test_a_wrong_gradient_is_never_timed(kind, position):
    unit = gates.make_units(SMALL, seed=1)[kind]
    forms = {name: unit.forms[name] for name in (gates.BY_HAND, unit.peer)}
    leaf = forms[gates.BY_HAND].leaves[position]
    if position == 0:  # the input is one tensor for all forms: give this one its own
        weights = forms[gates.BY_HAND].leaves[1:]
        leaf = leaf.detach().clone().requires_grad_()
        recurrence = gates.gru.gru_recurrence if kind == "GRU" else lambda *given: gates.lstm.lstm_recurrence(*given)[0]
        forms[gates.BY_HAND] = gates.Form(lambda: recurrence(leaf, *weights), (leaf, *weights))
    leaf.register_hook(lambda gradient: gradient * 1.01)
    with pytest.raises(AssertionError, match="by hand"):
        gates.expect_agreement(gates.Unit(unit.peer, forms), torch.randn(2, 5, 4))
