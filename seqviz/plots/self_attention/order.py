"""How much of what each word reads has changed since two of them were exchanged."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, INK, new_figure
from seqviz.traces.self_attention.records import OrderTrace

NOTHING = 1e-9  # changes below it are rounding: sums in another order


def order_figure(trace: OrderTrace) -> go.Figure:
    """Draw a bar for every word in the new order, and room for the weights of one of them."""
    count = len(trace.words)
    across = {
        "range": [-0.5, count - 0.5],
        "tickvals": list(range(count)),
        "tickangle": 0,
        "showgrid": False,
        "zeroline": False,
    }
    words = [trace.words[word] for word in trace.order]
    figure = new_figure(
        380,
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        barmode="overlay",
        margin={"l": 56, "r": 8, "t": 40, "b": 44},
        xaxis={**across, "ticktext": words, "anchor": "y"},
        yaxis={"domain": [0.58, 1], "range": [0, 1.02], "title": "weight α", "tickvals": [0, 0.5, 1], "anchor": "x"},
        xaxis2={**across, "ticktext": words, "matches": "x", "anchor": "y2", "title": "the sentence now"},
        yaxis2={
            "domain": [0, 0.36],
            "range": [0, 2],
            "title": "change",
            "tickformat": ".0%",
            "nticks": 4,
            "anchor": "x2",
        },
    )
    places = np.arange(count)
    for uid, name, color, width in (
        ("written", "weights as written", "rgba(128,128,128,0.45)", 0.9),
        ("now", "weights now", CATEGORICAL[0], 0.5),
    ):
        figure.add_bar(
            uid=uid,
            x=places,
            y=np.zeros(count),
            width=width,
            name=name,
            marker={"color": color},
            hovertemplate="%{y:.2f}<extra></extra>",
        )
    figure.add_bar(
        x=places,
        y=trace.changed[list(trace.order)],
        width=0.5,
        marker={"color": HIGHLIGHT},
        name="what each word reads has changed by",
        xaxis="x2",
        yaxis="y2",
        hovertemplate="%{y:.0%}<extra></extra>",
    )
    marker = {"color": INK, "size": 9, "symbol": "triangle-down"}
    figure.add_scatter(
        uid="reader", x=[0], y=[0.97], mode="markers", marker=marker, name="the word that reads", hoverinfo="skip"
    )
    return figure


def order_patch(trace: OrderTrace, place: int) -> Patch:
    """What follows the word at a place of the new order: its weights as written and now, by the words they are for."""
    word, order = trace.order[place], list(trace.order)
    return {"written.y": trace.written[word][order], "now.y": trace.now[word][order], "reader.x": [place]}


def describe_order(trace: OrderTrace, place: int) -> str:
    """Say both orders, where the word looks, and how much has changed."""
    word = trace.order[place]
    before, after = (int(weights[word].argmax()) for weights in (trace.written, trace.now))
    text = " ".join(trace.words[one] for one in trace.order)
    said = f"Written “{' '.join(trace.words)}”, now “{text}”. “{trace.words[word]}” "
    if trace.changed.max() < NOTHING:
        return said + (
            f"looks most at “{trace.words[after]}” ({trace.now[word, after]:.0%}), as before. No word reads anything "
            "else than it did: the order changes nothing."
        )
    looks = f"looks most at “{trace.words[after]}” ({trace.now[word, after]:.0%}), "
    looks += (
        "as before" if before == after else f"before at “{trace.words[before]}” ({trace.written[word, before]:.0%})"
    )
    return f"{said}{looks}, and what it reads has changed by {trace.changed[word]:.0%}."


def order(trace: OrderTrace, place: int = 0) -> Picture:
    """Draw it with the word at a place of the new order reading."""
    return Picture(patched(order_figure(trace), order_patch(trace, place)), describe_order(trace, place))
