"""Press the keys of a telephone, and see what a network hears."""

from collections.abc import Sequence

from seqviz.data.hearing.dialled import RATE
from seqviz.models.hearing.listener import Listener
from seqviz.plots.hearing import telephone as plots
from seqviz.plots.theme import number as written
from seqviz.traces.hearing.records import TelephoneTrace
from seqviz.traces.hearing.telephone import trace_telephone
from seqviz.widgets.controls import Keypad, Range
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.sound import Sound, Tone

QUIETEST, LOUDEST = -20, 16  # dB of the noise above the tones


def telephone(listener: Listener, numbers: Sequence[str] = ("1553",)) -> Explorer[TelephoneTrace]:
    """Dial in noise, hear it, and go through what the listener believes at every frame.

    where ``numbers`` can be dialled at one press, the first is there when it opens.
    """

    def source(number: str, noise: float, pause: float) -> TelephoneTrace:
        return trace_telephone(listener, number, float(noise), float(pause))

    keypad = Keypad("number", "Press keys", numbers)
    noise = Range("noise", "Noise above the tones, dB", QUIETEST, LOUDEST, 1, -8, recorded=4)
    pause = Range("pause", "Pause between keys, ms", 10, 130, 10, 70, recorded=3)
    last = len(source(keypad.value, noise.value, pause.value).path) - 1
    return Explorer(
        "A telephone and who listens",
        source,
        View(
            figure=plots.telephone_figure,
            patch=plots.telephone_patch,
            describe=plots.describe_telephone,
            selections=lambda trace: len(trace.path),
            structure=lambda trace: (trace.number, trace.noise, trace.held.tobytes()),
            pick="xaxis",
            sound=sound_of,
        ),
        [keypad, noise, pause],
        Range("frame", "Frame", 0, last, 1, last, browser=True, offset=1, play="Go through"),
    )


def sound_of(trace: TelephoneTrace) -> Sound:
    """Return what the page plays: the tones of the keys that were pressed, in noise of the same strength."""
    tones = [Tone(start, end, hertz) for (start, end), hertz in zip(trace.held.tolist(), trace.keys_hertz, strict=True)]
    if trace.noise:
        strength = f"{written(abs(trace.noise), 'g')} dB {'above' if trace.noise > 0 else 'below'} the tones"
    else:
        strength = "as strong as the tones"
    return Sound(
        words=f"“{trace.number}” as it is dialled here, {trace.seconds:.1f} s, with noise {strength}.",
        seconds=trace.seconds,
        rate=RATE,
        tones=tones,
        noise=10 ** (trace.noise / 20),
    )
