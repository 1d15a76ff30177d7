"""Hide any word of a text, and see what is expected in its place."""

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.transformer.bert import BERT
from seqviz.plots.transformer import hidden_word as plots
from seqviz.traces.transformer.hidden_word import packed_text, trace_hidden_word
from seqviz.traces.transformer.records import HiddenWordTrace
from seqviz.widgets.controls import Range, TextBox
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.strip import Caption, Strip

LONGEST = 120  # characters that can be typed


def hidden_word(model: BERT, tokenizer: Tokenizer, text: str, hidden: int = 1) -> Explorer[HiddenWordTrace]:
    """Point at a word: it is hidden, and what the model expects there is shown.

    where two sentences have a stroke between them, and hidden is the place to begin with, from 0; <cls> is 0.
    """

    def strip(trace: HiddenWordTrace) -> Strip:
        caption = Caption("Lit by the weights of the gap, which is blank", ("0", "1"))
        return Strip(caption.words, trace.tokens, plots.hidden_word_levels(trace), captions=[caption], flowing=True)

    return Explorer(
        "A word is hidden",
        lambda text: trace_hidden_word(model, tokenizer, text),
        View(
            figure=plots.hidden_word_figure,
            patch=plots.hidden_word_patch,
            describe=plots.describe_hidden_word,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: (trace.tokens, trace.outputs),
            strip=strip,
        ),
        [TextBox("text", "One sentence, or two with / between them", text, LONGEST)],
        Range(
            "hidden", "Hidden word", 0, len(packed_text(tokenizer, text).tokens) - 1, 1, hidden, browser=True, offset=1
        ),
    )
