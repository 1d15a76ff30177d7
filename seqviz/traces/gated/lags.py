"""Read an experiment's record of how far back networks remember."""

import numpy as np

from seqviz.data.records import recorded
from seqviz.traces.gated.records import LagTrace


def recorded_lags(task: str) -> LagTrace:
    """Return the accuracies that `experiments/memory_tasks.py` recorded for a task: adding, copy or agreement.

    Raises ValueError for a task that has no record.
    """
    record = recorded(f"memory_{task}")
    by_network = record["accuracies"]
    accuracies = [[by_lag[str(lag)] for lag in record["lags"]] for by_lag in by_network.values()]
    return LagTrace(
        task=task,
        lags=tuple(record["lags"]),
        networks=tuple(by_network),
        accuracies=np.array(accuracies),
        without_memory=record["without memory"],
    )
