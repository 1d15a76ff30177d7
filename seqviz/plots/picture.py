"""What a plot gives: a figure, and a sentence that says the same."""

from dataclasses import dataclass

import plotly.graph_objects as go


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure with the sentence for readers who cannot see it."""

    figure: go.Figure
    sentence: str
