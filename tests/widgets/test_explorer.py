"""An explorer with a source small enough to compute by hand: the multiples of a number."""

from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import plotly.graph_objects as go
import pytest

from seqviz.widgets.binary import figure_to_tree
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, Reveal, View
from seqviz.widgets.strip import Strip
from tests.widgets.wire import decoded


@dataclass(frozen=True)
class Multiples:
    numbers: np.ndarray


def multiples(factor, count):
    if factor == 7:
        raise ValueError("factor: expected anything but 7, got 7")
    if factor == 8:
        raise TypeError("factor: expected a number that is liked")
    return Multiples(factor * np.arange(1.0, count + 1))


def bars(trace):
    count = len(trace.numbers)
    return go.Figure(go.Bar(uid="bars", x=np.arange(count), y=np.zeros(count)))


@pytest.fixture
def explorer():
    return Explorer(
        "Multiples",
        multiples,
        View(
            figure=lambda trace: go.Figure(
                go.Bar(uid="bars", x=np.arange(len(trace.numbers)), y=np.zeros(len(trace.numbers)))
            ),
            patch=lambda trace, i: {
                "bars.y": trace.numbers * (np.arange(len(trace.numbers)) == i),
                "layout.bargap": i / 10,
            },
            describe=lambda trace, i: f"Number {i + 1} is {trace.numbers[i]:g}.",
            selections=lambda trace: len(trace.numbers),
            structure=lambda trace: len(trace.numbers),
            pick="xaxis",
            drag={"yaxis": "factor"},
            grab={"bars": ("which", "factor")},
            strip=lambda trace: Strip("The numbers", tuple(map(str, trace.numbers)), np.zeros((3, len(trace.numbers)))),
        ),
        [
            Range("factor", "Factor", minimum=1, maximum=9, step=1, value=2),
            Range("count", "How many", minimum=1, maximum=5, step=1, value=3),
            Choice("colour", "Colour", ["blue", "red"], "blue", browser=True),
        ],
        Range("which", "Which", minimum=0, maximum=2, step=1, value=1, browser=True),
    )


def values(**changed):
    return {"factor": 2, "count": 3, "colour": "blue", "which": 1} | changed


def test_it_opens_with_everything_a_browser_needs_to_follow_a_hand_alone(wire, explorer):
    state = decoded(wire.opened(explorer))
    assert state["title"] == "Multiples"
    assert [control["name"] for control in state["controls"]] == ["factor", "count", "colour", "which"]
    assert state["values"] == values()
    content = state["content"]
    assert content["selections"] == 3
    np.testing.assert_array_equal(content["patches"]["data.0.y"], np.diag([2, 4, 6]))
    np.testing.assert_allclose(content["patches"]["layout.bargap"], [0, 0.1, 0.2], rtol=1e-6)
    assert content["sentences"] == ["Number 1 is 2.", "Number 2 is 4.", "Number 3 is 6."]
    assert content["strip"]["tokens"] == content["strip"]["names"] == ["2.0", "4.0", "6.0"]
    assert content["grab"] == {"bars": ["which", "factor"]}
    assert (content["pick"], content["drag"], content["scene"]) == ("xaxis", {"yaxis": "factor"}, None)
    np.testing.assert_array_equal(state["figure"]["data"][0]["x"], [0, 1, 2])


def test_a_change_is_answered_by_one_message_of_new_content(wire, explorer):
    (answer,) = wire.browser_sets(explorer, values=values(factor=3))
    assert set(answer) == {"content"}
    content = decoded(answer["content"])
    np.testing.assert_array_equal(content["patches"]["data.0.y"], np.diag([3, 6, 9]))
    assert content["sentences"][2] == "Number 3 is 9."
    assert content["serial"] > decoded(wire.opened(explorer)["content"])["serial"]
    assert wire.echoes(explorer) == []


