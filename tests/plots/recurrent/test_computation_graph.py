"""The five graphs, as data: what feeds what, and that the drawing has an arrow for each."""

import pytest

from seqviz.plots.recurrent.computation_graph import (
    SEQUENCE_SHAPES,
    computation_graph_figure,
    describe_computation_graph,
    gather_graph,
)

FOUR_STEPS = ["h_1", "h_2", "h_3", "h_4"]
FOUR_OUTPUTS = ["ŷ_1", "ŷ_2", "ŷ_3", "ŷ_4"]


@pytest.mark.parametrize(
    ("shape_name", "uses"),
    [
        ("one to one", {"W_xh": ["h_1"], "W_hh, b_h": ["h_1"], "W_hy, b_y": ["ŷ"], "ŷ": ["L"]}),
        ("one to many", {"W_xh": ["h_1"], "W_hh, b_h": FOUR_STEPS, "W_hy, b_y": FOUR_OUTPUTS}),
        ("many to one", {"W_xh": FOUR_STEPS, "W_hh, b_h": FOUR_STEPS, "W_hy, b_y": ["ŷ"], "h_4": ["ŷ"]}),
        ("many to many, equal lengths", {"W_xh": FOUR_STEPS, "W_hh, b_h": FOUR_STEPS, "W_hy, b_y": FOUR_OUTPUTS}),
        (
            "many to many, unequal lengths",
            {
                "W_xh": ["h_1", "h_2", "h_3"],
                "W_hh, b_h": ["h_1", "h_2", "h_3"],
                "W_hh′, b_h′": ["h_4", "h_5"],
                "W_hy′, b_y′": ["ŷ_1", "ŷ_2"],
                "h_3": ["h_4"],
                "h_5": ["ŷ_2"],
            },
        ),
    ],
)
def test_each_weight_is_one_node_with_an_arrow_to_every_step_that_uses_it(shape_name, uses):
    graph = gather_graph(shape_name)
    assert {name: graph.uses(name) for name in uses} == uses
    names = [node.name for node in graph.nodes]
    assert len(set(names)) == len(names)
    assert {name for arrow in graph.arrows for name in arrow} == set(names)


@pytest.mark.parametrize("shape_name", SEQUENCE_SHAPES)
def test_values_follow_time_and_the_loss_ends_the_graph(shape_name):
    graph = gather_graph(shape_name)
    columns = {node.name: node.column for node in graph.nodes}
    assert [columns[name] for name in graph.named("state")] == list(range(SEQUENCE_SHAPES[shape_name].steps + 1))
    for tail, head in graph.arrows:
        if not tail.startswith("W"):
            assert columns[tail] <= columns[head]
    assert [node.name for node in graph.nodes if not graph.uses(node.name)] == ["L"]


@pytest.mark.parametrize("shape_name", SEQUENCE_SHAPES)
def test_the_drawing_has_every_node_and_every_arrow(shape_name):
    graph = gather_graph(shape_name)
    figure = computation_graph_figure(shape_name)
    *arrows, labels = figure.data
    assert sum(size > 0 for trace in arrows for size in trace.marker.size) == len(graph.arrows)
    assert all(len(trace.x) == len(trace.y) == len(trace.marker.size) for trace in arrows)
    assert len(labels.text) == len(graph.nodes) == len(figure.layout.shapes)
    circles = [shape for shape in figure.layout.shapes if shape.type == "circle"]
    assert len(circles) == sum(not node.name.startswith("W") for node in graph.nodes)


def test_an_arrow_ends_at_the_circle_it_points_to():
    *arrows, labels = computation_graph_figure("many to many, unequal lengths").data
    heads = [
        (x, y) for trace in arrows for x, y, size in zip(trace.x, trace.y, trace.marker.size, strict=True) if size > 0
    ]
    for x, y in heads:
        distances = [((x - cx) ** 2 + (y - cy) ** 2) ** 0.5 for cx, cy in zip(labels.x, labels.y, strict=True)]
        assert min(distances) == pytest.approx(0.27, abs=1e-9)


def test_the_sentence_says_what_is_shared():
    assert describe_computation_graph("many to one") == (
        "Many to one: h_0 → h_1 → h_2 → h_3 → h_4, reading x_1, x_2, x_3 and x_4, answering ŷ. "
        "Each weight is one node (W_xh: 4 arrows; W_hh, b_h: 4 arrows; W_hy, b_y: 1 arrow)."
    )
    assert "W_hh, b_h: 3 arrows; W_hh′, b_h′: 2 arrows" in describe_computation_graph("many to many, unequal lengths")


def test_an_unknown_shape_is_answered_with_the_known_ones():
    with pytest.raises(ValueError, match=r"expected one of 'one to one', .* got 'some to none'"):
        gather_graph("some to none")
