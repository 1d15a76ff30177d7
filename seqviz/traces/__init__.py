"""Run a model and keep what happened. The records alone load no torch: ``from seqviz.traces import records``."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from seqviz.traces.records import (
    CellJacobianTrace,
    ClampTrace,
    CliffSurface,
    CliffTrace,
    DirectionsTrace,
    GateTrace,
    GradientTrace,
    InterpolationTrace,
    JacobianSweep,
    JacobianTrace,
    LagTrace,
    ReachTrace,
    RegimeTrace,
    RunTrace,
    ShiftTrace,
    SpreadTrace,
    TermTrace,
    TruncationTrace,
)

if TYPE_CHECKING:
    from seqviz.traces.cliff import trace_descents, trace_surface
    from seqviz.traces.directions import trace_directions
    from seqviz.traces.gates import trace_cell_jacobians, trace_clamp, trace_gates, trace_regime
    from seqviz.traces.interpolation import trace_interpolation
    from seqviz.traces.jacobians import jacobian_norms, sweep_radius, trace_jacobians, trace_linear_jacobians
    from seqviz.traces.lags import recorded_lags
    from seqviz.traces.reach import trace_reach
    from seqviz.traces.rnn import trace_gradients, trace_run, trace_terms
    from seqviz.traces.shift import trace_shift
    from seqviz.traces.spread import trace_spread
    from seqviz.traces.truncation import trace_truncation

__all__ = [
    "CellJacobianTrace",
    "ClampTrace",
    "CliffSurface",
    "CliffTrace",
    "DirectionsTrace",
    "GateTrace",
    "GradientTrace",
    "InterpolationTrace",
    "JacobianSweep",
    "JacobianTrace",
    "LagTrace",
    "ReachTrace",
    "RegimeTrace",
    "RunTrace",
    "ShiftTrace",
    "SpreadTrace",
    "TermTrace",
    "TruncationTrace",
    "jacobian_norms",
    "recorded_lags",
    "sweep_radius",
    "trace_cell_jacobians",
    "trace_clamp",
    "trace_descents",
    "trace_directions",
    "trace_gates",
    "trace_gradients",
    "trace_interpolation",
    "trace_jacobians",
    "trace_linear_jacobians",
    "trace_reach",
    "trace_regime",
    "trace_run",
    "trace_shift",
    "trace_spread",
    "trace_surface",
    "trace_terms",
    "trace_truncation",
]

# recorder → its file
_RECORDERS = {
    "jacobian_norms": "jacobians",
    "recorded_lags": "lags",
    "sweep_radius": "jacobians",
    "trace_cell_jacobians": "gates",
    "trace_clamp": "gates",
    "trace_descents": "cliff",
    "trace_directions": "directions",
    "trace_gates": "gates",
    "trace_gradients": "rnn",
    "trace_interpolation": "interpolation",
    "trace_jacobians": "jacobians",
    "trace_linear_jacobians": "jacobians",
    "trace_reach": "reach",
    "trace_regime": "gates",
    "trace_run": "rnn",
    "trace_shift": "shift",
    "trace_spread": "spread",
    "trace_surface": "cliff",
    "trace_terms": "rnn",
    "trace_truncation": "truncation",
}


def __getattr__(name: str) -> Any:
    # Recorders need torch; seqviz.plots imports the records of this package and must not.
    if name in _RECORDERS:
        return getattr(import_module(f"seqviz.traces.{_RECORDERS[name]}"), name)
    raise AttributeError(f"module 'seqviz.traces' has no attribute {name!r}")
