"""Frames are Fourier transforms of windows, cut to a band."""

import math

import pytest
import torch

from seqviz.models.hearing.spectrogram import log_spectrogram


def test_it_is_the_sum_of_the_equation():
    x = torch.randn(90, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    window, hop, rate = 16, 7, 100
    found = log_spectrogram(x, rate, window, hop, hertz=(12.5, 31.25), floor=0.02)
    kept = [2, 3, 4, 5]  # times 100 / 16 Hz, both ends included
    assert found.shape == ((90 - 16) // 7 + 1, 4)
    for t in range(len(found)):
        for place, k in enumerate(kept):
            total = sum(
                (0.5 - 0.5 * math.cos(2 * math.pi * n / window))
                * x[t * hop + n].item()
                * complex(math.cos(2 * math.pi * k * n / window), -math.sin(2 * math.pi * k * n / window))
                for n in range(window)
            )
            assert found[t, place].item() == pytest.approx(math.log(abs(total) + 0.02), abs=1e-10)


def test_torch_has_the_same_frames():
    x = torch.randn(2000, generator=torch.Generator().manual_seed(1))
    theirs = torch.stft(x, 256, 200, window=torch.hann_window(256), center=False, return_complex=True).abs()
    torch.testing.assert_close(log_spectrogram(x, 8000), (theirs[16:57] + 0.01).log().T, rtol=0, atol=1e-4)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"window": 91}, "at least one window, 91, got 90"),
        ({"hop": 0}, "hop: expected at least 1"),
        ({"hertz": (0.1, 0.2)}, "a band with a multiple of"),
    ],
)
def test_what_cannot_be_computed_is_said(asked, message):
    with pytest.raises(ValueError, match=message):
        log_spectrogram(torch.zeros(90), 100, **({"window": 16} | asked))
