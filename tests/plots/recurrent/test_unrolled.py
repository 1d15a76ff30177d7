"""Folding and unfolding: which weight is used where, and where everything stands at both ends of the way."""

import numpy as np
import pytest

from seqviz.plots.recurrent import unrolled as plots
from seqviz.plots.recurrent.computation_graph import SEQUENCE_SHAPES
from seqviz.plots.theme import DIVERGING, HIGHLIGHT, palette
from tests.plots.example_traces import run_trace

# shape → for each weight, the steps that use it
USES = {
    "one to one": {"W_hh": [1], "W_hy": [1], "W_xh": [1]},
    "one to many": {"W_hh": [1, 2, 3, 4], "W_hy": [1, 2, 3, 4], "W_xh": [1]},
    "many to one": {"W_hh": [1, 2, 3, 4], "W_hy": [4], "W_xh": [1, 2, 3, 4]},
    "many to many, equal lengths": {"W_hh": [1, 2, 3, 4], "W_hy": [1, 2, 3, 4], "W_xh": [1, 2, 3, 4]},
    "many to many, unequal lengths": {"W_hh": [1, 2, 3], "W_hh′": [4, 5], "W_hy′": [4, 5], "W_xh": [1, 2, 3]},
}


def drawn(name):
    shape = SEQUENCE_SHAPES[name]
    read = "he lo"[: len(shape.inputs)]
    return plots.Unrolled(shape, run_trace((*read, *[""] * (shape.steps - len(read)))))


@pytest.fixture(params=SEQUENCE_SHAPES)
def shape_name(request):
    return request.param


def test_every_weight_is_used_at_the_steps_of_its_shape(shape_name):
    uses = {}
    for edge in plots.unrolled_edges(drawn(shape_name)):
        uses.setdefault(edge["parameter"], []).append(edge["t"])
    assert uses == USES[shape_name]
    names = [parameter["name"] for parameter in plots.unrolled_parameters(drawn(shape_name))]
    assert names == sorted(USES[shape_name])


def test_every_use_leads_from_a_value_to_the_next(shape_name):
    nodes = {node["id"]: node for node in plots.unrolled_nodes(drawn(shape_name))}
    kinds = {"W_hh": ("state", "state"), "W_xh": ("input", "state"), "W_hy": ("state", "output")}
    for edge in plots.unrolled_edges(drawn(shape_name)):
        tail, head = nodes[edge["tail"]], nodes[edge["head"]]
        assert (tail["kind"], head["kind"]) == kinds[edge["parameter"].rstrip("′")]
        assert head["t"] == edge["t"]
        assert tail["t"] == edge["t"] - (edge["kind"] == "recurrent")


def test_values_follow_time_unfolded_and_stand_on_each_other_folded(shape_name):
    shape = SEQUENCE_SHAPES[shape_name]
    nodes = plots.unrolled_nodes(drawn(shape_name))
    assert len({node["id"] for node in nodes}) == len(nodes)
    counts = {kind: sum(node["kind"] == kind for node in nodes) for kind in ("state", "input", "output")}
    assert counts == {"state": shape.steps + 1, "input": len(shape.inputs), "output": len(shape.outputs)}
    assert [node["unfolded"][0] for node in nodes] == [node["t"] for node in nodes]
    assert all(node["unfolded"][1] == node["folded"][1] for node in nodes)
    # one folded column for each set of weights: the encoder's, and the decoder's where it has its own
    assert len({node["folded"][0] for node in nodes}) == len({name.endswith("′") for name in USES[shape_name]})


def test_an_input_says_the_character_it_reads():
    reads = {
        node["id"]: node["reads"] for node in plots.unrolled_nodes(drawn("many to one")) if node["kind"] == "input"
    }
    assert reads == {"x_1": "h", "x_2": "e", "x_3": "␣", "x_4": "l"}


def test_the_sentence_of_a_weight_counts_its_uses():
    sentences = {p["name"]: p["sentence"] for p in plots.unrolled_parameters(drawn("many to one"))}
    assert sentences["W_hh"] == "W_hh is used 4 times, at steps 1, 2, 3 and 4: one matrix, not 4."
    assert sentences["W_hy"] == "W_hy is used once, at step 4."


def test_the_scene_holds_the_states_and_a_level_for_each_colour(shape_name):
    unrolled = drawn(shape_name)
    scene = plots.unrolled_scene(unrolled)
    np.testing.assert_array_equal(scene["states"], unrolled.trace.states)
    np.testing.assert_allclose(scene["levels"], (unrolled.trace.states + 1) / 2, rtol=0, atol=1e-12)
    assert scene["nodes"] == plots.unrolled_nodes(unrolled)
    assert scene["edges"] == plots.unrolled_edges(unrolled)
    assert scene["parameters"] == plots.unrolled_parameters(unrolled)
    assert scene["palette"] == palette(DIVERGING)


def test_the_drawing_has_every_value_and_the_selected_state_is_marked(shape_name):
    unrolled = drawn(shape_name)
    nodes = plots.unrolled_nodes(unrolled)
    for step in range(unrolled.shape.steps):
        figure = plots.unrolled(unrolled, step).figure
        circles = next(trace for trace in figure.data if trace.marker.line.color is not None)
        places = [list(place) for place in zip(circles.x, circles.y, strict=True)]
        assert places == [node["unfolded"] for node in nodes]
        marked = [n["id"] for n, c in zip(nodes, circles.marker.line.color, strict=True) if c == HIGHLIGHT]
        assert marked == [f"h_{step + 1}"]


def test_the_sentence_says_what_a_step_reads_computes_and_answers():
    unrolled = drawn("many to many, unequal lengths")
    trace = unrolled.trace
    said = plots.describe_unrolled(unrolled, 0)
    assert "Step 1 of 5" in said
    assert "tanh(W_xh x_1 + W_hh h_0 + b_h)" in said
    assert ", ".join(f"{value:.2f}" for value in trace.states[0]) in said
    assert "ŷ" not in said
    said = plots.describe_unrolled(unrolled, 4)
    best = int(trace.logits[4].argmax())
    assert "tanh(W_hh′ h_4 + b_h′)" in said
    assert "ŷ_2" in said
    assert f"“{['h', 'e', 'l', 'o', '␣', '⏎', 'x'][best]}”, {trace.probabilities[4, best]:.0%}" in said
