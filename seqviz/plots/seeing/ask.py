"""A question about a scene: the probabilities of its answers, by a network that sees it and by a blind one."""

import math

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.seeing.own_scene import add_scene, add_weights, describe_odd, scene_patch, square_axes
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, new_figure
from seqviz.traces.seeing.records import AskTrace

_STAR = 1.06  # where the right answer is marked, right of all bars


def ask_figure(trace: AskTrace) -> go.Figure:
    """Draw the ground of the scene, the axes of its cells, and a bar without a length for each answer of both."""
    count = len(trace.answers)
    figure = new_figure(
        400,
        margin={"l": 8, "r": 12, "t": 80, "b": 40},
        barmode="group",
        bargap=0.25,
        showlegend=True,
        legend={"orientation": "h", "y": 1.14, "yanchor": "bottom", "x": 1, "xanchor": "right", "itemclick": False},
        xaxis3={
            "anchor": "y3",
            "domain": [0.73, 1],
            "range": [0, 1.12],
            "tickvals": [0, 0.5, 1],
            "tickformat": ".0%",
            "title": "probability",
        },
        yaxis3={
            "anchor": "x3",
            "range": [count + 0.5, 0.5],
            "tickvals": list(range(1, count + 1)),
            "ticktext": list(trace.answers),
            "showgrid": False,
            "zeroline": False,
        },
        **square_axes("", trace.drawing.size, (0, 0.29), "your scene: drag a thing"),
        **square_axes("2", trace.drawing.size, (0.32, 0.61), "where it looked (α, 0 to 1)"),
    )
    add_scene(figure, trace.drawing)
    add_weights(figure, trace.drawing, math.isqrt(trace.weights.shape[-1]), scale=False)  # the questions have the same
    figure.update_traces(showlegend=False)
    for uid, colour in (("seeing", CATEGORICAL[0]), ("blind", CATEGORICAL[1])):
        figure.add_bar(
            uid=uid,
            name=uid,
            orientation="h",
            x=np.zeros(count),
            y=np.arange(1, count + 1),
            xaxis="x3",
            yaxis="y3",
            marker={"color": colour},
            hovertemplate="%{x:.1%}<extra>" + uid + "</extra>",
        )
    figure.add_scatter(
        uid="right",
        name="right answer",
        x=[_STAR],
        y=[0],
        xaxis="x3",
        yaxis="y3",
        mode="markers",
        marker={"symbol": "star", "size": 11, "color": HIGHLIGHT},
        hoverinfo="skip",
    )
    return figure


def ask_patch(trace: AskTrace, question: int) -> Patch:
    """What follows the hand and the selected question: things, the mean of the glimpses, and both answers."""
    cells = math.isqrt(trace.weights.shape[-1])
    return {
        **scene_patch(trace.drawing),
        "weights.z": trace.weights[question].mean(0).reshape(cells, cells),
        "seeing.x": trace.seeing[question],
        "blind.x": trace.blind[question],
        "right.y": np.array([trace.answers.index(trace.right[question]) + 1.0]),
    }


def ask_levels(trace: AskTrace) -> np.ndarray:
    """Return the probability of the right answer to every question, for the network that sees: one row."""
    places = [trace.answers.index(right) for right in trace.right]
    return np.clip(trace.seeing[np.arange(len(places)), places], 0, 1)[None]


def describe_ask(trace: AskTrace, question: int) -> str:
    """Say what is asked and what is right, and what both answer, each with its probability."""
    asked, right = f"{trace.questions[question]}?", trace.answers.index(trace.right[question])
    told = [f"Drawn are {trace.drawing.named}. Question {question + 1}, “{asked}”: right is “{trace.answers[right]}”."]
    for name, probabilities in (("Seeing", trace.seeing[question]), ("Blind", trace.blind[question])):
        most = int(probabilities.argmax())
        beside = "" if most == right else f", and “{trace.answers[right]}” with {probabilities[right]:.0%}"
        told.append(f"{name}, it answers “{trace.answers[most]}” with {probabilities[most]:.0%}{beside}.")
    return " ".join(told) + describe_odd(trace.drawing)


def ask(trace: AskTrace, question: int = 0) -> Picture:
    """Draw how one question (counted from 0) about a scene is answered with the scene seen, and blind."""
    return Picture(patched(ask_figure(trace), ask_patch(trace, question)), describe_ask(trace, question))
