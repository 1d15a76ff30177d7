"""Sounds and series: what is drawn is what was measured."""

import numpy as np

from seqviz.plots.signals import describe_series, describe_sound, plot_series, plot_sound

RATE = 50
SAMPLES = np.random.default_rng(0).uniform(-1, 1, size=1000)
ZOOM = (2.0, 2.4)


def test_the_envelope_holds_the_sound_and_touches_it():
    lows, highs, _ = plot_sound(SAMPLES, RATE, ZOOM).data
    assert len(lows.y) == len(highs.y) == 400
    assert (min(lows.y), max(highs.y)) == (SAMPLES.min(), SAMPLES.max())
    for part, low, high in zip(np.array_split(SAMPLES, 400), lows.y, highs.y, strict=True):
        assert (low, high) == (part.min(), part.max())
    assert (lows.x[0], lows.x[-1]) == (0, 20)


def test_the_stretch_below_is_that_of_the_box_above():
    figure = plot_sound(SAMPLES, RATE, ZOOM)
    stretch = figure.data[2]
    np.testing.assert_array_equal(stretch.y, SAMPLES[100:120])
    np.testing.assert_array_equal(stretch.x, np.arange(100, 120))
    (box,) = figure.layout.shapes
    assert (box.x0, box.x1) == ZOOM


def test_a_short_sound_is_drawn_sample_by_sample():
    lows, highs, _ = plot_sound(SAMPLES[:9], RATE, (0.0, 0.1)).data
    np.testing.assert_array_equal(lows.y, SAMPLES[:9])
    np.testing.assert_array_equal(highs.y, SAMPLES[:9])


def test_the_sentence_of_a_sound_counts_samples():
    sound = np.array([0.5, -0.25, 0.125, 0.0])
    assert describe_sound(sound, 8, (0.0, 0.25)) == (
        "A sound of 0.5 s, 4 samples at 8 a second, from -0.25 to 0.50. Enlarged: the 2 samples from 0 s to 0.25 s."
    )


SERIES = {"up": [1.0, 2.5, 2.0], "down": [3.0, 0.5, 1.0]}
TIMES = ("Mon", "Tue", "Wed")


def test_every_series_is_a_line_of_its_own_kind():
    figure = plot_series(SERIES, TIMES, "price")
    for line, (name, values) in zip(figure.data, SERIES.items(), strict=True):
        assert (line.name, list(line.x), list(line.y)) == (name, list(TIMES), values)
    assert len({line.line.dash for line in figure.data}) == 2, "not by colour alone"
    assert figure.layout.yaxis.title.text == "price"
    assert figure.layout.showlegend
    assert not plot_series({"up": SERIES["up"]}, TIMES, "price").layout.showlegend


def test_the_sentence_of_series_names_ends_and_extremes():
    assert describe_series(SERIES, TIMES) == (
        "up: from 1 (Mon) to 2 (Wed), lowest 1 (Mon), highest 2.5 (Tue). "
        "down: from 3 (Mon) to 1 (Wed), lowest 0.5 (Tue), highest 3 (Mon)."
    )
