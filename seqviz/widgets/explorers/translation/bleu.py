"""Edit a translation and watch BLEU's parts."""

from collections.abc import Sequence

from seqviz.plots.translation import bleu as plots
from seqviz.traces.translation.bleu import trace_bleu
from seqviz.traces.translation.records import BLEUTrace
from seqviz.widgets.controls import Range, TextBox
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.strip import Caption, Strip

LONGEST = 120  # characters that can be typed


def bleu(candidate: str, references: Sequence[str]) -> Explorer[BLEUTrace]:
    """Type a translation: four precisions, the brevity penalty and the score follow, and the words that count light up.

    Raises ValueError for a translation without words.
    """

    told = " or ".join(f"“{reference}”" for reference in references)

    def strip(trace: BLEUTrace) -> Strip:
        caption = Caption(f"Lit: what counts beside {told}", scale=False)
        return Strip(caption.words, trace.tokens, trace.matched.astype(float), captions=[caption])

    return Explorer(
        "What BLEU counts",
        lambda candidate: trace_bleu(candidate, references),
        View(
            figure=plots.bleu_figure,
            patch=plots.bleu_patch,
            describe=plots.describe_bleu,
            selections=lambda _: len(plots.RUNS),
            structure=lambda trace: trace.tokens,
            strip=strip,
        ),
        [TextBox("candidate", "The translation", candidate, LONGEST)],
        Range(
            "order",
            "Count",
            minimum=0,
            maximum=len(plots.RUNS) - 1,
            step=1,
            value=0,
            browser=True,
            shown=plots.RUNS,
        ),
    )
