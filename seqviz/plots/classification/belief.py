"""What classifiers believe after every word of a text, and what the selected word has to do with it."""

from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, DASHES, HIGHLIGHT, add_frame, add_mark, around, new_figure
from seqviz.traces.classification.records import BeliefTrace

YES, NO = "positive", "negative"


@dataclass(frozen=True, eq=False)
class Verdict:
    """A text, and the classifier that is asked what each of its words does."""

    trace: BeliefTrace
    model: str

    @property
    def place(self) -> int:
        """Where the classifier stands among those of the trace."""
        return self.trace.models.index(self.model)

    @property
    def turning(self) -> int:
        """The word whose leaving out changes the verdict most."""
        turns = self.trace.turns(self.place)
        return 0 if np.isnan(turns).all() else int(np.nanargmax(np.abs(turns)))


def belief_figure(verdict: Verdict) -> go.Figure:
    """Draw a curve for each classifier, an empty one for what is left out, and below what each word does."""
    trace = verdict.trace
    figure = _layout(trace)
    words = np.arange(1, len(trace.tokens) + 1)
    for name, beliefs, color, dash in zip(trace.models, trace.beliefs, CATEGORICAL, DASHES, strict=False):
        figure.add_scatter(
            x=words,
            y=beliefs,
            name=name,
            mode="lines+markers",
            line={"color": color, "dash": dash, "width": 3 if name == verdict.model else 1.5},
            hovertemplate="%{y:.0%}<extra>%{fullData.name}</extra>",
        )
    figure.add_scatter(
        uid="without",
        x=words,
        y=np.full(len(words), np.nan),
        name=f"{verdict.model} without the selected word",
        mode="lines+markers",
        line={"color": HIGHLIGHT, "dash": "dot", "width": 2},
        marker={"symbol": "x", "size": 8},
        hoverinfo="skip",
    )
    add_mark(figure, (0, 1))
    figure.add_bar(
        x=words,
        y=np.nan_to_num(trace.turns(verdict.place)),
        xaxis="x2",
        yaxis="y2",
        marker={"color": CATEGORICAL[trace.models.index(verdict.model)]},
        showlegend=False,
        hovertemplate="%{y:+.0%}<extra></extra>",
    )
    add_frame(figure, (-1, 1), xaxis="x2", yaxis="y2")
    return figure


def _layout(trace: BeliefTrace) -> go.Figure:
    words = {
        "range": [0.5, len(trace.tokens) + 0.5],
        "tickvals": list(range(1, len(trace.tokens) + 1)),
        "showgrid": False,
        "zeroline": False,
    }
    return new_figure(
        470,
        showlegend=True,
        legend={"orientation": "h", "y": 1.08, "x": 0, "itemclick": False},
        xaxis=words | {"ticktext": list(trace.tokens), "tickangle": 0 if len(trace.tokens) <= 9 else -35},
        yaxis={
            "domain": [0.46, 1],
            "range": [-0.03, 1.03],
            "tickvals": [0, 0.5, 1],
            "ticktext": [f"{NO} 0%", "50%", f"{YES} 100%"],
        },
        xaxis2=words | {"matches": "x", "anchor": "y2", "showticklabels": False},
        yaxis2={
            "anchor": "x2",
            "domain": [0, 0.26],
            "range": [-1.05, 1.05],
            "tickvals": [-1, 0, 1],
            "ticktext": ["−100%", "0", "+100%"],
            "title": "what the<br>word adds",
        },
    )


def belief_patch(verdict: Verdict, step: int) -> Patch:
    """What follows the selected word: the mark, the frame, and the curve without it."""
    return {
        "without.y": verdict.trace.without[verdict.place, step],
        "mark.x": [step + 1, step + 1],
        "frame.x": around(step + 1, step + 1),
    }


def describe_belief(verdict: Verdict, step: int) -> str:
    """Say what the classifier believed before and after a word, and of the whole text with and without it."""
    trace = verdict.trace
    beliefs, word = trace.beliefs[verdict.place], trace.tokens[step]
    before = f", {beliefs[step - 1]:.0%} before it" if step else ""
    ends = f"The whole text: {beliefs[-1]:.0%}"
    left = trace.without[verdict.place, step, -1]
    without = "" if np.isnan(left) else f"; without “{word}” {left:.0%}"
    final = dict(zip(trace.models, trace.beliefs[:, -1], strict=True))
    others = [f"{name} {believed:.0%}" for name, believed in final.items() if name != verdict.model]
    said = f" Others on the whole text: {', '.join(others)}." if others else ""
    return (
        f"{verdict.model}, word {step + 1} of {len(trace.tokens)}, “{word}”: {YES} with {beliefs[step]:.0%}{before}. "
        f"{ends}{without}.{said}"
    )


def belief_levels(verdict: Verdict) -> np.ndarray:
    """Return the belief after every word, as levels of a diverging palette."""
    return verdict.trace.beliefs[verdict.place]


def belief(trace: BeliefTrace, model: str, step: int) -> Picture:
    """Draw what every classifier believed after each word, and what one of them makes of one word (from 0).

    Raises ValueError for a classifier that is not in the trace.
    """
    if model not in trace.models:
        raise ValueError(f"model: expected one of {', '.join(map(repr, trace.models))}, got {model!r}")
    verdict = Verdict(trace, model)
    return Picture(patched(belief_figure(verdict), belief_patch(verdict, step)), describe_belief(verdict, step))
