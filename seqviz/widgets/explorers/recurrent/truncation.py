"""A sequence cut into chunks: what of its gradient is left?"""

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.recurrent.rnn import RNN
from seqviz.plots.recurrent import truncation as plots
from seqviz.traces.recurrent.records import TruncationTrace
from seqviz.traces.recurrent.truncation import trace_truncation
from seqviz.widgets.controls import Range
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.explorers.parts import text_box
from seqviz.widgets.strip import Caption, Strip


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
            structure=lambda trace: (trace.tokens, trace.norms.tobytes()),  # the model may have been trained meanwhile
            strip=_strip,
        ),
        [text_box(text, alphabet)],
        Range(
            "chunk",
            "Steps in a chunk, K",
            minimum=0,
            maximum=len(text) - 2,
            step=1,
            value=min(chunk, len(text) - 1) - 1,
            browser=True,
            offset=1,
            play="Lengthen the chunks",
        ),
    )


def _strip(trace: TruncationTrace) -> Strip:
    caption = Caption("The text, cut where the colour changes; click where the first chunk is to end", scale=False)
    levels = plots.chunk_levels(len(trace.tokens))
    return Strip(caption.words, trace.tokens, levels, flowing=True, captions=(caption,))