def test_the_figure_is_sent_again_when_its_structure_changes_and_in_the_same_message(wire, explorer):
    (answer,) = wire.browser_sets(explorer, values=values(count=5))
    assert set(answer) == {"content", "figure"}
    np.testing.assert_array_equal(decoded(answer["figure"])["data"][0]["x"], range(5))
    assert answer["content"]["selections"] == 5
    (answer,) = wire.browser_sets(explorer, values=values(count=5, factor=4))
    assert set(answer) == {"content"}
    (answer,) = wire.browser_sets(explorer, values=values())
    assert set(answer) == {"content", "figure"}


@pytest.mark.parametrize(
    ("factor", "message"),
    [(7, "factor: expected anything but 7, got 7"), (8, "factor: expected a number that is liked")],
)
def test_an_impossible_wish_is_answered_in_words_and_the_last_picture_stays(wire, explorer, factor, message):
    (before,) = wire.browser_sets(explorer, values=values(factor=3))
    (refused,) = wire.browser_sets(explorer, values=values(factor=factor))
    assert set(refused) == {"content"}
    assert refused["content"]["error"] == message
    assert refused["content"]["serial"] > before["content"]["serial"]
    kept = ("patches", "sentences", "strip", "selections")
    assert {key: refused["content"][key] for key in kept} == {key: before["content"][key] for key in kept}
    figure, sentence = explorer.still()
    assert sentence == "Number 2 is 6."
    assert list(figure.data[0].y) == [0, 6, 0]
    (after,) = wire.browser_sets(explorer, values=values(factor=4))
    assert "error" not in after["content"]
    assert after["content"]["sentences"][1] == "Number 2 is 8."


def test_a_step_of_the_hand_is_followed_by_the_answers_of_its_neighbours(wire, explorer):
    (answer,) = wire.browser_sets(explorer, values=values(factor=3))
    (ahead,) = wire.ahead(explorer)
    assert [one["values"] for one in ahead] == [values(factor=4), values(factor=5), values(factor=2)]
    (asked,) = wire.browser_sets(explorer, values=values(factor=4))
    early, asked = (decoded(content) for content in (ahead[0]["content"], asked["content"]))
    np.testing.assert_equal(early, asked)  # the serial too: the browser need not draw it again
    assert asked["serial"] != decoded(answer["content"])["serial"]
    _, (onward, *_) = wire.ahead(explorer)
    assert onward["values"] == values(factor=5)
    np.testing.assert_equal(onward["content"]["serial"], ahead[1]["content"]["serial"])  # the same, sent again


def test_what_was_sent_ahead_is_sent_again_without_being_computed_again(wire, explorer, monkeypatch):
    asked = []
    monkeypatch.setattr(
        explorer, "_source", lambda factor, count, **_: asked.append(factor) or multiples(factor, count)
    )
    for factor in (3, 4, 3):
        wire.browser_sets(explorer, values=values(factor=factor))
    assert [[one["values"]["factor"] for one in ahead] for ahead in wire.ahead(explorer)] == [
        [4, 5, 2],
        [5, 6, 3],
        [2, 1, 4],
    ]
    # each answer, and of its neighbours those that are new: 2 and 3 were answers just now
    assert asked == [3, 4, 5, 4, 6, 3, 2, 1]


def test_an_answer_other_than_the_one_sent_ahead_has_a_serial_of_its_own(wire, explorer, monkeypatch):
    wire.browser_sets(explorer, values=values(factor=3))
    (ahead,) = wire.ahead(explorer)
    monkeypatch.setattr(explorer, "_source", lambda factor, count, **_: multiples(factor + 0.5, count))
    (asked,) = wire.browser_sets(explorer, values=values(factor=4))
    assert asked["content"]["serial"] != ahead[0]["content"]["serial"]
    assert decoded(asked["content"])["sentences"][1] == "Number 2 is 9."


