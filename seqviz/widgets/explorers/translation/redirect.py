"""Set the weights of one output step by hand, and see the word change."""

from seqviz.data.translation.parallel import ParallelText
from seqviz.models.translation.attention_decoder import AttentiveTranslator
from seqviz.plots.translation import redirect as plots
from seqviz.traces.translation.records import RedirectTrace
from seqviz.traces.translation.redirect import trace_redirect
from seqviz.widgets.controls import Range, TextBox
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.strip import Caption, Strip

LONGEST = 40  # characters that can be typed


def redirect(
    model: AttentiveTranslator,
    text: ParallelText,
    source: str,
    step: int = 0,
    chosen: int = 0,
    *,
    share: float = 1.0,
    max_length: int = 11,
) -> Explorer[RedirectTrace]:
    """Take hold of a letter's bar and pull: the weight goes there, and what is said changes.

    where step and chosen are the output and the source step to begin with, from 0. Raises as `trace_redirect`.
    """

    def strip(trace: RedirectTrace) -> Strip:
        caption = Caption("The source, lit by the weights as set by hand", ("0", "1"))
        rows = (("source", 0),)
        return Strip(caption.words, trace.source, trace.weights, captions=[caption], flowing=True, rows=rows)

    return Explorer(
        "The weight set by hand",
        lambda source, output, share: trace_redirect(
            model, text, source, round(output), float(share), max_length=max_length
        ),
        View(
            figure=plots.redirect_figure,
            patch=plots.redirect_patch,
            describe=plots.describe_redirect,
            selections=lambda trace: len(trace.source),
            structure=lambda trace: (trace.source, trace.step, trace.own_weights.tobytes()),
            pick="xaxis",
            drag={"xaxis": "chosen", "yaxis": "share"},
            strip=strip,
        ),
        [
            TextBox("source", "Translate", source, LONGEST),
            Range("output", "Output step", 0, max_length - 1, 1, step, offset=1, recorded=max_length),
            Range("share", "Weight (pull a bar)", 0, 1, 0.05, share, recorded=3),
        ],
        Range("chosen", "On source", 0, len(source) - 1, 1, chosen, browser=True, offset=1),
    )
