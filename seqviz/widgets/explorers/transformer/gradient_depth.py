"""Stack more layers, and see what the place of the norm does to the gradients before the first update."""

from seqviz.data.translation.parallel import ParallelText
from seqviz.plots.transformer import gradient_depth as plots
from seqviz.traces.transformer.gradient_depth import trace_gradient_depth
from seqviz.traces.transformer.records import GradientDepthTrace
from seqviz.widgets.controls import Range
from seqviz.widgets.explorer import Explorer, View

MOST = 12  # layers


def gradient_depth(
    text: ParallelText, layers: int = 6, *, rows: int = 8, seeds: int = 3
) -> Explorer[GradientDepthTrace]:
    """Move the number of layers; point at one of them. Raises as `trace_gradient_depth`."""
    return Explorer(
        "Gradients before the first update",
        lambda layers: trace_gradient_depth(text, round(layers), rows=rows, seeds=seeds),
        View(
            figure=plots.gradient_depth_figure,
            patch=plots.gradient_depth_patch,
            describe=plots.describe_gradient_depth,
            selections=lambda trace: trace.norms.shape[-1],
            structure=lambda trace: trace.norms.tobytes(),
            pick="xaxis",
        ),
        [Range("layers", "Layers", 1, MOST, 1, layers, recorded=MOST)],
        Range("layer", "Layer (point at one)", 0, MOST - 1, 1, 0, browser=True, offset=1),
    )
