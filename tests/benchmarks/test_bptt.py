"""The benchmark compares what computes the same, and notices what does not."""

import pytest
import torch

from benchmarks import bptt

SMALL = bptt.Sizes(batch=2, time=5, input=3, hidden=4)


def test_every_form_is_measured_after_all_agreed():
    rows = bptt.measure(SMALL, repeats=2, seed=1)
    assert rows[bptt.PEER]["ratio"] == 1.0
    assert len(rows) == 4
    states = (SMALL.time + 1) * SMALL.batch * SMALL.hidden * 4
    assert rows[bptt.BY_HAND]["bytes_kept"] == states
    assert all(row["milliseconds"] > 0 and row["bytes_alive_at_most"] > 0 for row in rows.values())


@pytest.mark.parametrize("position", [1, 2, 3])
def test_a_wrong_gradient_is_never_timed(position):
    forms = bptt.make_forms(SMALL, seed=1)
    forms[bptt.BY_HAND].leaves[position].register_hook(lambda gradient: gradient * 1.01)
    with pytest.raises(AssertionError, match="by hand"):
        bptt.expect_agreement(forms, torch.randn(2, 5, 4))
