"""How probable the right translation is while the source grows, for several translators."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, DASHES, add_mark, new_figure
from seqviz.traces.translation.records import BottleneckTrace


def bottleneck_figure(trace: BottleneckTrace) -> go.Figure:
    """Draw a curve for each translator over what has been read, and a mark without its place."""
    last = len(trace.tokens)
    figure = new_figure(
        320,
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        margin={"l": 56, "r": 8, "t": 40, "b": 48},
    )
    figure.update_xaxes(
        title="read so far",
        range=[0.6, last + 0.4],
        tickvals=list(range(1, last + 1)),
        ticktext=[f"…{token}" if step else token for step, token in enumerate(trace.tokens)],
        tickangle=0,
    )
    figure.update_yaxes(title="P(right translation)", range=[-0.03, 1.05], tickformat=".0%")
    for index, name in enumerate(trace.names):
        figure.add_scatter(
            uid=f"curve-{index}",
            x=np.arange(1, last + 1),
            y=trace.probabilities[index],
            mode="lines+markers",
            name=name,
            line={"color": CATEGORICAL[index], "dash": DASHES[index % len(DASHES)], "width": 2},
            hovertemplate=f"{name}: %{{y:.0%}}<extra></extra>",
        )
    add_mark(figure, (-0.03, 1.05))
    return figure


def bottleneck_patch(_trace: BottleneckTrace, step: int) -> Patch:
    """What follows the step (from 0): the mark."""
    return {"mark.x": [step + 1, step + 1]}


def describe_bottleneck(trace: BottleneckTrace, step: int) -> str:
    """Say what should be said of what was read up to a step (from 0), and what each translator says."""
    told = [f"“{''.join(trace.tokens[: step + 1])}” is “{trace.right[step]}”."]
    for name, said, probabilities in zip(trace.names, trace.said, trace.probabilities, strict=True):
        verdict = "says so" if said[step] == trace.right[step] else f"says “{said[step]}”"
        told.append(f"{name} {verdict}; the right one has a probability of {probabilities[step]:.0%}.")
    return " ".join(told)


def bottleneck(trace: BottleneckTrace, step: int | None = None) -> Picture:
    """Draw it with the mark at a step (from 0), the last one if none is given."""
    step = len(trace.tokens) - 1 if step is None else step
    figure = patched(bottleneck_figure(trace), bottleneck_patch(trace, step))
    return Picture(figure, describe_bottleneck(trace, step))
