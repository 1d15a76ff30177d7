"""The voice has the resonances and the pitch it is made of."""

import pytest
import torch

from seqviz.data.sequences.speech import FATHER, RATE, TREE, glide


def spectrum(part):
    """Strength at every frequency, smoothed over the harmonics of the voice."""
    size = 2048
    strength = torch.fft.rfft(part * torch.hann_window(len(part)), n=size).abs()
    kernel = torch.ones(1, 1, 41) / 41
    return torch.nn.functional.conv1d(strength[None, None], kernel, padding=20)[0, 0], RATE / size


@pytest.mark.parametrize(
    ("part", "resonances", "valley"), [(slice(400, 2400), TREE, 1100), (slice(5700, 7700), FATHER, 1750)]
)
def test_each_vowel_is_strongest_near_its_resonances(part, resonances, valley):
    strength, width = spectrum(glide()[part])
    for frequency in resonances[:2]:
        near = strength[int((frequency - 130) / width) : int((frequency + 130) / width)].max()
        away = strength[int((valley - 50) / width) : int((valley + 50) / width)].mean()
        assert near > 2 * away, frequency


def test_the_voice_repeats_itself_once_a_period():
    part = glide()[400:1600]
    part = part - part.mean()
    lags = range(40, 120)
    likeness = [float(part[lag:] @ part[:-lag]) for lag in lags]
    period = lags[likeness.index(max(likeness))]
    assert 118 <= RATE / period <= 128


def test_it_is_a_second_long_within_bounds_and_starts_softly():
    samples = glide()
    assert samples.shape == (RATE,)
    assert float(samples.abs().max()) == pytest.approx(1)
    assert samples[0] == samples[-1] == 0
    assert torch.equal(samples, glide())
    assert len(glide(0.25, 4000)) == 1000
    with pytest.raises(ValueError, match="at least one sample"):
        glide(0.0)
