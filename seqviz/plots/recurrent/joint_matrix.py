"""The two matrices of the recurrence as one, and the two vectors as one: a product of blocks."""

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from seqviz.plots.picture import Picture
from seqviz.plots.theme import DIVERGING, INK, new_figure

Matrix = Float[np.ndarray, "rows columns"]
_GAP = 2.5  # columns between matrix, vector and result


def joint_parts(
    W_hh: Float[np.ndarray, "hidden hidden"],
    W_xh: Float[np.ndarray, "hidden input"],
    h: Float[np.ndarray, " hidden"],
    x: Float[np.ndarray, " input"],
) -> dict[str, Matrix]:
    """Return what is drawn, from left to right: the matrix of both blocks, the vector of both parts, their product.

    Raises ValueError when the shapes do not fit.
    """
    (n_h,), (n_x,) = h.shape, x.shape
    for name, W, shape in (("W_hh", W_hh, (n_h, n_h)), ("W_xh", W_xh, (n_h, n_x))):
        if W.shape != shape:
            raise ValueError(f"{name}: expected shape {shape}, got {W.shape}")
    joint, stacked = np.hstack([W_hh, W_xh]), np.concatenate([h, x])[:, None]
    return {"[W_hh | W_xh]": joint, "[h; x]": stacked, "product": joint @ stacked}


def joint_matrix_figure(
    W_hh: Float[np.ndarray, "hidden hidden"],
    W_xh: Float[np.ndarray, "hidden input"],
    h: Float[np.ndarray, " hidden"],
    x: Float[np.ndarray, " input"],
) -> go.Figure:
    """Draw the figure of `joint_matrix`."""
    parts = joint_parts(W_hh, W_xh, h, x)
    n_h, n_x = W_xh.shape
    largest = max(float(np.abs(part).max()) for part in parts.values())
    figure = new_figure(90 + 24 * (n_h + n_x), margin={"l": 16, "r": 16, "t": 40, "b": 16}, hovermode="closest")
    left, middles = 0.0, []
    for part in parts.values():
        rows, columns = part.shape
        figure.add_heatmap(
            z=part,
            x=left + np.arange(columns),
            y=(n_h + n_x - rows) / 2 + np.arange(rows),
            colorscale=DIVERGING,
            zmin=-largest,
            zmax=largest,
            showscale=False,
            xgap=1,
            ygap=1,
            hovertemplate="%{z:.2f}<extra></extra>",
        )
        middles.append(left + (columns - 1) / 2)
        left += columns + _GAP
    _name_blocks(figure, n_h, n_x, middles)
    hidden = {"showticklabels": False, "ticks": "", "showgrid": False, "zeroline": False}
    figure.update_xaxes(range=[-1, left - _GAP], constrain="domain", **hidden)
    return figure.update_yaxes(range=[n_h + n_x - 0.3, -1.7], scaleanchor="x", constrain="domain", **hidden)


def _name_blocks(figure: go.Figure, n_h: int, n_x: int, middles: list[float]) -> None:
    """Write the names of the blocks above or beside them, and draw the two seams."""
    top = n_x / 2 - 0.5
    _, vector, result = middles
    texts = {
        "W<sub>hh</sub>": ((n_h - 1) / 2, top),
        "W<sub>xh</sub>": (n_h + (n_x - 1) / 2, top),
        "sum": (result, top),
    }
    for text, (x, y) in texts.items():
        figure.add_annotation(x=x, y=y, text=text, showarrow=False, yanchor="bottom", font={"size": 14})
    for text, y in (("h<sub>t−1</sub>", (n_h - 1) / 2), ("x<sub>t</sub>", n_h + (n_x - 1) / 2)):
        figure.add_annotation(x=vector + 0.6, y=y, text=text, showarrow=False, xanchor="left", font={"size": 14})
    for text, x in (("·", vector - 1.5), ("=", result - 1.2)):
        figure.add_annotation(x=x, y=(n_h + n_x - 1) / 2, text=text, showarrow=False, font={"size": 20})
    seams = [[(n_h - 0.5, top), (n_h - 0.5, top + n_h)], [(vector - 0.5, n_h - 0.5), (vector + 0.5, n_h - 0.5)]]
    for (x0, y0), (x1, y1) in seams:
        figure.add_shape(type="line", x0=x0, y0=y0, x1=x1, y1=y1, line={"color": INK, "width": 3})


def describe_joint_matrix(
    W_hh: Float[np.ndarray, "hidden hidden"],
    W_xh: Float[np.ndarray, "hidden input"],
    h: Float[np.ndarray, " hidden"],
    x: Float[np.ndarray, " input"],
) -> str:
    """Say how the blocks stand and which block meets which part of the vector."""
    joint, stacked, _ = joint_parts(W_hh, W_xh, h, x).values()
    n_h, n_x = W_xh.shape
    return (
        f"A matrix of {joint.shape[0]} rows and {joint.shape[1]} columns: the first {n_h} are W_hh, the other {n_x} "
        f"W_xh. Beside it a vector of {len(stacked)} numbers: h on top meets W_hh, x below meets W_xh. "
        f"The product has {n_h} numbers, one for each unit."
    )


def joint_matrix(
    W_hh: Float[np.ndarray, "hidden hidden"],
    W_xh: Float[np.ndarray, "hidden input"],
    h: Float[np.ndarray, " hidden"],
    x: Float[np.ndarray, " input"],
) -> Picture:
    """Draw [W_hh | W_xh] times [h; x] as blocks, each number as a cell, the seams between the blocks marked.

    Raises ValueError when the shapes do not fit.
    """
    return Picture(joint_matrix_figure(W_hh, W_xh, h, x), describe_joint_matrix(W_hh, W_xh, h, x))
