"""BLEU as what it is made of: four precisions, the brevity penalty, and their product."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, listed, new_figure, number
from seqviz.traces.translation.records import BLEUTrace

RUNS = ("single words", "runs of 2 words", "runs of 3 words", "runs of 4 words")
PARTS = ("p<sub>1</sub>", "p<sub>2</sub>", "p<sub>3</sub>", "p<sub>4</sub>", "mean", "brevity", "BLEU")


def bleu_figure(trace: BLEUTrace) -> go.Figure:
    """Draw seven bars and their numbers, all but the colour of those to which a word adds."""
    figure = new_figure(
        300,
        barmode="overlay",
        margin={"l": 48, "r": 8, "t": 16, "b": 40},
        xaxis={
            "type": "category",
            "range": [-0.6, len(PARTS) - 0.4],
            "tickvals": list(PARTS),
            "tickangle": 0,
            "tickfont": {"size": 10},
        },
        yaxis={"range": [0, 1.12], "title": "from 0 to 1"},
    )
    colors = [CATEGORICAL[0]] * 4 + [CATEGORICAL[4], CATEGORICAL[3], CATEGORICAL[2]]
    hover = "%{x}: %{y:.3f}<extra></extra>"
    parts = heights(trace)
    figure.add_bar(uid="parts", x=list(PARTS), y=parts, marker={"color": colors}, hovertemplate=hover)
    figure.add_bar(uid="chosen", x=list(PARTS), y=[0] * 7, marker={"color": HIGHLIGHT}, hovertemplate=hover)
    counts = [f"{matched}/{total}" for matched, total in zip(trace.matches, trace.totals, strict=True)]
    figure.add_scatter(
        uid="numbers",
        x=list(PARTS),
        y=parts,
        mode="text",
        text=[*counts, *(number(part) for part in parts[4:])],
        textposition="top center",
        hoverinfo="skip",
    )
    return figure


def heights(trace: BLEUTrace) -> np.ndarray:
    """Return the seven numbers: precisions, their geometric mean, the penalty and the product of these two."""
    mean = trace.score / trace.brevity_penalty
    return np.array([*trace.precisions, mean, trace.brevity_penalty, trace.score])


def bleu_patch(trace: BLEUTrace, word: int) -> Patch:
    """What follows the word looked at (from 0): the bars of the orders in which it counts have another colour."""
    counts = np.append(trace.matched[:, word], [False] * 3)
    return {"chosen.y": np.where(counts, heights(trace), 0.0)}


def describe_bleu(trace: BLEUTrace, word: int) -> str:
    """Say where a word counts, how long the translation is, and the score."""
    counts = [RUNS[order] for order in range(len(RUNS)) if trace.matched[order, word]]
    where = f"counts among {listed(counts)}" if counts else "does not count"
    length = f"{len(trace.tokens)} words, the closest reference has {trace.reference_length}"
    penalty = trace.brevity_penalty
    taken = f", so brevity takes {number(1 - penalty, '.0%')} off" if penalty < 1 else ""
    zero = "" if trace.score else " One order without a match makes the whole score 0."
    return f"“{trace.tokens[word]}” {where}. {length}{taken}. BLEU is {number(trace.score, '.3f')}.{zero}"


def bleu(trace: BLEUTrace, word: int = 0) -> Picture:
    """Draw what BLEU is made of, with the bars to which a word (from 0) adds in another colour."""
    return Picture(patched(bleu_figure(trace), bleu_patch(trace, word)), describe_bleu(trace, word))
