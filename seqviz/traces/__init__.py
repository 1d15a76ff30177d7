"""Run a model and keep what happened. The records alone load no torch: ``from seqviz.traces import records``."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from seqviz.traces.records import GradientTrace, RunTrace, TermTrace

if TYPE_CHECKING:
    from seqviz.traces.rnn import trace_gradients, trace_run, trace_terms

__all__ = ["GradientTrace", "RunTrace", "TermTrace", "trace_gradients", "trace_run", "trace_terms"]

_RECORDERS = {"trace_gradients", "trace_run", "trace_terms"}


def __getattr__(name: str) -> Any:
    # Recorders need torch; seqviz.plots imports the records of this package and must not.
    if name in _RECORDERS:
        return getattr(import_module("seqviz.traces.rnn"), name)
    raise AttributeError(f"module 'seqviz.traces' has no attribute {name!r}")
