"""A cell whose gates do not move, by hand."""

import numpy as np
import pytest

from seqviz.traces import trace_regimes


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
    trace = trace_regimes(forget, write, [0.5, -1.0, 0.25], start=3.0)
    np.testing.assert_allclose(trace.cells, expected, atol=1e-12)
    assert (trace.forget, trace.input, trace.start) == (forget, write, 3.0)
