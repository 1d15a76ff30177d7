"""The bundle that figures are drawn with belongs to the plotly that makes them."""

import re

import plotly.graph_objects as go
import pytest
from plotly.offline import get_plotlyjs_version

from seqviz.widgets.light import show
from seqviz.widgets.plotly_js import BUNDLE, plotly_source


def test_it_is_the_version_that_the_tested_plotly_carries():
    banner = plotly_source()[:200]
    assert re.search(r"cartesian - minified\) v([\d.]+)", banner)[1] == get_plotlyjs_version(), (
        "constraints.txt has another plotly: CONTRIBUTING.md says how to renew the bundle"
    )


def test_its_licence_lies_beside_it():
    assert "Plotly" in (BUNDLE.parent / "LICENSE").read_text(encoding="utf-8")


def test_a_trace_it_cannot_draw_is_refused_in_words():
    with pytest.raises(ValueError, match=r"expected traces among bar, box, .*, got scatter3d, surface"):
        show(go.Figure([go.Surface(z=[[1, 2]]), go.Scatter3d(x=[1]), go.Scatter(y=[1])]), "A surface.")
