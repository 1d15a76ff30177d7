"""What an erased input reaches."""

import numpy as np
import pytest

from seqviz.widgets import explore
from seqviz.widgets.explorers.stacked.spread import READS
from tests.widgets.asked import answer, opened


@pytest.mark.parametrize("layers", [1, 2, 4])
@pytest.mark.parametrize("reads", ["left to right", "both directions"])
def test_what_an_erased_input_reaches(wire, reads, layers):
    explorer = explore.spread()
    content = (
        answer(wire, explorer, reads=reads, layers=layers)["content"]
        if ((reads, layers) != ("left to right", 2))
        else opened(wire, explorer)["content"]
    )
    moved = ~np.isnan(content["patches"]["data.0.z"])  # [erased, row, step]
    time = len(READS)
    erased, step = np.arange(time)[:, None], np.arange(time)
    np.testing.assert_array_equal(moved[:, 0], erased == step)
    if reads == "left to right":
        assert moved.shape[1] == 1 + layers
        for row in range(1, 1 + layers):
            np.testing.assert_array_equal(moved[:, row], step >= erased)
    else:
        assert moved.shape[1] == 1 + 2 * layers
        np.testing.assert_array_equal(moved[:, 1], step >= erased)
        np.testing.assert_array_equal(moved[:, 2], step <= erased)
        assert moved[:, 3:].all(), "from the second layer on everything has met everything"
