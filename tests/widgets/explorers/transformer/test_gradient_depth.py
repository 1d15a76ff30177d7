"""More layers are computed anew, and can be pointed at."""

import numpy as np

from seqviz.plots.transformer.gradient_depth import describe_gradient_depth
from seqviz.traces import trace_gradient_depth
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened

from .made import TEXT


def test_layers_are_stacked(wire):
    explorer = explore.gradient_depth(TEXT, 1, seeds=1)
    assert opened(wire, explorer)["content"]["selections"] == 1
    answered = answer(wire, explorer, layers=3)
    trace = trace_gradient_depth(TEXT, 3, seeds=1)
    assert answered["content"]["sentences"] == [describe_gradient_depth(trace, layer) for layer in range(3)]
    (line,) = (one for one in answered["figure"]["data"] if one["uid"] == "kind-1")
    np.testing.assert_allclose(line["y"], trace.norms[1, 0], rtol=1e-5)
