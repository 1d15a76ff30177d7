"""The melody and its sound."""

import torch

from seqviz.data.sequences.melody import ODE_TO_JOY, Note, note_name, tones


def test_two_lines_of_four_bars_of_four_beats():
    assert sum(note.beats for note in ODE_TO_JOY) == 32
    assert [note_name(note.pitch) for note in ODE_TO_JOY[:5]] == ["E4", "E4", "F4", "G4", "G4"]
    assert note_name(ODE_TO_JOY[-1].pitch) == "C4"
    assert note_name(69) == "A4"
    assert note_name(70) == "A♯4"


def test_a_tone_has_the_frequency_of_its_pitch_and_lasts_as_long_as_it_should():
    samples = tones((Note(69, 2), Note(81, 1)), beats_per_minute=60.0)
    assert len(samples) == 24_000
    for part, frequency in ((samples[:8000], 440), (samples[16_000:], 880)):
        assert int(torch.fft.rfft(part).abs().argmax()) == frequency  # one second: a hertz a place
    assert float(samples.abs().max()) <= 1
