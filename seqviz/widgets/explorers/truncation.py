"""A sequence cut into chunks: what of its gradient is left?"""

from seqviz.data.alphabet import Alphabet
from seqviz.models import RNN
from seqviz.plots import truncation
from seqviz.traces.records import TruncationTrace
from seqviz.traces.truncation import trace_truncation
from seqviz.widgets.controls import Range
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.explorers.parts import text_box


def chunks(model: RNN, alphabet: Alphabet, text: str, chunk: int = 5) -> Explorer[TruncationTrace]:
    """Change the length of a chunk: which pairs of a loss and an earlier step are cut off, and what is missing?"""
    return Explorer(
        "Chunks and what they cut off",
        lambda text: trace_truncation(model, alphabet, text),
        View(
            figure=truncation.truncation_figure,
            patch=truncation.truncation_patch,
            describe=truncation.describe_truncation,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: (trace.tokens, trace.norms.tobytes()),  # the model may have learnt meanwhile
        ),
        [text_box(text, alphabet)],
        Range("chunk", "Steps in a chunk, K", 0, len(text) - 2, 1, min(chunk, len(text) - 1) - 1, True, offset=1),
    )
