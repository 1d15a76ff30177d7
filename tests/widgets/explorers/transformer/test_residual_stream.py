"""Another source is read anew, and what was never learned is refused in words."""

import numpy as np

from seqviz.plots.transformer.residual_stream import describe_residual_stream
from seqviz.traces import trace_residual_stream
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened

from .made import TEXT, made


def test_a_source_is_typed(wire):
    explorer = explore.residual_stream(made(), TEXT, "abc", max_length=3)
    opened(wire, explorer)
    content = answer(wire, explorer, source="ca")["content"]
    trace = trace_residual_stream(made(), TEXT, "ca", max_length=3)
    assert content["sentences"] == [describe_residual_stream(trace, step) for step in range(len(trace.said))]
    (shares,) = (values for place, values in content["patches"].items() if np.shape(values)[1:] == (len(trace.parts),))
    np.testing.assert_allclose(shares, trace.shares.T, rtol=1e-5)
    assert "got 'q'" in answer(wire, explorer, source="q")["content"]["error"]
