"""Press the keys of a telephone, and keep what a network hears at every frame."""

import torch
from torch import Generator
from torch.nn.functional import pad

from seqviz.data.hearing.dialled import DIALLED, KEYS, RATE, dial, digits_of, key_hertz, with_noise
from seqviz.models import expect
from seqviz.models.hearing.ctc import collapse
from seqviz.models.hearing.listener import Listener
from seqviz.models.hearing.spectrogram import kept_hertz, log_spectrogram
from seqviz.traces.hearing.collapse import SIGN
from seqviz.traces.hearing.records import TelephoneTrace
from seqviz.traces.reading import to_numpy

HELD = 800  # samples for which a key is down
QUIET = 400  # samples before the first key and after the last, beside the pause
WINDOW, HOP = 256, 200  # of the frames, in samples


@torch.no_grad()
def trace_telephone(listener: Listener, number: str, noise: float = -12.0, pause: float = 60.0) -> TelephoneTrace:
    r"""Record what a network believes at every frame of a number that is dialled evenly.

    where ``noise`` is the power of the noise in dB above that of the tones, $\sigma = 10^{\text{dB} / 20}$ for two
    sines of amplitude 1, and ``pause`` the milliseconds between two keys. Louder noise is the same noise, multiplied.

    Raises ValueError for a number without a key, for a key that a telephone lacks, for a pause below 0, and where a
    weight is not finite.
    """
    _expect_keys(number)
    if pause < 0:
        raise ValueError(f"pause: expected 0 milliseconds or more, got {pause:g}")
    expect.finite(**dict(listener.named_parameters()))
    call = dial(number, HELD, round(pause * RATE / 1000))
    samples = with_noise(pad(call.samples, (QUIET, QUIET)), -noise, Generator().manual_seed(0))
    frames = log_spectrogram(samples, RATE, WINDOW, HOP).to(listener.mean.dtype)
    log_p = listener(frames[None])[0]
    said = log_p.argmax(-1).tolist()
    middles = (torch.arange(len(frames)) * HOP + WINDOW / 2) / RATE
    return TelephoneTrace(
        number=number,
        noise=noise,
        held=(torch.tensor(call.held).double().numpy() + QUIET) / RATE,
        keys_hertz=tuple(map(key_hertz, number)),
        seconds=len(samples) / RATE,
        middles=to_numpy(middles),
        hertz=to_numpy(kept_hertz(RATE, WINDOW)),
        loudness=to_numpy(frames.T),
        beliefs=to_numpy(log_p.exp().T),
        path="".join(SIGN if label == 0 else DIALLED[label - 1] for label in said),
        heard=tuple(digits_of(collapse(said[: frame + 1])) for frame in range(len(said))),
    )


def _expect_keys(number: str) -> None:
    strange = sorted(set(number) - set(KEYS))
    if strange:
        raise ValueError(f"expected keys of a telephone, got {', '.join(map(repr, strange))}")
    if not number:
        raise ValueError("nothing to hear: press a key")
