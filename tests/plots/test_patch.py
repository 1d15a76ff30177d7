"""A patch sets what it names and nothing else; a sweep stacks patches."""

import numpy as np
import plotly.graph_objects as go
import pytest

from seqviz.plots.patch import patched, resolved, sweep


def figure():
    drawn = go.Figure(go.Scatter(uid="curve", x=[1, 2], y=[3, 4]))
    drawn.add_scatter(x=[0], y=[0])
    drawn.add_bar(uid="bars-of-it", x=[5], y=[6])
    return drawn.update_layout(shapes=[{"type": "line", "x0": 0}, {"type": "line", "x0": 0}])


def test_every_named_place_is_set_and_no_other():
    drawn = patched(figure(), {"curve.y": [7, 8], "bars-of-it.marker.color": "#123456", "layout.shapes.1.x0": 9})
    expected = figure()
    expected.data[0].y = [7, 8]
    expected.data[2].marker.color = "#123456"
    expected.layout.shapes[1].x0 = 9
    assert drawn == expected
    assert drawn != figure()


def test_an_empty_patch_changes_nothing():
    assert patched(figure(), {}) == figure()


def test_names_become_numbers_and_places_in_the_layout_stay():
    patch = {"bars-of-it.marker.color": "red", "layout.shapes.0.x0": 1}
    assert resolved(figure(), patch) == {"data.2.marker.color": "red", "layout.shapes.0.x0": 1}


def test_a_place_that_is_not_there_is_an_error():
    with pytest.raises(ValueError, match="colour"):
        patched(figure(), {"curve.marker.colour": "red"})
    with pytest.raises(ValueError, match=r"one of 'curve', 'bars-of-it', got 'line' in 'line\.y'"):
        patched(figure(), {"line.y": [1]})
    with pytest.raises(ValueError, match="got 'line'"):
        sweep(figure(), lambda _selection: {"line.y": [1]}, range(2))


def test_numbers_of_all_selections_become_one_array_and_texts_a_list():
    swept = sweep(
        figure(),
        lambda s: {"curve.y": np.array([s, s + 0.5]), "layout.shapes.0.x0": 2 * s, "curve.text": [f"step {s}"]},
        range(3),
    )
    np.testing.assert_array_equal(swept["data.0.y"], [[0, 0.5], [1, 1.5], [2, 2.5]])
    np.testing.assert_array_equal(swept["layout.shapes.0.x0"], [0, 2, 4])
    assert swept["layout.shapes.0.x0"].dtype.kind == "i"
    assert swept["data.0.text"] == [["step 0"], ["step 1"], ["step 2"]]


def test_without_a_selection_there_is_nothing_to_sweep():
    assert sweep(figure(), lambda _selection: {"curve.y": 1}, range(0)) == {}
