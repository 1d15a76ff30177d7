"""A beam search grows, step by step."""

from seqviz.data.tokenizer import Tokenizer
from seqviz.plots.translation import beam as plots
from seqviz.plots.translation.beam import Tree
from seqviz.traces.translation.beam import Translator, trace_beam
from seqviz.widgets.controls import Range, TextBox
from seqviz.widgets.explorer import Explorer, View


def beam(
    translator: Translator, target: Tokenizer, source: str, *, width: int = 2, max_length: int = 14
) -> Explorer[Tree]:
    """Let a beam grow over the output: what each step keeps, what it cuts off, and what wins at the end.

    where translator makes of a source text a decode step and its first state, and target is the outputs' tokenizer.
    """

    def tree(source: str, width: float, alpha: float) -> Tree:
        return plots.laid_out(
            trace_beam(translator, target, source, width=round(width), max_length=max_length, alpha=float(alpha))
        )

    return Explorer(
        "A beam and what it cuts off",
        tree,
        View(
            figure=plots.beam_figure,
            patch=plots.beam_patch,
            describe=plots.describe_beam,
            selections=lambda tree: len(tree.trace.steps),
            structure=lambda tree: (tree.trace.source, tree.trace.steps),
            pick="yaxis",
        ),
        [
            TextBox("source", "Translate", source),
            Range("width", "Width", minimum=1, maximum=4, step=1, value=width, recorded=4),
            Range("alpha", "Length counts α", minimum=0, maximum=1.5, step=0.5, value=0, recorded=4),
        ],
        Range(
            "step",
            "After step",
            minimum=0,
            maximum=max_length - 1,
            step=1,
            value=max_length - 1,
            browser=True,
            offset=1,
            play="Let it grow",
        ),
    )
