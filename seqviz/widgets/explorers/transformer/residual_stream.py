"""Follow a decoder's running sum, part by part, on a text of one's own."""

from seqviz.data.translation.parallel import ParallelText
from seqviz.models.transformer.translator import TransformerTranslator
from seqviz.plots.transformer import residual_stream as plots
from seqviz.traces.transformer.records import ResidualStreamTrace
from seqviz.traces.transformer.residual_stream import trace_residual_stream
from seqviz.widgets.controls import Range, TextBox
from seqviz.widgets.explorer import Explorer, View

LONGEST = 40  # characters that can be typed


def residual_stream(
    model: TransformerTranslator, text: ParallelText, source: str, step: int = 0, *, max_length: int = 11
) -> Explorer[ResidualStreamTrace]:
    """Point at an output: what every part added to it, and what would be said if the sum ended there.

    where step is the output to begin with, from 0. Raises as `trace_residual_stream`.
    """
    return Explorer(
        "The running sum",
        lambda source: trace_residual_stream(model, text, source, max_length=max_length),
        View(
            figure=plots.residual_stream_figure,
            patch=plots.residual_stream_patch,
            describe=plots.describe_residual_stream,
            selections=lambda trace: len(trace.said),
            structure=lambda trace: (trace.source, trace.shares.tobytes()),
            pick="xaxis",
        ),
        [TextBox("source", "Translate", source, LONGEST)],
        Range("step", "Output step", 0, max_length - 1, 1, step, browser=True, offset=1, play="Step by step"),
    )
