"""A story and the cells that read it: which of them goes along with a fact, such as the number of the subject?"""

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, DIVERGING, add_frame, add_mark, around, new_figure, number
from seqviz.traces.gated.records import StoryTrace

_ROOM = (-0.5, 1.5)  # of the cell that follows, 0 and 1 being its two means


def levels(story: StoryTrace) -> Float[np.ndarray, "row time"]:
    """Return for each word what it is painted by: in the first row the cell that follows, then every cell as it is."""
    return np.vstack([story.follows.clip(0, 1), (1 + story.held.T) / 2])


def story_figure(story: StoryTrace) -> go.Figure:
    """Draw the cell that follows above the truth, and below it all cells, with nothing selected."""
    figure = _layout(story)
    _add_follower(figure, story)
    _add_cells(figure, story)
    add_mark(figure, _ROOM)
    add_frame(figure, (0.5, story.held.shape[1] + 0.5), xaxis="x2", yaxis="y2")
    return figure


def _layout(story: StoryTrace) -> go.Figure:
    """Return an empty figure: the cell that follows above all cells."""
    steps, cells = story.held.shape
    across = {"range": [0.5, steps + 0.5], "showgrid": False, "zeroline": False, "tickvals": []}
    return new_figure(
        400,
        xaxis={**across},
        yaxis={"domain": [0.68, 1], "range": _ROOM, "dtick": 1, "title": f"cell {story.cell + 1}"},
        xaxis2={**across, "matches": "x", "anchor": "y2", "title": "the words of the story"},
        yaxis2={"domain": [0, 0.6], "anchor": "x2", "range": [cells + 0.5, 0.5], "title": "every cell"},
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )


def _add_follower(figure: go.Figure, story: StoryTrace) -> None:
    steps = np.arange(1, len(story.tokens) + 1)
    figure.add_scatter(
        x=steps,
        y=story.truth.astype(float),
        mode="lines",
        line={"width": 0, "shape": "hvh", "color": "rgba(128,128,128,0.6)"},
        fill="tozeroy",
        fillcolor="rgba(128,128,128,0.25)",
        name=f"{story.fact}, the truth",
        hoverinfo="skip",
    )
    figure.add_scatter(
        x=steps,
        y=story.follows.clip(*_ROOM),
        mode="lines",
        line={"color": CATEGORICAL[0], "width": 2.5},
        name=f"cell {story.cell + 1} (0 and 1: its two means)",
        text=list(story.tokens),
        hovertemplate="“%{text}”: %{y:.2f}<extra></extra>",
    )


def _add_cells(figure: go.Figure, story: StoryTrace) -> None:
    figure.add_heatmap(
        x0=1,
        y0=1,
        z=story.held.T,
        zmin=-1,
        zmax=1,
        colorscale=DIVERGING,
        showscale=False,
        xaxis="x2",
        yaxis="y2",
        hovertemplate="cell %{y:d}: tanh c<sub>t</sub> = %{z:.2f}<extra></extra>",
    )


def story_patch(_story: StoryTrace, step: int) -> Patch:
    """What follows the selected word: the mark and the frame."""
    return {"mark.x": [step + 1, step + 1], "frame.x": around(step + 1, step + 1)}


def describe_story(story: StoryTrace, step: int) -> str:
    """Say the word, the truth there, where the cell stands, and how often it is on the right side."""
    right = float(((story.follows > 0.5) == story.truth).mean())
    is_so = story.fact if story.truth[step] else f"not {story.fact}"
    return (
        f"Word {step + 1} of {len(story.tokens)}, “{story.tokens[step]}”: the subject is {is_so}. "
        f"Cell {story.cell + 1} stands at {number(story.follows[step])}, "
        f"where 1 is its mean at words of a {story.fact} subject and 0 at all others; "
        f"it is nearer to the right one at {right:.0%} of these words."
    )


def story(story: StoryTrace, step: int) -> Picture:
    """Draw the cells that read a story, with one of its words marked."""
    return Picture(patched(story_figure(story), story_patch(story, step)), describe_story(story, step))
