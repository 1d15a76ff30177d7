"""Exchange two words, and see what the words read."""

import numpy as np

from seqviz.plots.self_attention import order as plots
from seqviz.traces.self_attention.order import SCHEMES, trace_order
from seqviz.traces.self_attention.records import OrderTrace
from seqviz.widgets.controls import Choice, Range, TextBox
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.strip import Caption, Strip

LONGEST, WORDS = 40, 8  # characters and words of a sentence


def order(
    sentence: str = "the dog bites the man", one: int = 1, other: int = 4, reader: int = 2, scheme: str = "none"
) -> Explorer[OrderTrace]:
    """Pull one word to the place of another: without positions, no word notices.

    where one and other are exchanged and reader is the place whose weights are shown, all from 0. Raises as
    `trace_order`, and for more than eight words.
    """

    def source(scheme: str, sentence: str, one: float, other: float) -> OrderTrace:
        if len(sentence.split()) > WORDS:
            raise ValueError(f"expected at most {WORDS} words, got {len(sentence.split())}")
        return trace_order(sentence, round(one), round(other), scheme)

    def strip(trace: OrderTrace) -> Strip:
        order = list(trace.order)
        levels = np.concatenate([trace.written[order], trace.now[order][:, order]], 1)
        caption = Caption("Lit by the weights of the word that reads", ("0", "1"))
        tokens = (*trace.words, *(trace.words[word] for word in order))
        rows = (("written", 0), ("now", len(order)))
        selects = (
            *np.argsort(order).tolist(),
            *range(len(order)),
        )  # a word of the written line stands for the place where it is now
        return Strip(caption.words, tokens, levels, captions=[caption], flowing=True, rows=rows, selects=selects)

    return Explorer(
        "The order of words",
        source,
        View(
            figure=plots.order_figure,
            patch=plots.order_patch,
            describe=plots.describe_order,
            selections=lambda trace: len(trace.words),
            structure=lambda trace: (trace.words, trace.order, trace.scheme),
            pick="xaxis",
            drag={"xaxis2": "other"},
            strip=strip,
        ),
        [
            Choice("scheme", "Positions", list(SCHEMES), scheme),
            TextBox("sentence", "Sentence", sentence, LONGEST),
            Range("one", "Exchange word", 0, WORDS - 1, 1, one, offset=1, recorded=3),
            Range("other", "with word", 0, WORDS - 1, 1, other, offset=1, recorded=WORDS),
        ],
        Range("reader", "Who reads (place)", 0, WORDS - 1, 1, reader, browser=True, offset=1),
    )
