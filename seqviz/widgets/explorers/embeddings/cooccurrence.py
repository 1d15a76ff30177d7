"""From a table of counts to vectors: let them be short, and they guess what they were not told."""

from collections.abc import Sequence

from jaxtyping import Float
from torch import Tensor

from seqviz.data.tokenizer import Tokenizer
from seqviz.plots.embeddings import cooccurrence as plots
from seqviz.traces.embeddings.cooccurrence import ENTRIES, Entries, trace_cooccurrence
from seqviz.traces.embeddings.records import CooccurrenceTrace
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View

NOTHING = "nothing"


def cooccurrence(
    X: Float[Tensor, "word context"],
    vocabulary: Tokenizer,
    rows: Sequence[str],
    columns: Sequence[str],
    hidden: Sequence[tuple[str, str]],
    sizes: Sequence[int],
    size: int,
) -> Explorer[CooccurrenceTrace]:
    """Choose how many numbers a vector has; a pair that was taken out of the counts comes back, and goes again.

    where ``sizes`` are the lengths of the slider, ``size`` is the one it opens on, and the first of the hidden pairs is
    taken out at first.
    """
    named = {f"{one} … {other}": (one, other) for one, other in hidden} | {NOTHING: None}

    def source(pair: str, entries: Entries) -> CooccurrenceTrace:
        return trace_cooccurrence(X, vocabulary, rows, columns, sizes, entries=entries, hidden=named[pair])

    return Explorer(
        "From counts to vectors",
        source,
        View(
            figure=plots.cooccurrence_figure,
            patch=plots.cooccurrence_patch,
            describe=plots.describe_cooccurrence,
            selections=lambda trace: len(trace.sizes),
            structure=lambda trace: (trace.unit, trace.hidden),
            pick="xaxis2",
        ),
        [
            Choice("pair", "Taken out of the counts", list(named), next(iter(named))),
            Choice("entries", "Entries", list(ENTRIES), "positive PMI"),
        ],
        Range(
            "size",
            "Numbers in a vector",
            minimum=0,
            maximum=len(sizes) - 1,
            step=1,
            value=list(sizes).index(size),
            browser=True,
            shown=[str(one) for one in sizes],
        ),
    )
