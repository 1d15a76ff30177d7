"""How large a product of Jacobians becomes, under two sliders that are often confused."""

import numpy as np

from seqviz.plots.recurrent import jacobian_sweep as plots
from seqviz.traces.recurrent.jacobian_sweep import trace_jacobian_sweep
from seqviz.traces.recurrent.records import JacobianSweep
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View

RADII = np.arange(16) / 10
NONLINEARITIES = ("none", "tanh", "relu")


def jacobian_sweep() -> Explorer[JacobianSweep]:
    """Move spectral radius and largest singular value of two units apart, and see which one the gradient follows."""

    def source(nonlinearity: str, largest: float, steps: float) -> JacobianSweep:
        # a slider sends whole numbers as integers
        return trace_jacobian_sweep(RADII, float(largest), int(steps), nonlinearity)

    return Explorer(
        "The product of Jacobians",
        source,
        View(
            figure=plots.jacobian_sweep_figure,
            patch=plots.jacobian_sweep_patch,
            describe=plots.describe_jacobian_sweep,
            selections=lambda sweep: len(sweep.radii),
            structure=lambda sweep: sweep.norms.shape[1],
        ),
        [
            Choice("nonlinearity", "Non-linearity", NONLINEARITIES, "none"),
            Range("largest", "Largest singular value", minimum=0, maximum=8, step=0.1, value=4, recorded=9),
            Range("steps", "Steps T", minimum=10, maximum=60, step=10, value=40, recorded=2),
        ],
        Range(
            "radius",
            "Spectral radius",
            0,
            len(RADII) - 1,
            1,
            value=9,
            browser=True,
            shown=[f"{one:.1f}" for one in RADII],
        ),
    )
