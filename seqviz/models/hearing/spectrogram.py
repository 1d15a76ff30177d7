r"""Frames of a sound: how much of each frequency there is, a few dozen times a second."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from seqviz.models import expect


def log_spectrogram(
    samples: Float[Tensor, " sample"],
    rate: int,
    window: int = 256,
    hop: int = 200,
    hertz: tuple[float, float] = (500.0, 1750.0),
    floor: float = 0.01,
) -> Float[Tensor, "time frequency"]:
    r"""Return the logarithm of the size of every frequency in every frame.

    $$S_{t,k} = \log\Big(\Big|\sum_{n=0}^{N-1} w_n\, x_{tH+n}\, e^{-2\pi i k n / N}\Big| + \epsilon\Big)$$

    where x are the samples, N the window's length, H the hop from a frame to the next, both in samples, w Hann's
    window, which fades a frame in and out, and k counts the frequencies $k \cdot \text{rate} / N$ that lie in ``hertz``
    (both ends included). ε, the floor, keeps silence from being −∞. The last samples that fill no window are left out.

    Raises ValueError for less than one window of samples, a hop below 1, or a band with no frequency in it.

    Source: Allen & Rabiner 1977, "A unified approach to short-time Fourier analysis and synthesis", equation 2.1.
    """
    expect.at_least_one(hop=hop, window=window)
    if len(samples) < window:
        raise ValueError(f"samples: expected at least one window, {window}, got {len(samples)}")
    kept = _kept(rate, window, hertz)
    frames = samples.unfold(0, window, hop) * torch.hann_window(window, dtype=samples.dtype)
    return (torch.fft.rfft(frames)[:, kept].abs() + floor).log()


def kept_hertz(
    rate: int, window: int = 256, hertz: tuple[float, float] = (500.0, 1750.0)
) -> Float[Tensor, " frequency"]:
    """Return the frequencies that `log_spectrogram` keeps. Raises ValueError for a band with none in it."""
    return (torch.arange(window // 2 + 1) * rate / window)[_kept(rate, window, hertz)]


def _kept(rate: int, window: int, hertz: tuple[float, float]) -> Bool[Tensor, " frequency"]:
    of_bin = torch.arange(window // 2 + 1) * rate / window
    kept = (of_bin >= hertz[0]) & (of_bin <= hertz[1])
    if not kept.any():
        raise ValueError(f"hertz: expected a band with a multiple of {rate / window:g} Hz in it, got {hertz}")
    return kept
