"""The drawing of a wiring diagram: every number on its wire, and the light on the part that is pointed at."""

import numpy as np
import pytest

from seqviz.plots.gated import wiring
from seqviz.plots.gated.wiring import Diagram, Node, Part, Wire

DIAGRAM = Diagram(
    "Cell 1",
    (
        ("in", Wire(((0, 0), (1, 0)))),
        ("a", Wire(((1, 0), (1, 1), (2, 1)), 0.25, "a<sub>t</sub>", (1.5, 1.2))),
        ("b", Wire(((2, 1), (3, 1)), -0.5, "b<sub>t</sub>", (2.5, 1.2))),
    ),
    (("σ", Node((1, 0.5), "σ", held=True)), ("+", Node((2, 1), "+"))),
    (
        Part("a_t", "a<sub>t</sub> = σ(x<sub>t</sub>)", "= 0.25", ("in", "a"), ("σ",)),
        Part("b_t", "b<sub>t</sub> = …", "= −0.50,<br>less", ("b",)),
    ),
    "It ends.",
)


def traced(figure, uid):
    return next(trace for trace in figure.data if trace.uid == uid)


def test_the_light_runs_along_the_wires_of_the_part():
    nan = np.nan
    first, second = (wiring.wiring_patch(DIAGRAM, part) for part in (0, 1))
    np.testing.assert_array_equal(first["lit.x"], [0, 1, nan, 1, 1, 2, nan])
    np.testing.assert_array_equal(first["lit.y"], [0, 0, nan, 0, 1, 1, nan])
    np.testing.assert_array_equal(second["lit.x"], [2, 3, nan, nan, nan, nan, nan])
    drawn = traced(wiring.wiring(DIAGRAM, 1).figure, "lit")
    np.testing.assert_array_equal(np.array(drawn.x, float), second["lit.x"])


@pytest.mark.parametrize("part", [0, 1])
def test_only_the_line_of_the_part_is_in_sight(part):
    equation = traced(wiring.wiring(DIAGRAM, part).figure, "equation")
    assert (
        equation.text[part]
        == ("a<sub>t</sub> = σ(x<sub>t</sub>)<br>= 0.25", "b<sub>t</sub> = …<br>= −0.50,<br>less")[part]
    )
    assert [not np.isnan(place) for place in equation.y] == [place == part for place in (0, 1)]


def test_wires_are_thicker_where_more_flows_and_coloured_by_sign():
    figure = wiring.wiring_figure(DIAGRAM)
    vector, small, negative = figure.data[1:4]
    assert (small.x, small.y) == ((1, 1, 2), (0, 1, 1))
    assert small.line.width == pytest.approx(1.5 + 6 * 0.25)
    assert negative.line.width == pytest.approx(1.5 + 6 * 0.5)
    assert (small.line.color, negative.line.color) == (wiring.POSITIVE, wiring.NEGATIVE)
    assert vector.line.color.startswith("rgba(128,128,128")


def test_numbers_stand_at_their_wires_and_a_held_node_stands_out():
    figure = wiring.wiring_figure(DIAGRAM)
    (numbers,) = [trace for trace in figure.data if trace.text and "<br>0.25" in trace.text[0]]
    assert numbers.text == ("a<sub>t</sub><br>0.25", "b<sub>t</sub><br>−0.50")
    assert (numbers.x, numbers.y) == ((1.5, 2.5), (1.2, 1.2))
    circles, boxes = (trace for trace in figure.data if trace.mode == "markers+text")
    assert (circles.text, boxes.text) == (("+",), ("σ",))
    assert boxes.marker.color == (wiring.HIGHLIGHT,)


def test_the_sentence_is_the_line_in_plain_letters():
    assert wiring.describe_wiring(DIAGRAM, 0) == "Cell 1. a_t = σ(x_t) = 0.25. It ends."
    assert wiring.describe_wiring(DIAGRAM, 1) == "Cell 1. b_t = … = −0.50, less. It ends."


def test_numbers_are_written_as_an_equation_writes_them():
    assert wiring.total(np.array([1.313, -0.22, 1.05])) == "1.31 − 0.22 + 1.05"
    assert wiring.total(np.array([-1.0, 0.5])) == "−1.00 + 0.50"
    assert [wiring.factor(value) for value in (0.5, -0.5, -0.001)] == ["0.50", "(−0.50)", "0.00"]
    assert wiring.said(-0.0049) == "0.00"
