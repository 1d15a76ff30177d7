"""A sequence cut into chunks: what of its gradient is left?"""

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.recurrent.rnn import RNN
from seqviz.plots.recurrent import truncation as plots
from seqviz.traces.recurrent.records import TruncationTrace
from seqviz.traces.recurrent.truncation import trace_truncation
from seqviz.widgets.controls import Range
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.explorers.parts import text_box


def truncation(model: RNN, alphabet: Tokenizer, text: str, chunk: int = 5) -> Explorer[TruncationTrace]:
    """Change the length of a chunk: which pairs of a loss and an earlier step are cut off, and what is missing?"""
    return Explorer(
        "Chunks and what they cut off",
        lambda text: trace_truncation(model, alphabet, text),
        View(
            figure=plots.truncation_figure,
            patch=plots.truncation_patch,
            describe=plots.describe_truncation,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: (trace.tokens, trace.norms.tobytes()),  # the model may have learnt meanwhile
        ),
        [text_box(text, alphabet)],
        Range("chunk", "Steps in a chunk, K", 0, len(text) - 2, 1, min(chunk, len(text) - 1) - 1, True, offset=1),
    )
