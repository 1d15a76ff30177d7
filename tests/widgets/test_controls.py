"""Controls as the front end reads them."""

import json

import pytest

from seqviz.widgets.controls import Choice, Range, TextBox, as_data


@pytest.mark.parametrize(
    ("control", "expected"),
    [
        (
            Range("step", "Step t", minimum=0, maximum=3, step=1, value=2, browser=True, offset=1),
            {
                "kind": "range",
                "name": "step",
                "label": "Step t",
                "minimum": 0,
                "maximum": 3,
                "step": 1,
                "value": 2,
                "browser": True,
                "offset": 1,
                "shown": [],
            },
        ),
        (
            Choice("shape", "Task", ["one", "two"], "two"),
            {"kind": "choice", "name": "shape", "label": "Task", "options": ["one", "two"], "value": "two"}
            | {"browser": False},
        ),
        (
            TextBox("text", "Type", "hello", 20),
            {"kind": "text", "name": "text", "label": "Type", "value": "hello", "maximum": 20, "browser": False}
            | {"readable": ""},
        ),
    ],
)
def test_a_control_is_plain_data(control, expected):
    assert as_data(control) == expected
    assert json.loads(json.dumps(as_data(control))) == expected


def test_a_control_asks_the_kernel_unless_told_otherwise():
    assert not any(
        as_data(control)["browser"]
        for control in (
            Range("a", "A", minimum=0, maximum=1, step=1, value=0),
            Choice("b", "B", ["x"], "x"),
            TextBox("c", "C", ""),
        )
    )


def test_a_choice_starts_at_what_it_offers():
    with pytest.raises(ValueError, match=r"held: expected one of 'open', 'closed', got 'ajar'"):
        Choice("held", "Held", ["open", "closed"], "ajar")
