"""The picture of a call: the sound, the beliefs, the keys that were pressed and, up to a frame, the digits heard."""

from dataclasses import replace

import numpy as np
import pytest

from seqviz.plots.hearing.telephone import describe_telephone, pressed, telephone, telephone_figure
from seqviz.traces.hearing.records import TelephoneTrace

PATH = "-155--3"


def trace(number="153") -> TelephoneTrace:
    frames, draws = len(PATH), np.random.default_rng(0)
    beliefs = draws.uniform(size=(11, frames))
    for frame, sign in enumerate(PATH):
        beliefs[0 if sign == "-" else int(sign) + 1, frame] = 9
    return TelephoneTrace(
        number=number,
        noise=-3.0,
        held=np.array([[0.12, 0.14], [0.2, 0.3], [0.55, 0.6]]),
        keys_hertz=((697, 1209), (770, 1336), (697, 1477)),
        seconds=1.0,
        middles=0.1 * np.arange(1, frames + 1),
        hertz=np.array([600.0, 700.0, 800.0]),
        loudness=draws.normal(size=(3, frames)),
        beliefs=beliefs / beliefs.sum(0),
        path=PATH,
        heard=("", "1", "15", "15", "15", "15", "153"),
    )


def drawn(frame):
    return {one.uid: one for one in telephone(trace(), frame).figure.data}


def test_keys_stand_at_the_frames_in_whose_middles_they_were_down():
    keys = [key for key, *_ in pressed(trace())]
    assert keys == ["1", "5", "3"]
    np.testing.assert_allclose([span for _, *span in pressed(trace())], [[1.2, 1.4], [2, 3], [5.5, 6]])
    shown = drawn(0)
    np.testing.assert_allclose(shown["keys"].x, [1.2, 1.4, np.nan, 2, 3, np.nan, 5.5, 6, np.nan])
    np.testing.assert_allclose(shown["numbers"].x, [1.3, 2.5, 5.75])
    assert shown["numbers"].text == ("1", "5", "3")


def test_sound_and_beliefs_are_those_of_the_trace_counted_from_1():
    shown = drawn(3)
    np.testing.assert_array_equal(shown["sound"].z, trace().loudness)
    np.testing.assert_array_equal(shown["beliefs"].z, trace().beliefs)
    assert (shown["sound"].x0, shown["beliefs"].x0) == (1, 1)
    for uid in ("frame", "belief_frame"):
        assert shown[uid].x[:2] == (3.5, 4.5)
    axis = telephone_figure(trace()).layout.yaxis2
    assert dict(zip(axis.tickvals, axis.ticktext, strict=True))[4] == "3"


@pytest.mark.parametrize(
    ("frame", "bars", "middles"),
    [
        (0, [np.nan] * 9, [np.nan] * 3),
        (2, [1.6, 2.4, np.nan, 2.6, 3.4, np.nan] + [np.nan] * 3, [2, 3, np.nan]),
        (6, [1.6, 2.4, np.nan, 2.6, 4.4, np.nan, 6.6, 7.4, np.nan], [2, 3.5, 7]),
    ],
)
def test_digits_are_there_once_they_are_heard(frame, bars, middles):
    shown = drawn(frame)
    np.testing.assert_allclose(shown["heard"].x, bars)
    np.testing.assert_allclose(shown["digits"].x, middles)
    assert shown["digits"].text == ("1", "5", "3")
    assert len(shown["heard"].y) == len(shown["heard"].x)


def test_the_sentence_says_what_is_likeliest_and_what_was_heard():
    p = trace().beliefs
    assert describe_telephone(trace(), 0) == (
        f"Frame 1 of 7: the blank with {p[0, 0]:.0%}. “153” was pressed; so far nothing was heard."
    )
    assert describe_telephone(trace(), 3) == (
        f"Frame 4 of 7: “5” with {p[6, 3]:.0%}. “153” was pressed; so far “15” was heard."
    )
    assert describe_telephone(trace(), 6).endswith("“153” was pressed, and “153” was heard, which is right.")
    assert describe_telephone(trace("1553"), 6).endswith("“1553” was pressed, and “153” was heard, which is wrong.")


def test_silence_is_heard_as_nothing():
    blanks = replace(trace(), path="-------", heard=("",) * 7)
    shown = {one.uid: one for one in telephone(blanks).figure.data}
    assert len(shown["heard"].x) == 0
    assert describe_telephone(blanks, 6).endswith("and nothing was heard, which is wrong.")


def test_the_colours_of_the_sound_are_explained():
    bar = {one.uid: one for one in telephone(trace()).figure.data}["sound"].colorbar
    assert list(bar.ticktext) == ["quiet", "loud"]
    assert list(bar.tickvals) == [trace().loudness.min(), trace().loudness.max()]
