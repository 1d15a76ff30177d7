"""Where a translator with attention looks, step by step, beside the alignment that is known."""

from collections.abc import Mapping

from jaxtyping import Bool
from torch import Tensor

from seqviz.data.translation.parallel import ParallelText
from seqviz.models.translation.attention_decoder import AttentiveTranslator
from seqviz.plots.translation import alignment as plots
from seqviz.traces.translation.alignment import trace_alignment
from seqviz.traces.translation.records import AlignmentTrace
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.strip import Caption, Strip

Known = tuple[str, Bool[Tensor, "output source"] | None]  # the right output, and which source steps say its steps


def alignment(
    model: AttentiveTranslator, text: ParallelText, sources: Mapping[str, Known], *, max_length: int = 11
) -> Explorer[AlignmentTrace]:
    """Point at an output and see which source steps it looks at, at a source step and see which outputs look at it.

    where text has the tokenizers, and sources the texts to choose from, each with its right output and known alignment.
    """

    def source_of(source: str) -> AlignmentTrace:
        right, known = sources[source]
        return trace_alignment(model, text, source, known, right, max_length=max_length)

    def strip(trace: AlignmentTrace) -> Strip:
        words = "Point at an output to see where it looks, at the source to see which outputs look there"
        rows = (("output", 0), ("source", len(trace.said)))
        tokens = tuple("end" if token == "<eos>" else token for token in trace.said) + trace.source
        return Strip(
            words, tokens, plots.alignment_levels(trace), captions=[Caption(words, ("0", "1"))], flowing=True, rows=rows
        )

    most = max(map(len, sources)) + max_length
    return Explorer(
        "Where it looks",
        source_of,
        View(
            figure=plots.alignment_figure,
            patch=plots.alignment_patch,
            describe=plots.describe_alignment,
            selections=lambda trace: len(trace.said) + len(trace.source),
            structure=lambda trace: (trace.source, trace.said, trace.weights.tobytes()),
            pick="xaxis",
            strip=strip,
        ),
        [Choice("source", "Translate", list(sources), next(iter(sources)))],
        Range(
            "step",
            "Outputs, then source",
            0,
            most - 1,
            1,
            0,
            browser=True,
            offset=1,
            play="Step through outputs, then source",
        ),
    )
