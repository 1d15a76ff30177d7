"""Run a model and keep what happened. The records alone load no torch: ``from seqviz.traces import records``."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from seqviz.traces.records import DirectionsTrace, GradientTrace, RunTrace, SpreadTrace, TermTrace

if TYPE_CHECKING:
    from seqviz.traces.directions import trace_directions
    from seqviz.traces.rnn import trace_gradients, trace_run, trace_terms
    from seqviz.traces.spread import trace_spread

__all__ = [
    "DirectionsTrace",
    "GradientTrace",
    "RunTrace",
    "SpreadTrace",
    "TermTrace",
    "trace_directions",
    "trace_gradients",
    "trace_run",
    "trace_spread",
    "trace_terms",
]

# recorder → its file
_RECORDERS = {
    "trace_directions": "directions",
    "trace_gradients": "rnn",
    "trace_run": "rnn",
    "trace_spread": "spread",
    "trace_terms": "rnn",
}


def __getattr__(name: str) -> Any:
    # Recorders need torch; seqviz.plots imports the records of this package and must not.
    if name in _RECORDERS:
        return getattr(import_module(f"seqviz.traces.{_RECORDERS[name]}"), name)
    raise AttributeError(f"module 'seqviz.traces' has no attribute {name!r}")
