"""What is dialled is what is heard: tones where keys are down, the same noise louder, keys that are none refused."""

import numpy as np
import pytest
import torch

from seqviz.data.hearing.dialled import key_hertz
from seqviz.models.hearing.ctc import collapse
from seqviz.models.hearing.listener import Listener
from seqviz.traces.hearing.telephone import trace_telephone


@pytest.fixture
def listener():
    torch.manual_seed(0)
    return Listener(41, 3, 11)


def test_the_two_loudest_frequencies_of_a_key_are_its_own(listener):
    trace = trace_telephone(listener, "19*", noise=-60.0, pause=100.0)
    assert trace.loudness.shape == (len(trace.hertz), len(trace.middles))
    for key, hertz, (down, up) in zip(trace.number, trace.keys_hertz, trace.held, strict=True):
        assert hertz == key_hertz(key)
        assert up - down == pytest.approx(0.1)
        frame = np.abs(trace.middles - (down + up) / 2).argmin()
        column = trace.loudness[:, frame]
        peaks = [k for k in range(1, 40) if column[k] > max(column[k - 1], column[k + 1])]
        loudest = sorted(trace.hertz[sorted(peaks, key=lambda k: -column[k])[:2]])
        np.testing.assert_allclose(loudest, hertz, atol=8000 / 256 / 2)
        between = np.abs(trace.middles - (down - 0.05)).argmin()
        assert trace.loudness[:, between].max() < column.max() - 2, "a frame before the key is quiet"


def test_a_pause_lies_between_two_keys_and_the_sound_is_longer_for_it(listener):
    short, long = (trace_telephone(listener, "55", pause=pause) for pause in (10.0, 100.0))
    for trace, pause in ((short, 0.01), (long, 0.1)):
        assert trace.held[1, 0] - trace.held[0, 1] == pytest.approx(pause)
        assert trace.held[-1, 1] < trace.seconds
    assert len(long.middles) > len(short.middles)


def test_louder_noise_is_the_same_noise(listener, monkeypatch):
    heard = []

    def keep(samples, *window):
        heard.append(samples)
        return torch.zeros(5, 41)

    monkeypatch.setattr("seqviz.traces.hearing.telephone.log_spectrogram", keep)
    for noise in (-300.0, 0.0, 20.0):
        trace_telephone(listener, "7", noise)
    silent, plain, louder = heard
    torch.testing.assert_close(louder - silent, 10 * (plain - silent), rtol=1e-3, atol=1e-3)
    assert (plain - silent).std().item() == pytest.approx(1, abs=0.05)


def test_the_path_is_the_likeliest_label_and_collapses_as_ever(listener):
    trace = trace_telephone(listener, "1553", noise=3.0)
    np.testing.assert_allclose(trace.beliefs.sum(0), 1, atol=1e-6)
    labels = trace.beliefs.argmax(0)
    assert trace.path == "".join("-0123456789"[label] for label in labels)
    for frame in range(len(labels)):
        wanted = "".join(str(label - 1) for label in collapse(labels[: frame + 1].tolist()))
        assert trace.heard[frame] == wanted


def test_the_beliefs_are_those_of_the_listener(listener):
    trace = trace_telephone(listener, "42")
    with torch.no_grad():
        log_p = listener(torch.tensor(trace.loudness.T[None]).float())[0]
    np.testing.assert_allclose(trace.beliefs, log_p.exp().T.numpy(), atol=1e-6)


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"number": ""}, "nothing to hear: press a key"),
        ({"number": "1x"}, "expected keys of a telephone, got 'x'"),
        ({"number": "1", "pause": -1.0}, "pause: expected 0 milliseconds or more"),
    ],
)
def test_what_cannot_be_dialled_is_refused(listener, asked, message):
    with pytest.raises(ValueError, match=message):
        trace_telephone(listener, **asked)


def test_weights_that_are_not_finite_are_refused(listener):
    with torch.no_grad():
        next(listener.parameters())[0] = torch.nan
    with pytest.raises(ValueError, match="expected finite numbers"):
        trace_telephone(listener, "1")
