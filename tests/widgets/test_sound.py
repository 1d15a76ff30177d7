"""A sound is plain data for the browser, and its tones lie inside it."""

import json

import pytest

from seqviz.widgets.sound import Sound, Tone


def test_a_sound_is_plain_data():
    data = Sound("“1”", 0.5, 8000, [Tone(0.1, 0.2, (697, 1209))], noise=0.25).as_data()
    assert json.loads(json.dumps(data)) == {
        "words": "“1”",
        "seconds": 0.5,
        "rate": 8000,
        "tones": [{"start": 0.1, "end": 0.2, "hertz": [697, 1209]}],
        "noise": 0.25,
    }


@pytest.mark.parametrize(("start", "end"), [(-0.1, 0.2), (0.1, 0.6), (0.3, 0.2)])
def test_a_tone_outside_the_sound_is_refused(start, end):
    with pytest.raises(ValueError, match=f"expected tones from 0 to 0.5 seconds, got {start:g} to {end:g}"):
        Sound("", 0.5, 8000, [Tone(start, end, (697,))])
