"""Read how far networks remember from the record of an experiment."""

import numpy as np

from seqviz.data.records import recorded
from seqviz.traces.gated.records import LagTrace


def recorded_lags(task: str) -> LagTrace:
    """Return the accuracies that `experiments/memory_tasks.py` recorded for a task: adding, copy or agreement.

    Raises ValueError for a task that has no record.
    """
    record = recorded(f"memory_{task}")
    accuracies = record["accuracies"]
    rows = [[accuracies[network][str(lag)] for lag in record["lags"]] for network in accuracies]
    return LagTrace(task, tuple(record["lags"]), tuple(accuracies), np.array(rows), record["without memory"])
