"""Gradients through time, of several networks side by side."""

from collections.abc import Callable, Mapping, Sequence

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.recurrent_network import RecurrentNetwork
from seqviz.plots.gated import reach as plots
from seqviz.traces.gated.reach import trace_reach
from seqviz.traces.gated.records import ReachTrace
from seqviz.widgets.controls import Range, TextBox
from seqviz.widgets.explorer import Explorer, View

LONGEST_LINE = 140  # characters of a typed line


def reach(
    networks: Mapping[str, RecurrentNetwork],
    vocabulary: Tokenizer,
    text: str,
    step: int,
    split: Callable[[str], Sequence[str]] = str.split,
) -> Explorer[ReachTrace]:
    """Point at a step: how much of the gradient of its loss is left at each earlier one, network by network?

    where ``step`` counts from 0 and ``split`` cuts a text into what the vocabulary knows (words, or ``list`` for
    characters).
    """
    return Explorer(
        "Gradients through time, side by side",
        lambda text: trace_reach(networks, vocabulary, tuple(split(text))),
        View(
            figure=plots.reach_figure,
            patch=plots.reach_patch,
            describe=plots.describe_reach,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: trace.tokens,
            pick="xaxis",
        ),
        [TextBox("text", "Type another text", text, LONGEST_LINE)],
        Range(
            "step",
            "Loss at step t",
            minimum=0,
            maximum=len(split(text)) - 2,
            step=1,
            value=step,
            browser=True,
            offset=1,
        ),
    )