def test_nothing_is_sent_ahead_that_is_impossible_or_needs_another_figure(wire, explorer):
    wire.browser_sets(explorer, values=values(factor=6))  # as far again is beyond the slider
    wire.browser_sets(explorer, values=values(factor=6, count=4))  # other counts have other figures
    wire.browser_sets(explorer, values=values(factor=5, count=4))
    wire.browser_sets(explorer, values=values(factor=6, count=4))  # 7 is refused
    asked = [[one["values"]["factor"] for one in ahead] for ahead in wire.ahead(explorer)]
    assert asked == [[2], [4, 3, 6], [5]]


def test_what_takes_long_is_not_computed_unasked_but_one_answer_may_be_held_up(wire, explorer, monkeypatch):
    clock = SimpleNamespace(now=0, takes=0)

    def patient(factor, count, **_):
        clock.now += clock.takes
        return multiples(factor, count)

    monkeypatch.setattr(explorer, "_source", patient)
    monkeypatch.setattr("seqviz.widgets.explorer.time", SimpleNamespace(perf_counter=lambda: clock.now))
    sent = [0]
    for factor, clock.takes in ((3, 1), (4, 0), (5, 1), (4, 1), (5, 1)):
        wire.browser_sets(explorer, values=values(factor=factor))
        sent.append(len(wire.ahead(explorer)))
    assert np.diff(sent).tolist() == [0, 1, 1, 1, 0]


def test_a_kernel_without_a_loop_answers_and_sends_nothing_ahead(wire, explorer):
    explorer.set_state({"values": values(factor=3)})
    assert explorer.still()[1] == "Number 2 is 6."
    assert wire.ahead(explorer) == []


def test_values_that_did_not_change_are_not_computed_again(wire, explorer):
    assert wire.browser_sets(explorer, values=values()) == []


def test_the_still_form_shows_the_selection_the_controls_are_at(wire, explorer):
    data, _ = explorer._repr_mimebundle_()
    assert data["text/plain"] == "Number 2 is 4."
    still = figure_to_tree(go.Figure(data["application/vnd.plotly.v1+json"]))
    assert still["data"][0]["y"].tolist() == [0, 4, 0]
    wire.browser_sets(explorer, values=values(factor=5, which=2))
    assert explorer._repr_mimebundle_()[0]["text/plain"] == "Number 3 is 15."


def test_a_selection_beyond_a_shorter_trace_becomes_its_last(wire, explorer):
    wire.browser_sets(explorer, values=values(count=1, which=2))
    assert explorer.still()[1] == "Number 1 is 2."


def test_a_first_wish_that_is_impossible_is_an_error_at_once():
    view = View(*[lambda *_: None] * 5)
    with pytest.raises(ValueError, match="anything but 7"):
        Explorer(
            "Never",
            lambda factor: multiples(factor, 1),
            view,
            [Range("factor", "Factor", minimum=1, maximum=9, step=1, value=7)],
            STEP,
        )


STEP = Range("which", "Which", minimum=0, maximum=2, step=1, value=1, browser=True)


def test_a_reveal_names_traces_by_number():
    def two(_trace):
        figure = go.Figure()
        figure.add_scatter(uid="other", x=[0, 1], y=[0, 1])
        figure.add_scatter(uid="way", x=[0, 1], y=[0, 1])
        return figure.add_scatter(uid="ball", x=[1], y=[1])

    explorer = Explorer(
        "A way",
        lambda: None,
        View(
            figure=two,
            patch=lambda _trace, i: {"way.y": [0.0, i]},
            describe=lambda _trace, i: f"It ends at {i}.",
            selections=lambda _trace: 2,
            structure=lambda _trace: 0,
            reveal=Reveal("update", {"way.y": 1}, {"ball.y": "way.y", "ball.x": "way.x"}),
        ),
        [Range("update", "Update", minimum=0, maximum=1, step=1, value=1, browser=True, play="Play")],
        Range("height", "Height", minimum=0, maximum=1, step=1, value=1, browser=True),
    )
    assert explorer.content["reveal"] == {
        "control": "update",
        "trails": {"data.1.y": 1},
        "heads": {"data.2.y": "data.1.y", "data.2.x": "data.1.x"},
        "cells": {},
    }
