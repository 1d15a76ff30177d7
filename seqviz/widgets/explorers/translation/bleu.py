"""Edit a translation and watch BLEU's parts."""

from collections.abc import Sequence

from seqviz.plots.translation import bleu as plots
from seqviz.traces.translation.bleu import trace_bleu
from seqviz.traces.translation.records import BLEUTrace
from seqviz.widgets.controls import Range, TextBox
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.strip import Strip


def bleu(candidate: str, references: Sequence[str]) -> Explorer[BLEUTrace]:
    """Type a translation: four precisions, the brevity penalty and the score follow, and the words that count light up.

    Raises ValueError for a translation without words.
    """

    def strip(trace: BLEUTrace) -> Strip:
        return Strip("Lit: words that stand in a run that counts", trace.tokens, trace.matched.astype(float))

    return Explorer(
        "What BLEU counts",
        lambda candidate: trace_bleu(candidate, references),
        View(
            figure=plots.bleu_figure,
            patch=plots.bleu_patch,
            describe=plots.describe_bleu,
            selections=lambda _: len(plots.RUNS),
            structure=lambda _: None,
            strip=strip,
        ),
        [TextBox("candidate", "The translation", candidate)],
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
