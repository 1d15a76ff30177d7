"""A decoder's running sum: what would be said after every part, and each part's share in what is said."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, SEQUENTIAL, listed, new_figure, number, token_name, visible
from seqviz.traces.transformer.records import ResidualStreamTrace

ROW = 34  # pixels for a part


def signs(trace: ResidualStreamTrace) -> list[list[str]]:
    """Return the likeliest token of every part and step as a cell shows it: one sign, a dot for a special token."""
    return [[_sign(trace.tokens[token]) for token in row] for row in trace.likeliest]


def settled(trace: ResidualStreamTrace) -> np.ndarray:
    """Return, for every step, the part from which on the sum says what is said in the end."""
    same = trace.likeliest == trace.likeliest[-1]
    return len(same) - np.logical_and.accumulate(same[::-1]).sum(0)


def residual_stream_figure(trace: ResidualStreamTrace) -> go.Figure:
    """Draw parts down and steps across, each cell with what would be said there; beside it bars without lengths."""
    parts, steps = trace.probabilities.shape
    most = 1.08 * max(1.0, float(np.abs(trace.shares).max()))
    rows = {"range": [parts + 0.5, 0.5], "tickvals": list(range(1, parts + 1)), "ticktext": list(trace.parts)}
    figure = new_figure(
        110 + ROW * parts,
        margin={"l": 96, "r": 12, "t": 48, "b": 56},
        xaxis={
            "domain": [0, 0.6],
            "side": "top",
            "range": [0.5, steps + 0.5],
            "tickvals": list(range(1, steps + 1)),
            "ticktext": [_sign(token) for token in trace.said],
            "tickangle": 0,
            "title": {"text": "says in the end (⏎: the end)", "standoff": 4},
        },
        yaxis=rows | {"title": {"text": "the sum so far, plus", "standoff": 4}},
        xaxis2={"domain": [0.8, 1], "range": [-most, most], "title": "share, in nats", "anchor": "y2"},
        yaxis2=rows | {"anchor": "x2"},
    )
    figure.update_xaxes(showgrid=False).update_yaxes(showgrid=False, zeroline=False)
    figure.add_heatmap(
        uid="said",
        x0=1,
        y0=1,
        z=trace.probabilities,
        zmin=0,
        zmax=1,
        colorscale=SEQUENTIAL,
        xgap=1,
        ygap=1,
        text=signs(trace),
        texttemplate="%{text}",
        textfont={"size": 15, "family": "ui-monospace, monospace"},
        showscale=False,
        hovertemplate="would say %{text}; P(in the end) %{z:.2f}<extra></extra>",
    )
    chosen = {"color": HIGHLIGHT, "width": 3}
    figure.add_scatter(uid="frame", x=[0] * 5, y=[0] * 5, mode="lines", line=chosen, hoverinfo="skip", cliponaxis=False)
    figure.add_bar(
        uid="shares",
        x=np.zeros(parts),
        y=np.arange(1, parts + 1),
        orientation="h",
        width=0.7,
        marker={"color": CATEGORICAL[0]},
        xaxis="x2",
        yaxis="y2",
        hovertemplate="%{x:.2f}<extra></extra>",
    )
    return figure


def residual_stream_patch(trace: ResidualStreamTrace, step: int) -> Patch:
    """What follows the step (from 0): the frame around its column, and the bars."""
    left, right, low = step + 0.5, step + 1.5, len(trace.parts) + 0.5
    return {
        "frame.x": [left, right, right, left, left],
        "frame.y": [0.5, 0.5, low, low, 0.5],
        "shares.x": trace.shares[:, step],
    }


def describe_residual_stream(trace: ResidualStreamTrace, step: int) -> str:
    """Say when the sum began to say what it says in the end, and which parts had the largest shares."""
    said, rival, shares = trace.said[step], trace.rivals[step], trace.shares[:, step]
    first = int(settled(trace)[step])
    begun = token_name(trace.tokens[trace.likeliest[0, step]])
    whole = float(shares.sum() + trace.constant[step])
    largest = np.argsort(-np.abs(shares), kind="stable")[:3]
    named = listed(f"{trace.parts[i]} {number(float(shares[i]), '+.1f')}" for i in largest)
    return (
        f"Output {step + 1}, “{token_name(said)}” "
        f"rather than “{token_name(rival)}”. The token that was read alone would say "
        f"“{begun}”; the sum says “{token_name(said)}” from “{trace.parts[first]}” on. Of {number(whole, '.1f')} nats "
        f"between the two, the largest shares: {named}. All parts give {number(shares.sum(), '.1f')}, the biases of "
        f"norm and output {number(trace.constant[step], '.1f')}."
    )


def _sign(token: str) -> str:
    if token == "<eos>":
        return "⏎"
    return visible(token) if len(token) == 1 else "·"


def residual_stream(trace: ResidualStreamTrace, step: int = 0) -> Picture:
    """Draw it with an output step (from 0) chosen."""
    figure = patched(residual_stream_figure(trace), residual_stream_patch(trace, step))
    return Picture(figure, describe_residual_stream(trace, step))
