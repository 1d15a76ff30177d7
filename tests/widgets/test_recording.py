"""Recordings: every answer that a page needs, and each is what the live explorer answers."""

import itertools
import json

import numpy as np
import pytest
import torch

import seqviz as sv
from seqviz.widgets import recording
from seqviz.widgets.binary import encode
from seqviz.widgets.controls import Choice, Keypad, Pad, Range, TextBox

MODEL_ARGUMENTS = (sv.data.PROSE_ALPHABET, "the value")


def ribbon():
    torch.manual_seed(0)
    return sv.explore.gradient_ribbon(sv.models.RNN(30, 5, 30), *MODEL_ARGUMENTS)


@pytest.mark.parametrize(
    ("control", "values"),
    [
        (Range("x", "X", minimum=0, maximum=1, step=0.25, value=0.5), [0, 0.25, 0.5, 0.75, 1]),
        (Range("x", "X", minimum=0, maximum=1, step=0.01, value=0.37, recorded=3), [0, 0.37, 0.5, 1]),
        (Range("x", "X", minimum=2, maximum=6, step=1, value=4), [2, 3, 4, 5, 6]),
        (Range("x", "X", minimum=5, maximum=5, step=1, value=5), [5]),
        (Range("x", "X", minimum=-0.3, maximum=0.3, step=0.1, value=0.0), [-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3]),
        (Choice("c", "C", ["one", "two"], "two"), ["one", "two"]),
        (Choice("c", "C", ["one", "two"], "two", recorded=False), ["two"]),
        (TextBox("t", "T", "as it is"), ["as it is"]),
        (Pad("p", "P", {"a bar": [[(0, 0), (1, 0)]], "nothing": []}), [[[[0, 0], [1, 0]]], []]),
        (Keypad("k", "K", ("155", "3")), ["155", "3"]),
    ],
)
def test_the_recorded_values_of_a_control(control, values):
    assert recording.recorded_values(control) == values


def test_answers_lie_in_the_order_of_their_values():
    controls = [
        Choice("c", "C", ["a", "b"], "a"),
        Range("x", "X", minimum=0, maximum=2, step=1, value=1),
        Range("step", "t", minimum=0, maximum=9, step=1, value=0, browser=True),
    ]
    made = recording.record(controls, lambda values: ({"even": values["x"] % 2 == 0}, dict(values)))
    wanted = [{"c": c, "x": x} for c, x in itertools.product(["a", "b"], [0, 1, 2])]
    assert [answer["content"] for answer in made["answers"]] == wanted
    assert made["recorded"] == {"c": ["a", "b"], "x": [0, 1, 2]}
    assert made["figures"] == [{"even": True}, {"even": False}], "a figure that answers share is kept once"
    assert [made["figures"][answer["figure"]]["even"] for answer in made["answers"]] == [True, False, True] * 2


def test_a_list_of_which_one_value_is_recorded_is_fixed_and_says_why():
    both, one = recording.controls_of(
        [Choice("c", "C", ["one", "two"], "two"), Choice("d", "D", ["one", "two"], "two", recorded=False)]
    )
    assert "fixed" not in both
    assert one["fixed"] == "Choosing needs the kernel: open the notebook."


def test_more_answers_than_a_page_holds_are_refused():
    controls = [Range(name, name, minimum=0, maximum=100, step=1, value=50, recorded=30) for name in "ab"]
    with pytest.raises(ValueError, match=r"at most 300 recorded answers, got 31 of a × 31 of b = 961"):
        recording.record(controls, lambda values: (values, values))


def test_bytes_and_infinities_become_json():
    tree = recording.as_json(encode({"z": np.arange(3.0), "bound": float("inf"), "names": ("a", "b")}))
    assert json.loads(json.dumps(tree, allow_nan=False)) == tree
    assert tree["bound"] is None
    assert tree["names"] == ["a", "b"]
    assert tree["z"] == {"dtype": "float32", "shape": [3], "base64": "AAAAAAAAgD8AAABA"}


def test_every_recorded_answer_is_the_live_one_and_nothing_has_moved_afterwards():
    explorer = ribbon()
    before = dict(explorer.values)
    made = explorer.recording()
    assert explorer.values == before
    for radius, answer in zip(made["recorded"]["radius"], made["answers"], strict=True):
        explorer.values = before | {"radius": radius}
        live = recording.as_json(encode(explorer.content))
        assert answer["content"] | {"serial": 0} == live | {"serial": 0}
    slider = next(control for control in made["controls"] if control["name"] == "radius")
    assert slider["values"] == made["recorded"]["radius"]
    assert "fixed" in next(control for control in made["controls"] if control["name"] == "text")
    assert "values" not in next(control for control in made["controls"] if control["name"] == "step")


def test_a_recording_is_kept_beside_the_widget_only_where_a_page_is_made(monkeypatch: pytest.MonkeyPatch):
    widgets = [
        ribbon(),
        sv.show(sv.plots.losses({"a": [2.0, 1.0]})),
        sv.quiz("?", {"a": "b", "c": "d"}, right="a"),
    ]
    for widget in widgets:
        monkeypatch.delenv("SEQVIZ_RECORD", raising=False)
        without, _ = widget._repr_mimebundle_()
        assert recording.MIME not in without
        monkeypatch.setenv("SEQVIZ_RECORD", "1")
        data, _ = widget._repr_mimebundle_()
        assert data.keys() - without.keys() == {recording.MIME}
        assert data[recording.MIME]["kind"] == widget.kind
        json.dumps(data[recording.MIME], allow_nan=False)
