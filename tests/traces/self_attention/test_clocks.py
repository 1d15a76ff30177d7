"""The encodings of both layouts, and that between two positions only the steps count."""

import numpy as np
import pytest

from seqviz.traces.self_attention.clocks import POSITIONS, trace_clocks


@pytest.mark.parametrize("layout", ["pairs", "halves"])
def test_every_pair_is_the_sine_and_cosine_of_its_angle(layout):
    trace = trace_clocks(layout, 50.0, 3, 8)
    assert trace.frequencies.tolist() == pytest.approx([50 ** (-i / 4) for i in range(4)])
    angles = np.arange(POSITIONS)[:, None] * trace.frequencies
    np.testing.assert_allclose(trace.encoding[:, trace.first], np.sin(angles), atol=1e-12)
    np.testing.assert_allclose(trace.encoding[:, trace.second], np.cos(angles), atol=1e-12)
    assert sorted((*trace.first, *trace.second)) == list(range(8))


def test_products_depend_on_the_steps_between_two_positions_alone():
    trace = trace_clocks(steps=3)
    t, j = np.indices((POSITIONS, POSITIONS))
    expected = np.cos(np.abs(t - j)[..., None] * trace.frequencies).sum(-1)
    np.testing.assert_allclose(trace.products, expected, atol=1e-10)


def test_so_many_positions_can_be_moved_by_the_steps():
    assert [trace_clocks(steps=steps).movable for steps in (0, 5, POSITIONS - 2)] == [POSITIONS, POSITIONS - 5, 2]
    for steps in (-1, POSITIONS - 1):
        with pytest.raises(ValueError, match=f"steps: expected 0 … {POSITIONS - 2}, got {steps}"):
            trace_clocks(steps=steps)
