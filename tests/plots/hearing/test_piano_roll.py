"""Notes on the roll: those that were told, and those that are played, held against the tune at the same time."""

import numpy as np
import pytest

from seqviz.plots.hearing.piano_roll import describe_piano_roll, piano_roll, rolled

TOLD = [(60, 1.0), (64, 2.0)]
RIGHT = [(62, 1.0), (65, 0.5), (60, 4.0)]
NAMES = {60: "C4", 61: "C♯4", 62: "D4", 64: "E4", 65: "F4"}
TOLD_ROLLED = [(0.0, 60, 1.0, "told"), (1.0, 64, 2.0, "told")]


def test_what_is_right_is_as_in_the_tune():
    assert rolled(TOLD, RIGHT, RIGHT) == [
        *TOLD_ROLLED,
        (3.0, 62, 1.0, "as in the tune"),
        (4.0, 65, 0.5, "as in the tune"),
        (4.5, 60, 4.0, "as in the tune"),
    ]


@pytest.mark.parametrize(
    ("played", "kinds"),
    [
        # another pitch; another length, which also moves what follows; a note that goes on too long
        ([(62, 1.0), (64, 0.5), (60, 4.0)], ["as in the tune", "not in the tune", "as in the tune", "left out"]),
        ([(62, 1.0), (65, 1.0), (60, 4.0)], ["as in the tune"] + ["not in the tune"] * 2 + ["left out"] * 2),
        ([*RIGHT, (60, 1.0)], ["as in the tune"] * 3 + ["not in the tune"]),
        ([(62, 1.0)], ["as in the tune", "left out", "left out"]),
    ],
)
def test_a_note_is_right_at_its_time_as_high_and_as_long(played, kinds):
    assert [note.kind for note in rolled(TOLD, RIGHT, played)][2:] == kinds


def test_the_tune_and_each_who_plays_have_a_roll_with_the_notes_of_each_kind():
    played = {"other": [(62, 1.0), (64, 0.5), (60, 4.0)]}
    figure = piano_roll(TOLD, RIGHT, played, NAMES).figure
    shown = {one.uid: one for one in figure.data}
    for row, axis in ((0, "y"), (1, "y2")):
        told = shown[f"told_{row}"]
        assert (told.base, told.y, told.yaxis) == ((0, 1), (60, 64), axis)
        np.testing.assert_allclose(np.add(told.base, told.x), [0.92, 2.92])
    assert shown["as_in_the_tune_0"].base == (3, 4, 4.5)
    assert shown["as_in_the_tune_1"].base == (3, 4.5)
    assert (shown["not_in_the_tune_1"].base, shown["not_in_the_tune_1"].y) == ((4,), (64,))
    assert (shown["left_out_1"].base, shown["left_out_1"].y) == ((4,), (65,))
    assert [figure.layout[axis].title.text for axis in ("yaxis", "yaxis2")] == ["the tune", "other"]
    in_legend = [(one.name, one.yaxis) for one in figure.data if one.showlegend]
    assert in_legend == [("told", "y"), ("as in the tune", "y"), ("not in the tune", "y2"), ("left out", "y2")]
    assert all(one.y for one in figure.data if one.showlegend), "plotly's legend lists no trace without a note"
    low, high = figure.layout.yaxis2.domain[0], figure.layout.yaxis.domain[1]
    assert 0 <= low < figure.layout.yaxis2.domain[1] < figure.layout.yaxis.domain[0] < high == 1


def test_the_sentence_counts():
    told = describe_piano_roll(TOLD, RIGHT, {"one": RIGHT, "other": [(62, 1.0), (64, 0.5), (60, 4.0)]})
    assert told == (
        "2 notes are told, 3 are left. one: all 3 notes as in the tune; other: 3 notes, 1 of them not in the tune,"
        " and 1 of its notes left out."
    )
