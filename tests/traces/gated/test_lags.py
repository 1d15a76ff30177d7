"""A record of an experiment, read into arrays."""

import json

import numpy as np
import pytest

import seqviz.data.records
from seqviz.traces import recorded_lags

RECORD = {
    "lags": [5, 10],
    "accuracies": {
        "RNN": {"5": [0.5, 0.6, 0.7], "10": [0.1, 0.2, 0.3]},
        "GRU": {"5": [1.0, 0.9, 0.8], "10": [0.75, 0.5, 0.25]},
    },
    "without memory": 0.25,
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(seqviz.data.records, "FOLDER", tmp_path)
    (tmp_path / "memory_copy.json").write_text(json.dumps(RECORD))


@pytest.mark.usefixtures("folder")
def test_every_accuracy_of_the_record_has_its_place():
    trace = recorded_lags("copy")
    assert (trace.task, trace.lags, trace.networks, trace.without_memory) == ("copy", (5, 10), ("RNN", "GRU"), 0.25)
    expected = [[[0.5, 0.6, 0.7], [0.1, 0.2, 0.3]], [[1.0, 0.9, 0.8], [0.75, 0.5, 0.25]]]
    np.testing.assert_array_equal(trace.accuracies, expected)


@pytest.mark.usefixtures("folder")
def test_a_task_without_a_record_is_refused():
    with pytest.raises(ValueError, match="expected one of memory_copy, got 'memory_chess'"):
        recorded_lags("chess")
