"""Notes over time: each bar starts where the note before ends and is as long as it sounds."""

import numpy as np

from seqviz.plots.sequences.melody import describe_melody, melody_figure

NAMES, PITCHES, BEATS = ("E4", "C4", "E4", "G4"), (64, 60, 64, 67), (1.5, 0.5, 2.0, 1.0)


def test_bars_stand_where_and_as_high_as_the_notes_sound():
    (bars,) = melody_figure(NAMES, PITCHES, BEATS).data
    assert bars.base == (0, 1.5, 2.0, 4.0)
    assert bars.y == PITCHES
    np.testing.assert_allclose(np.array(bars.base) + np.array(bars.x), [1.42, 1.92, 3.92, 4.92])
    assert bars.text == ("1", "2", "3", "4")
    assert bars.textangle == 0, "numbers stand upright in short bars too"


def test_each_pitch_has_its_name_once_from_low_to_high():
    axis = melody_figure(NAMES, PITCHES, BEATS).layout.yaxis
    assert dict(zip(axis.tickvals, axis.ticktext, strict=True)) == {60: "C4", 64: "E4", 67: "G4"}


def test_the_sentence_reads_the_notes_out():
    assert describe_melody(NAMES, BEATS) == "4 notes over 5 beats: E4 C4 E4 G4."
