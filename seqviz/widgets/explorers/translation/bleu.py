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
    """Type a translation: four precisions, the brevity penalty and the score follow.

    The words that count are lit, for runs of 1, 2, 3 or 4 words; point at one, and the bars to which it adds change
    their colour. Raises ValueError for a translation without words.
    """
    told = " or ".join(f"“{reference}”" for reference in references)

    def strip(trace: BLEUTrace) -> Strip:
        captions = [Caption(f"Lit: {runs} that stand in {told}", scale=False) for runs in plots.RUNS]
        return Strip(captions[0].words, trace.tokens, trace.matched.astype(float), by="order", captions=captions)

    last = len(plots.RUNS) - 1
    return Explorer(
        "What BLEU counts",
        lambda candidate: trace_bleu(candidate, references),
        View(
            figure=plots.bleu_figure,
            patch=plots.bleu_patch,
            describe=plots.describe_bleu,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: trace.tokens,
            strip=strip,
        ),
        [
            TextBox("candidate", "The translation", candidate, LONGEST),
            Range("order", "Light", 0, last, 1, 0, browser=True, shown=plots.RUNS),
        ],
        Range("word", "Word", 0, len(candidate.split()) - 1, 1, 0, browser=True, offset=1),
    )
