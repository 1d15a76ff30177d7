"""The product of Jacobians follows its controls."""

import numpy as np
import pytest

from seqviz.plots.recurrent import jacobian_sweep as plots
from seqviz.plots.wording import worded
from seqviz.traces import trace_jacobian_sweep
from seqviz.traces.recurrent.jacobian_sweep import NEAR
from seqviz.widgets import explore
from seqviz.widgets.controls import Range
from seqviz.widgets.explorers.recurrent.jacobian_sweep import RADII, STEPS
from tests.widgets.asked import answer

FLOAT32 = {"rtol": 1e-6, "atol": 1e-7}


@pytest.mark.parametrize(("nonlinearity", "largest"), [("none", 8.0), ("tanh", 0.5), ("relu", 6.3)])
def test_the_product_follows_its_kernel_controls(wire, nonlinearity, largest):
    explorer = explore.jacobian_sweep()
    state = answer(wire, explorer, nonlinearity=nonlinearity, largest=largest)
    sweep = trace_jacobian_sweep(RADII, largest, STEPS, nonlinearity)
    patches = state["content"]["patches"]
    np.testing.assert_allclose(patches["data.0.y"], plots.on_log_axis(sweep.norms), **FLOAT32)
    assert np.isfinite(patches["data.1.y"][:, 1]).all(), "the line of the singular value is always drawn"
    assert state["content"]["sentences"][9] == worded(plots.describe_jacobian_sweep(sweep, 9))


def test_another_number_or_nonlinearity_keeps_the_figure(wire):
    explorer = explore.jacobian_sweep()
    assert set(answer(wire, explorer, largest=7.0)) == {"content"}
    assert set(answer(wire, explorer, nonlinearity="relu")) == {"content"}


def test_it_opens_where_the_ellipse_grows_before_it_vanishes():
    explorer = explore.jacobian_sweep()
    sweep = trace_jacobian_sweep(RADII, float(explorer.values["largest"]), STEPS, "none")
    norms = sweep.norms[explorer.values["radius"]]
    assert norms[2] > norms[1] > 1
    assert norms[NEAR] < 1


def test_there_is_an_ellipse_for_every_step_back():
    explorer = explore.jacobian_sweep()
    reveal = explorer.content["reveal"]
    (each,) = set(reveal["trails"].values())
    for place in reveal["trails"]:
        assert len(explorer.content["patches"][place][0]) == (NEAR + 1) * each
    back = explorer._controls[reveal["control"]]
    assert isinstance(back, Range)
    assert (back.minimum, back.maximum) == (0, NEAR)
