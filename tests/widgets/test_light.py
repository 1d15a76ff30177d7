"""The light figure: small, complete, and with a still form that needs no browser."""

import json

import numpy as np
import plotly.graph_objects as go
import pytest

from seqviz.plots import run
from seqviz.plots.charts.losses import losses_figure
from seqviz.widgets.light import LightFigure, show
from tests.plots.example_traces import run_trace
from tests.widgets.wire import decoded, size_in_bytes

BUDGET = 50_000  # bytes


def heat_map(side=64):
    return go.Figure(go.Heatmap(z=np.random.default_rng(0).normal(size=(side, side))))


def test_the_browser_gets_the_figures_numbers_and_the_sentence(wire):
    drawn = heat_map(5)
    state = decoded(wire.opened(show(drawn, "Twenty-five squares.")))
    np.testing.assert_allclose(state["figure"]["data"][0]["z"], drawn.data[0].z, rtol=1e-6)
    assert state["figure"]["data"][0]["z"].dtype == np.float32
    assert state["content"] == {"sentences": ["Twenty-five squares."]}
    assert (state["controls"], state["values"], state["kind"]) == ([], {}, "explorer")


@pytest.mark.parametrize(
    "figure",
    [
        heat_map(),
        run(run_trace("hello" * 12, units=64), 3).figure,
        losses_figure({name: np.linspace(2, 1, 600).tolist() for name in ("ours", "torch")}),
    ],
    ids=["heat map of 64 × 64", "a run of 60 steps and 64 units", "two curves of 600 steps"],
)
def test_its_state_is_within_the_budget(figure):
    assert size_in_bytes(show(figure, "A sentence.")) <= BUDGET


def test_the_still_form_is_the_sentence_and_plotlys_own_json():
    drawn = heat_map(4).update_layout(title="Squares")
    data, _ = show(drawn, "Sixteen squares.")._repr_mimebundle_()
    assert data["text/plain"] == "Sixteen squares."
    still = data["application/vnd.plotly.v1+json"]
    assert go.Figure(still) == go.Figure(json.loads(drawn.to_json()))
    assert json.loads(json.dumps(still)) == still
    assert "application/vnd.jupyter.widget-view+json" in data


def test_the_still_form_has_its_symbols_set_as_symbols():
    drawn = heat_map(2).update_layout(xaxis_title="‖∂L_t/∂h_k‖").update_traces(hovertemplate="W_hhᵀ: %{z}")
    drawn.update_traces(name="c_t", colorbar={"title": {"text": "σ^(T−k)"}})
    still = show(drawn, "h_t.")._repr_mimebundle_()[0]["application/vnd.plotly.v1+json"]
    assert still["layout"]["xaxis"]["title"]["text"] == "‖∂L<sub>t</sub>/∂h<sub>k</sub>‖"
    (trace,) = still["data"]
    assert trace["hovertemplate"] == "W<sub>hh</sub>ᵀ: %{z}"
    assert (trace["name"], trace["colorbar"]["title"]["text"]) == ("c<sub>t</sub>", "σ<sup>T−k</sup>")


def test_its_title_is_the_figures():
    assert show(heat_map(4).update_layout(title="Squares"), "Sixteen.").title == "Squares"
    assert show(heat_map(4), "Sixteen.").title == "Figure"


@pytest.mark.parametrize("sentence", ["", " \n"])
def test_a_figure_without_a_sentence_is_refused(sentence):
    with pytest.raises(ValueError, match="a sentence that says what the figure shows"):
        show(heat_map(4), sentence)


def test_values_of_the_browser_are_not_sent_back(wire):
    shown = LightFigure(heat_map(4), "Sixteen.", values={"step": 0})
    assert wire.browser_sets(shown, values={"step": 1}) == []
    assert shown.values == {"step": 1}
    assert wire.echoes(shown) == []
