"""The product of Jacobians follows its controls."""

import numpy as np
import pytest

from seqviz.plots.recurrent import jacobian_sweep as plots
from seqviz.plots.wording import worded
from seqviz.traces import trace_jacobian_sweep
from seqviz.widgets import explore
from seqviz.widgets.explorers.recurrent.jacobian_sweep import RADII
from tests.widgets.asked import answer

FLOAT32 = {"rtol": 1e-6, "atol": 1e-7}


@pytest.mark.parametrize(
    ("nonlinearity", "largest", "steps"), [("none", 8.0, 60), ("tanh", 0.5, 10), ("relu", 6.3, 20)]
)
def test_the_product_follows_its_three_kernel_controls(wire, nonlinearity, largest, steps):
    explorer = explore.jacobian_sweep()
    state = answer(wire, explorer, nonlinearity=nonlinearity, largest=largest, steps=steps)
    sweep = trace_jacobian_sweep(RADII, largest, steps, nonlinearity)
    patches = state["content"]["patches"]
    np.testing.assert_allclose(patches["data.0.y"], plots.on_log_axis(sweep.norms), **FLOAT32)
    assert np.isfinite(patches["data.1.y"][:, 1]).all(), "the line of the singular value is always drawn"
    assert state["content"]["sentences"][9] == worded(plots.describe_jacobian_sweep(sweep, 9))


def test_the_figure_of_the_product_is_sent_again_only_for_another_length(wire):
    explorer = explore.jacobian_sweep()
    assert set(answer(wire, explorer, largest=7.0)) == {"content"}
    assert set(answer(wire, explorer, nonlinearity="relu")) == {"content"}
    assert set(answer(wire, explorer, steps=20)) == {"content", "figure"}
