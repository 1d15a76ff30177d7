"""In JupyterLab the fan opens with its horizon, from another year and by another model."""

import numpy as np
import pytest
from playwright.sync_api import Page

import seqviz as sv
from seqviz.plots.series.fan import describe_fan, fan_patch

from ..conftest import Watch
from ..page import (
    at,
    control,
    faults,
    made_by,
    plotted,
    serious_violations,
    set_range,
    set_theme,
    show,
    wait_for_sentence,
)

pytestmark = pytest.mark.browser

MAKE = """
import seqviz as sv
models = sv.traces.forecasters(sv.data.sunspots().values[:200, 0], (2,))
"""
FAN = "sv.explore.fan(sv.data.sunspots(), models, 210, first=200, horizon=8)"
AREA, CAME = 1, 3  # traces of the figure


def traced(name: str, origin: int):
    return sv.traces.trace_fan(sv.data.sunspots(), made_by(MAKE)["models"][name], name, origin, 8)


def test_the_horizon_the_year_and_the_model(page: Page, watch: Watch):
    explorer = show(page, MAKE, FAN)
    trace = traced("last value", 210)
    wait_for_sentence(explorer, describe_fan(trace, 7))
    assert faults(explorer) == []
    control(explorer, "Steps ahead").focus()
    page.keyboard.press("Home")
    wait_for_sentence(explorer, describe_fan(trace, 0))
    page.mouse.move(*at(explorer, ("xaxis", 5), ("yaxis", float(trace.values[210]))))
    wait_for_sentence(explorer, describe_fan(trace, 4))
    patch = fan_patch(trace, 4)
    np.testing.assert_allclose(plotted(explorer, AREA, "y"), patch["fan.y"], rtol=1e-5)
    np.testing.assert_allclose(plotted(explorer, CAME, "y"), patch["came.y"], rtol=1e-5)
    page.mouse.move(0, 0)
    wait_for_sentence(explorer, describe_fan(trace, 0))
    control(explorer, "Forecast by").select_option("AR(2)")
    wait_for_sentence(explorer, describe_fan(traced("AR(2)", 210), 0))
    set_range(control(explorer, "Known until"), 230)
    wait_for_sentence(explorer, describe_fan(traced("AR(2)", 230), 0))
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, FAN)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
