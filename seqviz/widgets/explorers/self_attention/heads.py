"""All heads of all layers side by side."""

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.self_attention.attention_only import AttentionOnly
from seqviz.plots.self_attention import heads as plots
from seqviz.traces.self_attention.heads import trace_heads
from seqviz.traces.self_attention.records import HeadsTrace
from seqviz.widgets.controls import Range, TextBox
from seqviz.widgets.explorer import Explorer, View

LONGEST = 80  # characters that can be typed


def heads(
    model: AttentionOnly, tokenizer: Tokenizer, text: str, word: int = 0, head: int = 0
) -> Explorer[tuple[HeadsTrace, int]]:
    """Point at a head and it comes into focus, click and it stays; click on a row of its map, and that word asks.

    where word and head are those to begin with, from 0, all heads of all layers counted through.
    """
    tokens = tokenizer.split(text)
    names = trace_heads(model, tokenizer, text).names

    def source(text: str, word: float) -> tuple[HeadsTrace, int]:
        trace = trace_heads(model, tokenizer, text)
        return trace, min(round(word), len(trace.tokens) - 1)

    return Explorer(
        "Heads side by side",
        source,
        View(
            figure=lambda shown: plots.heads_figure(shown[0]),
            patch=lambda shown, head: plots.heads_patch(*shown, head),
            describe=lambda shown, head: plots.describe_heads(*shown, head),
            selections=lambda shown: len(shown[0].names),
            structure=lambda shown: shown[0].tokens,
            pick="yaxis",
            press={"yaxis2": "word"},
        ),
        [
            TextBox("text", "Sentence", text, LONGEST),
            Range("word", "Word that asks", 0, len(tokens) - 1, 1, word, offset=1, recorded=len(tokens)),
        ],
        Range("head", "Head in focus", 0, len(names) - 1, 1, head, browser=True, shown=names),
    )
