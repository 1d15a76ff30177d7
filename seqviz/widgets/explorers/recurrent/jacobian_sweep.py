"""How large a product of Jacobians becomes, under two sliders that are often confused."""

import numpy as np

from seqviz.plots.recurrent import jacobian_sweep as plots
from seqviz.traces.recurrent.jacobian_sweep import NEAR, trace_jacobian_sweep
from seqviz.traces.recurrent.records import JacobianSweep
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, Reveal, View

RADII = np.arange(16) / 10
STEPS = 20
NONLINEARITIES = ("none", "tanh", "relu")

_HEADS = {"ellipse": "ellipses", "at": "measured"}
_REVEAL = Reveal(
    "back",
    trails={f"ellipses.{axis}": plots.ON_ELLIPSE for axis in "xy"},
    heads={f"{mark}.{axis}": f"{curve}.{axis}" for mark, curve in _HEADS.items() for axis in "xy"},
)


def jacobian_sweep() -> Explorer[JacobianSweep]:
    """Turn a circle into an ellipse step by step (▶): which of its two numbers does the gradient follow?"""

    def source(nonlinearity: str, largest: float) -> JacobianSweep:
        return trace_jacobian_sweep(RADII, float(largest), STEPS, nonlinearity)  # a slider may send an integer

    return Explorer(
        "The product of Jacobians",
        source,
        View(
            figure=plots.jacobian_sweep_figure,
            patch=plots.jacobian_sweep_patch,
            describe=plots.describe_jacobian_sweep,
            selections=lambda sweep: len(sweep.radii),
            structure=lambda sweep: sweep.norms.shape[1],
            reveal=_REVEAL,
        ),
        [
            Choice("nonlinearity", "Non-linearity", NONLINEARITIES, "none"),
            Range("largest", "Largest singular value σ", minimum=0, maximum=8, step=0.1, value=2, recorded=5),
            Range("back", "Steps back", 0, NEAR, 1, NEAR, browser=True, play="Step by step"),
        ],
        Range(
            "radius",
            "Spectral radius ρ",
            0,
            len(RADII) - 1,
            1,
            value=7,
            browser=True,
            shown=[f"{one:.1f}" for one in RADII],
        ),
    )
