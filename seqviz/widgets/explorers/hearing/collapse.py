"""Type what is said at every frame, and watch it collapse."""

from seqviz.plots.hearing import collapse as plots
from seqviz.traces.hearing.collapse import trace_collapse
from seqviz.traces.hearing.records import CollapseTrace
from seqviz.widgets.controls import Range, TextBox
from seqviz.widgets.explorer import Explorer, View

LONGEST = 30  # frames that fit a line


def collapse(path: str = "-11-55--5-33") -> Explorer[CollapseTrace]:
    """Go through the frames of a path: equal neighbours become one, then blanks are left out."""
    return Explorer(
        "A path collapses",
        trace_collapse,
        View(
            figure=plots.collapse_figure,
            patch=plots.collapse_patch,
            describe=plots.describe_collapse,
            selections=lambda trace: len(trace.path),
            structure=lambda trace: trace.path,
            pick="xaxis",
        ),
        [TextBox("path", "Path (- is the blank)", path, LONGEST)],
        Range("frame", "Frame", 0, LONGEST - 1, 1, len(path) - 1, browser=True, offset=1, play="Collapse"),
    )
