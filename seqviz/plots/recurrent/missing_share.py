"""How much of a sum is missing if it stops early."""

import math
from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, DASHES, INK, new_figure


def steps_needed(missing: Sequence[float], tolerance: float) -> int:
    """Return the smallest reach from which on no more than ``tolerance`` is missing.

    Raises ValueError when even the longest reach misses more.
    """
    too_much = [reach for reach, share in enumerate(missing) if not share <= tolerance]  # NaN is too much
    needed = too_much[-1] + 1 if too_much else 0
    if needed == len(missing):
        raise ValueError(f"expected at most {tolerance:g} missing at the longest reach, got {missing[-1]:g}")
    return needed


def missing_share_figure(groups: Mapping[str, Sequence[Sequence[float]]], tolerance: float, floor: float) -> go.Figure:
    """Draw the figure of `missing_share`."""
    figure = new_figure(320, showlegend=True, legend={"orientation": "h", "y": 1.12})
    for index, (name, runs) in enumerate(groups.items()):
        for number, missing in enumerate(runs):
            figure.add_scatter(
                y=[share if share > floor else None for share in missing],
                name=name,
                legendgroup=name,
                showlegend=number == 0,
                mode="lines",
                line={"color": CATEGORICAL[index], "width": 2, "dash": DASHES[index]},
                hovertemplate="%{x} steps back: %{y:.2g} missing<extra>" + name + "</extra>",
            )
    figure.add_hline(y=tolerance, line={"dash": "dot", "width": 1.5, "color": INK})
    figure.add_annotation(
        x=1,
        xref="paper",
        xanchor="right",
        y=math.log10(tolerance),  # an annotation, unlike a shape, takes the exponent
        yanchor="bottom",
        text=f"{tolerance:.0%} missing",
        showarrow=False,
    )
    figure.update_xaxes(title="steps back the sum may reach")
    return figure.update_yaxes(title="share of ∂L/∂W_hh missing", type="log", exponentformat="power", dtick=1)


def describe_missing_share(groups: Mapping[str, Sequence[Sequence[float]]], tolerance: float) -> str:
    """Say for each group what is missing without a step back and how many steps bring it below the tolerance."""
    sentences = []
    for name, runs in groups.items():
        at_start = [missing[0] for missing in runs]
        needed = [steps_needed(missing, tolerance) for missing in runs]
        sentences.append(
            f"{name}: {_span(at_start, '.0%')} missing without a step back, "
            f"at most {tolerance:.0%} from {_span(needed, 'd')} steps back."
        )
    return " ".join(sentences)


def _span(values: Sequence[float], form: str) -> str:
    low, high = f"{min(values):{form}}", f"{max(values):{form}}"
    return low if low == high else f"{low} to {high}"


def missing_share(groups: Mapping[str, Sequence[Sequence[float]]], tolerance: float, floor: float) -> Picture:
    """Draw one curve for each run of each group; shares below ``floor`` are rounding errors and are left out."""
    return Picture(missing_share_figure(groups, tolerance, floor), describe_missing_share(groups, tolerance))
