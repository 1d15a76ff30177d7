"""A fan up to its horizon: the interval's outline, the mean and what came."""

import numpy as np

from seqviz.plots.series.fan import BEFORE, came, describe_fan, fan, fan_figure, inside
from seqviz.traces.series.records import FanTrace

TIMES = tuple(str(year) for year in range(1900, 1960))
VALUES = np.arange(60.0)


def trace(origin: int = 50, horizon: int = 3) -> FanTrace:
    ahead = np.arange(1.0, horizon + 1)
    mean = VALUES[origin] + 2 * ahead
    return FanTrace(TIMES, "height", "AR(2)", 0.9, VALUES, origin, mean, mean - 1.5 * ahead, mean + ahead)


def parts(step=None, **kind):
    return {one.uid: one for one in fan(trace(**kind), step).figure.data}


def test_what_came_is_what_follows_and_nothing_beyond_the_end():
    assert came(trace()).tolist() == [51, 52, 53]
    np.testing.assert_array_equal(came(trace(origin=58)), [59, np.nan, np.nan])
    assert inside(trace()).tolist() == [True, True, True]
    assert inside(trace(origin=58)).tolist() == [True, False, False]


def test_the_whole_fan():
    drawn = parts()
    assert list(drawn["fan"].x) == [0, 1, 2, 3, 3, 2, 1, 0]
    assert list(drawn["fan"].y) == [50, 53, 56, 59, 51.5, 51, 50.5, 50]
    assert list(drawn["mean"].y) == [50, 52, 54, 56]
    assert list(drawn["came"].y) == [50, 51, 52, 53]


def test_up_to_a_horizon():
    drawn = parts(1)
    assert list(drawn["fan"].x) == [0, 1, 2, 2, 2, 2, 1, 0]
    assert list(drawn["fan"].y) == [50, 53, 56, 56, 51, 51, 50.5, 50]
    np.testing.assert_array_equal(drawn["mean"].y, [50, 52, 54, np.nan])
    np.testing.assert_array_equal(drawn["came"].y, [50, 51, 52, np.nan])


def test_the_known_times_stand_before_and_keep_their_names():
    figure = fan_figure(trace())
    known = figure.data[0]
    assert list(known.x) == list(range(1 - BEFORE, 1))
    assert list(known.y) == list(VALUES[51 - BEFORE : 51])
    named = dict(zip(figure.layout.xaxis.tickvals, figure.layout.xaxis.ticktext, strict=True))
    assert named[0] == "1950"
    assert named[-10] == "1940"


def test_sentences_count():
    assert describe_fan(trace(), 0) == (
        "AR(2), known until 1950, 1 step ahead: 52, 90% between 50.5 and 53. What came: 51, inside. "
        "So far 1 of 1 inside."
    )
    far = trace()
    far.low[1] = 53
    assert describe_fan(far, 1).endswith("What came: 52, outside. So far 1 of 2 inside.")
    assert describe_fan(trace(origin=58), 2).endswith("What came is not known.")
