"""What each direction knows at each step."""

from collections.abc import Callable, Mapping, Sequence

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.stacked.tagger import Tagger
from seqviz.plots.stacked import directions as plots
from seqviz.traces.stacked.directions import trace_directions
from seqviz.traces.stacked.records import DirectionsTrace
from seqviz.widgets.controls import Range, TextBox
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.strip import Strip

LONGEST_LINE = 80  # characters of a typed line


def directions(
    taggers: Mapping[str, Tagger],
    vocabulary: Tokenizer,
    tags: Sequence[str],
    text: str,
    split: Callable[[str], Sequence[str]] = str.split,
    step: int = 0,
) -> Explorer[DirectionsTrace]:
    """Point at a step: what does each tagger believe there? Type another text and watch them disagree.

    where the first tag says that there is nothing, ``split`` cuts a text into what the vocabulary knows (words, or
    ``list`` for characters), and the strip above takes the colours of the last tagger.
    """

    def source(text: str) -> DirectionsTrace:
        return trace_directions(taggers, vocabulary, tags, split(text))

    return Explorer(
        "What each direction knows",
        source,
        View(
            figure=plots.directions_figure,
            patch=plots.directions_patch,
            describe=plots.describe_directions,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: (trace.tokens, trace.probabilities.tobytes()),
            pick="xaxis",
            strip=lambda trace: Strip(
                f"What it reads, lighter where “{trace.readers[-1]}” sees something",
                trace.tokens,
                plots.directions_levels(trace, len(trace.readers) - 1),
            ),
        ),
        [TextBox("text", "Type another text", text, LONGEST_LINE)],
        Range("step", "Step t", minimum=0, maximum=len(split(text)) - 1, step=1, value=step, browser=True, offset=1),
    )
