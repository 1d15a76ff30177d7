"""A sound and a stretch of it."""

import numpy as np

from seqviz.plots.sequences.sound import describe_sound, sound_figure

RATE = 50
SAMPLES = np.random.default_rng(0).uniform(-1, 1, size=1000)
ZOOM = (2.0, 2.4)


def test_the_envelope_holds_the_sound_and_touches_it():
    lows, highs, _ = sound_figure(SAMPLES, RATE, ZOOM).data
    assert len(lows.y) == len(highs.y) == 400
    assert (min(lows.y), max(highs.y)) == (SAMPLES.min(), SAMPLES.max())
    for part, low, high in zip(np.array_split(SAMPLES, 400), lows.y, highs.y, strict=True):
        assert (low, high) == (part.min(), part.max())
    assert (lows.x[0], lows.x[-1]) == (0, 20)


def test_the_stretch_below_is_that_of_the_box_above():
    figure = sound_figure(SAMPLES, RATE, ZOOM)
    stretch = figure.data[2]
    np.testing.assert_array_equal(stretch.y, SAMPLES[100:120])
    np.testing.assert_array_equal(stretch.x, np.arange(100, 120))
    (box,) = figure.layout.shapes
    assert (box.x0, box.x1) == ZOOM


def test_a_short_sound_is_drawn_sample_by_sample():
    lows, highs, _ = sound_figure(SAMPLES[:9], RATE, (0.0, 0.1)).data
    np.testing.assert_array_equal(lows.y, SAMPLES[:9])
    np.testing.assert_array_equal(highs.y, SAMPLES[:9])


def test_the_sentence_of_a_sound_counts_samples():
    sound = np.array([0.5, -0.25, 0.125, 0.0])
    assert describe_sound(sound, 8, (0.0, 0.25)) == (
        "A sound of 0.5 s, 4 samples at 8 a second, from -0.25 to 0.50. Enlarged: the 2 samples from 0 s to 0.25 s."
    )
