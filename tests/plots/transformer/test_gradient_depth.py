"""Lines, points, the mark and the sentence hold the trace's numbers."""

import numpy as np

from seqviz.plots.transformer.gradient_depth import (
    describe_gradient_depth,
    gradient_depth,
    gradient_depth_patch,
    typical,
)
from seqviz.traces.transformer.records import GradientDepthTrace

TRACE = GradientDepthTrace(
    names=("norm first", "norm last"),
    norms=np.array([[[0.2, 0.3, 0.1], [0.2, 0.3, 0.4]], [[0.01, 0.1, 1.0], [0.04, 0.1, 1.0]]]),
)


def test_a_line_is_the_geometric_mean_and_every_seed_a_point():
    np.testing.assert_allclose(typical(TRACE), [[0.2, 0.3, 0.2], [0.02, 0.1, 1.0]])
    traces = {trace.uid: trace for trace in gradient_depth(TRACE).figure.data}
    for kind in range(2):
        np.testing.assert_allclose(traces[f"kind-{kind}"].y, typical(TRACE)[kind])
        assert list(traces[f"kind-{kind}"].x) == [1, 2, 3]
        assert list(traces[f"seeds-{kind}"].x) == [1, 2, 3, 1, 2, 3]
        np.testing.assert_array_equal(traces[f"seeds-{kind}"].y, TRACE.norms[kind].ravel())


def test_the_mark_follows_the_layer():
    assert gradient_depth_patch(TRACE, 2) == {"mark.x": [3, 3]}


def test_the_sentence_compares_the_highest_layer_with_the_lowest():
    assert describe_gradient_depth(TRACE, 1) == (
        "Layer 2 of 3: norm first 0.300, norm last 0.100. The highest layer has, with the norm first, 1 times the "
        "gradient of the lowest one, with the norm last 50 times (2 seeds)."
    )
