"""Another time and another model are other forecasts."""

import pytest

from seqviz.data import sunspots
from seqviz.plots.series.fan import describe_fan
from seqviz.traces.series.fan import forecasters, trace_fan
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened

MODELS = forecasters(sunspots().values[:60, 0], (2,))


@pytest.fixture
def explorer():
    return explore.fan(sunspots(), MODELS, 80, first=60, horizon=4)


def told(name, origin):
    trace = trace_fan(sunspots(), MODELS[name], name, origin, 4)
    return [describe_fan(trace, step) for step in range(4)]


def test_it_opens_on_the_whole_fan_of_the_first_model(wire, explorer):
    content = opened(wire, explorer)["content"]
    assert content["sentences"] == told("last value", 80)
    assert content["first"] == 1
    assert explorer.still()[1] == told("last value", 80)[3]


def test_a_time_and_a_model_are_chosen(wire, explorer):
    assert answer(wire, explorer, origin=100)["content"]["sentences"] == told("last value", 100)
    assert answer(wire, explorer, forecaster="AR(2)")["content"]["sentences"] == told("AR(2)", 100)
    assert answer(wire, explorer, origin=308)["content"]["sentences"] == told("AR(2)", 308)
