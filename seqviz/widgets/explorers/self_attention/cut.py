"""Cut the edge between two words, and see whether the answer needed it."""

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.self_attention.attention_only import AttentionOnly
from seqviz.plots.self_attention import cut as plots
from seqviz.traces.self_attention.cut import ALONE, EVERYBODY, trace_cut
from seqviz.traces.self_attention.records import CutTrace
from seqviz.widgets.controls import Choice, Range, TextBox
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.strip import Caption, Strip

LONGEST = 80  # characters that can be typed
ALL = "all layers"


def cut(
    model: AttentionOnly, tokenizer: Tokenizer, text: str, asked: int, word: int = 0, whose: str = ALONE
) -> Explorer[CutTrace]:
    """Point at a word: no word, or the asked word alone, may look at it any more, and the answer changes or stays.

    where asked is the word that answers and word the one that is cut off at first, both from 0; whose says for whom,
    see `trace_cut`.
    """
    choices = [ALL, *(f"layer {layer + 1}" for layer in range(len(model.layers)))]

    def source(text: str, layers: str, whose: str) -> CutTrace:
        chosen = () if layers == ALL else (choices.index(layers) - 1,)
        return trace_cut(model, tokenizer, text, asked, chosen, whose)

    def strip(trace: CutTrace) -> Strip:
        caption = Caption(f"Lit by the weights of “{trace.tokens[trace.asked]}”; what is cut off is blank", ("0", "1"))
        return Strip(caption.words, trace.tokens, plots.cut_levels(trace), captions=[caption], flowing=True)

    return Explorer(
        "An edge is cut",
        source,
        View(
            figure=plots.cut_figure,
            patch=plots.cut_patch,
            describe=plots.describe_cut,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: (trace.tokens, trace.outputs, trace.own.tobytes()),
            strip=strip,
        ),
        [
            TextBox("text", "Sentence", text, LONGEST),
            Choice("layers", "Cut in", choices, ALL),
            Choice("whose", "May not look there", [ALONE, EVERYBODY], whose),
        ],
        Range("word", "Cut off word", 0, len(tokenizer.split(text)) - 1, 1, word, browser=True, offset=1),
    )
