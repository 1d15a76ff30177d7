"""Notes over time."""

from collections.abc import Sequence

import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, new_figure


def melody_figure(names: Sequence[str], pitches: Sequence[int], beats: Sequence[float]) -> go.Figure:
    """Draw the figure of `melody`."""
    starts = [sum(beats[:i]) for i in range(len(beats))]
    rows = dict(sorted(zip(pitches, names, strict=True)))
    figure = new_figure(260)
    figure.add_bar(
        base=starts,
        x=[length - 0.08 for length in beats],  # a gap, so that a repeated note is two
        y=list(pitches),
        orientation="h",
        width=0.8,
        marker={"color": CATEGORICAL[0]},
        text=[str(t) for t in range(1, len(beats) + 1)],
        textposition="inside",
        insidetextanchor="middle",
        textangle=0,
        textfont={"color": "#ffffff"},
        hovertext=[f"t = {t}: {name}" for t, name in enumerate(names, start=1)],
        hoverinfo="text",
    )
    figure.update_xaxes(title="beats", dtick=4, range=[-0.3, sum(beats) + 0.3])
    return figure.update_yaxes(tickvals=list(rows), ticktext=list(rows.values()))


def describe_melody(names: Sequence[str], beats: Sequence[float]) -> str:
    """Read the notes out."""
    return f"{len(names)} notes over {sum(beats):g} beats: {' '.join(names)}."


def melody(names: Sequence[str], pitches: Sequence[int], beats: Sequence[float]) -> Picture:
    """Draw each note as a bar as long as it sounds, higher for higher pitches."""
    return Picture(melody_figure(names, pitches, beats), describe_melody(names, beats))
