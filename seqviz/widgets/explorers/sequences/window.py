"""A window of weights that slides along a sequence."""

from collections.abc import Mapping

from jaxtyping import Float
from torch import Tensor

from seqviz.plots.sequences import window as plots
from seqviz.traces.sequences.records import WindowTrace
from seqviz.traces.sequences.window import trace_window
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View


def window(windows: Mapping[str, Float[Tensor, " width"]], x: Float[Tensor, " time"]) -> Explorer[WindowTrace]:
    """Slide one of several windows along the sequence x and watch the sum it makes at each place.

    Raises ValueError when the windows differ in width or the sequence is shorter.
    """
    widths = {len(weights) for weights in windows.values()}
    if len(widths) != 1:
        raise ValueError(f"windows: expected one width for all, got {sorted(widths)}")
    first, places = next(iter(windows)), len(x) - widths.pop() + 1
    return Explorer(
        "Slide a window",
        lambda window: trace_window(windows[window], x),
        View(
            figure=plots.window_figure,
            patch=plots.window_patch,
            describe=plots.describe_window,
            selections=lambda trace: len(trace.outputs),
            structure=lambda trace: trace.weights.tobytes(),
            pick="xaxis",
        ),
        [Choice("window", "Window", list(windows), first)],
        Range("place", "Starts at step", minimum=0, maximum=places - 1, step=1, value=0, browser=True, offset=1),
    )
