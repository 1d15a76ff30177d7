"""A source grows, and the state between encoder and decoder has to hold it."""

from collections.abc import Callable, Mapping

import numpy as np

from seqviz.data.tokenizer import Tokenizer
from seqviz.plots.translation import bottleneck as plots
from seqviz.traces.translation.beam import Translator
from seqviz.traces.translation.bottleneck import trace_bottleneck
from seqviz.traces.translation.records import BottleneckTrace
from seqviz.widgets.controls import Range, TextBox
from seqviz.widgets.explorer import Explorer, Reveal, View
from seqviz.widgets.strip import Caption, Strip


def bottleneck(
    translators: Mapping[str, Translator],
    target: Tokenizer,
    source: str,
    right: Callable[[str], str],
    *,
    longest: int = 6,
) -> Explorer[BottleneckTrace]:
    """Read on (▶) and see for how long the right translation stays probable; type another source.

    where ``right`` gives the right translation of every beginning of a source, and ``longest`` is how many characters
    can be typed. Raises as `trace_bottleneck`.
    """

    def strip(trace: BottleneckTrace) -> Strip:
        read = np.tril(np.ones((len(trace.tokens), len(trace.tokens))))
        caption = Caption("Lit: what the encoder has read", scale=False)
        return Strip(caption.words, trace.tokens, read, captions=[caption])

    last = len(source) - 1
    return Explorer(
        "One state for all that was read",
        lambda source: trace_bottleneck(translators, target, source, right),
        View(
            figure=plots.bottleneck_figure,
            patch=plots.bottleneck_patch,
            describe=plots.describe_bottleneck,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: (trace.tokens, trace.probabilities.tobytes()),
            pick="xaxis",
            reveal=Reveal("step", {f"curve-{index}.y": 1 for index in range(len(translators))}),
            strip=strip,
        ),
        [TextBox("source", "Translate", source, longest)],
        Range(
            "step",
            "Digit" if source.isdigit() else "Character",
            0,
            last,
            1,
            last,
            browser=True,
            offset=1,
            play="Read on",
        ),
    )
