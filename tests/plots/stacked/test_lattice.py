"""The drawing of a network unfolded in time: numbers in their places, and the light on the line pointed at."""

import numpy as np
import pytest

from seqviz.plots.gated.wiring import Diagram, Part, Wire
from seqviz.plots.stacked import lattice
from seqviz.plots.stacked.lattice import Flow, Lattice, State

DRAWN = Lattice(
    steps=3,
    step=1,
    rows=("x<sub>t</sub>", "h<sub>t</sub>"),
    states=(State((1, 0), None, "cat"), State((0, 1), -0.94), State((1, 1), 0.27), State((2, 1), -0.01)),
    flows=(Flow(1, (1.1, 0.5), 0.5, "middle right"), Flow(0, (2.0, 0.5), -1.5, "top center")),
    diagram=Diagram(
        "Step 2",
        (
            ("up", Wire(((1, 0.25), (1, 1)), 0.5)),
            ("on", Wire(((0, 1), (1, 1)), -0.25)),
            ("back", Wire(((2, 1), (1, 1)))),
        ),
        (),
        (Part("x_t", "x<sub>t</sub>", "is read", ("up",)), Part("h_t", "h<sub>t</sub><sup>[1]</sup>", "= 1", ("on",))),
    ),
)


def traced(figure, uid):
    return next(trace for trace in figure.data if trace.uid == uid)


@pytest.mark.parametrize("part", [0, 1])
def test_only_the_line_and_the_numbers_of_the_part_are_in_sight(part):
    figure = lattice.lattice(DRAWN, part).figure
    equation, flows = traced(figure, "equation"), traced(figure, "flows")
    assert [not np.isnan(y) for y in equation.y] == [place == part for place in (0, 1)]
    assert [not np.isnan(y) for y in flows.y] == [place == part for place in (1, 0)]
    assert flows.text == ("0.50", "−1.50")
    assert tuple(traced(figure, "lit").x[:2]) == ((1, 1), (0, 1))[part]


def test_states_are_numbers_by_sign_and_words_stand_without():
    circles, words = (one for one in lattice.lattice_figure(DRAWN).data if one.text and one.uid is None)
    assert (circles.text, words.text) == (("−0.9", "0.3", "0.0"), ("cat",))
    assert (circles.marker.cmin, circles.marker.cmax) == (-1, 1)
    np.testing.assert_array_equal(circles.marker.color, [-0.94, 0.27, -0.01])
    assert circles.textfont.color == ("#ffffff", "#000000", "#000000")


def test_arrows_point_the_way_of_their_wires():
    (arrows,) = (one for one in lattice.lattice_figure(DRAWN).data if one.marker.size == 9)
    assert arrows.marker.symbol == ("triangle-up", "triangle-right", "triangle-left")


def test_rows_are_where_the_pointer_picks_them():
    figure = lattice.lattice_figure(DRAWN)
    assert figure.layout.yaxis.tickvals == (0, 1)
    assert figure.layout.yaxis.ticktext == DRAWN.rows
    assert lattice.lattice(DRAWN, 1).sentence == "Step 2. h_t^[1] = 1."
