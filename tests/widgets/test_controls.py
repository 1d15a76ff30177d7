"""Controls as the front end reads them."""

import json

import pytest

from seqviz.widgets.controls import Choice, Keypad, Pad, Range, TextBox, as_data


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
                "play": "",
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
        (
            Pad("drawn", "Draw", {"a bar": [[(0.12345, 0), (1, 0.5)]]}),
            {"kind": "pad", "name": "drawn", "label": "Draw", "given": [["a bar", [[[0.123, 0.0], [1.0, 0.5]]]]]}
            | {"browser": False},
        ),
        (
            Keypad("number", "Press", ("12", "#"), 3),
            {"kind": "keypad", "name": "number", "label": "Press", "given": ["12", "#"], "maximum": 3}
            | {"rows": ["123", "456", "789", "*0#"], "browser": False},
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
            Pad("d", "D", {"nothing": []}),
            Keypad("e", "E", ["1"]),
        )
    )


def test_a_choice_starts_at_what_it_offers():
    with pytest.raises(ValueError, match=r"held: expected one of 'open', 'closed', got 'ajar'"):
        Choice("held", "Held", ["open", "closed"], "ajar")


def test_a_pad_opens_with_its_first_drawing():
    assert Pad("drawn", "Draw", {"one": [[(0, 0), (1, 1)]], "two": []}).value == [[[0, 0], [1, 1]]]
    with pytest.raises(ValueError, match="drawn: expected at least one drawing"):
        Pad("drawn", "Draw", {})


def test_a_keypad_opens_with_its_first_number():
    assert Keypad("number", "Press", ["12", "3"]).value == "12"
    with pytest.raises(ValueError, match="number: expected at least one number"):
        Keypad("number", "Press", [])


@pytest.mark.parametrize("number", ["", "1234", "1A"])
def test_a_number_that_its_keys_cannot_dial_is_not_given(number):
    with pytest.raises(ValueError, match=f"number: expected 1 to 3 keys of .*, got '{number}'"):
        Keypad("number", "Press", ["1", number], maximum=3)


def test_only_a_slider_of_the_browser_is_played():
    with pytest.raises(ValueError, match="a: expected a slider that the browser moves alone to be played"):
        Range("a", "A", minimum=0, maximum=1, step=1, value=0, play="Play")
