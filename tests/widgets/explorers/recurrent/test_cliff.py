"""The ways down the cliff are those of the trace."""

import numpy as np
import pytest
import torch

from seqviz.models.recurrent.small_networks import one_unit
from seqviz.plots.patch import resolved
from seqviz.plots.recurrent import cliff
from seqviz.traces import trace_descents
from seqviz.widgets import explore
from seqviz.widgets.explorers.recurrent.cliff import THRESHOLDS
from tests.widgets.asked import answer, opened


@pytest.mark.parametrize(("w", "b"), [(5.0, -2.3), (4, -1.7), (6.0, -3)])
def test_the_cliff_sends_the_three_ways_of_every_threshold(wire, w, b):
    explorer = explore.cliff()
    content = (
        answer(wire, explorer, w=w, b=b)["content"] if (w, b) != (5.0, -2.3) else opened(wire, explorer)["content"]
    )
    trace = trace_descents((float(w), float(b)), THRESHOLDS)
    for index in range(len(THRESHOLDS)):
        for path, values in resolved(explorer._base, cliff.cliff_patch(trace, index)).items():
            np.testing.assert_allclose(content["patches"][path][index], values, rtol=1e-5, atol=1e-6)
    assert content["drag"] == {"xaxis": "w", "yaxis": "b"}


def test_the_map_is_the_loss_of_one_unit(wire):
    heat = opened(wire, explore.cliff())["figure"]["data"][0]
    row, column = 17, 40
    loss, _, _ = one_unit(*(torch.tensor(float(heat[axis][i])).double() for axis, i in (("x", column), ("y", row))))
    assert heat["z"][row][column] == pytest.approx(loss.item(), rel=1e-3)


def test_it_opens_where_only_clipping_stays_on_the_map(model):
    sentence = explore.cliff().still()[1]
    assert sentence.startswith("From w = 5.00, b = −2.30 (loss 0.040), threshold 0.3.")
    trace = trace_descents((5.0, -2.3), THRESHOLDS)
    assert trace.plain[-1, 1] < -3.2, "thrown off the map"
    assert (np.abs(trace.by_norm[4, :, 0] - 5) < 1).all()
