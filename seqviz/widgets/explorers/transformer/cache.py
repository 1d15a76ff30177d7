"""Let a model write, and see what it computes again without a cache."""

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.transformer.decoder_only import CausalTransformer
from seqviz.plots.transformer import cache as plots
from seqviz.traces.transformer.cache import trace_cache
from seqviz.traces.transformer.records import CacheTrace
from seqviz.widgets.controls import Range, TextBox
from seqviz.widgets.explorer import Explorer, View

LONGEST = 12  # characters that can be typed


def cache(
    model: CausalTransformer, tokenizer: Tokenizer, text: str, *, length: int = 12, step: int = 0
) -> Explorer[CacheTrace]:
    """Go step by step, or point at one; type another beginning.

    where step is the one to begin with, from 0. Raises as `trace_cache`.
    """
    return Explorer(
        "What is computed again",
        lambda text: trace_cache(model, tokenizer, text, length=length),
        View(
            figure=plots.cache_figure,
            patch=plots.cache_patch,
            describe=plots.describe_cache,
            selections=lambda trace: len(trace.said),
            structure=lambda trace: (trace.tokens, trace.prompt),
            pick="yaxis",
        ),
        [TextBox("text", "Begins with", text, LONGEST)],
        Range("step", "Step", 0, length - 1, 1, step, browser=True, offset=1, play="Write on"),
    )
