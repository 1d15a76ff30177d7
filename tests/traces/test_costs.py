"""Cost counters against sizes known beforehand and against torch's own profiler."""

import json

import pytest
import torch
from torch import nn
from torch.profiler import ProfilerActivity, profile

from seqviz.models import bptt
from seqviz.traces import costs

FLOAT32 = 4


def test_kept_counts_each_storage_once_and_not_what_was_given():
    x = torch.randn(10, 20)
    W = torch.randn(30, 20, requires_grad=True)
    # the product keeps x and W, tanh keeps its result, which the second product keeps again together with V
    V = torch.randn(5, 30, requires_grad=True)

    def forward():
        return torch.tanh(x @ W.T) @ V.T

    assert costs.kept_bytes(forward, given=[x, W, V]) == 10 * 30 * FLOAT32
    assert costs.kept_bytes(forward, given=[x, W]) == (10 * 30 + 5 * 30) * FLOAT32


def test_kept_is_nothing_where_nothing_is_learnt():
    x = torch.randn(10, 20)
    assert costs.kept_bytes(lambda: torch.tanh(x)) == 0


def test_peak_is_the_most_alive_at_once_not_the_sum():
    x = torch.randn(1000)

    def run():
        for _ in range(5):
            x + 1  # freed at once
        y = x + 1
        z = y * 2  # with y: two alive
        y.mul_(3)[10:].add_(1)  # no new storage
        return z

    assert costs.peak_bytes(run, given=[x]) == 2 * 1000 * FLOAT32


def test_made_is_the_sum_of_what_lived_and_what_did_not():
    x = torch.randn(1000)

    def run():
        for _ in range(5):
            x + 1
        return (x * 2).mul_(3)[10:]

    assert costs.made_bytes(run, given=[x]) == 6 * 1000 * FLOAT32


@pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="this build of torch has no oneDNN")
def test_a_tensor_in_onednns_own_layout_is_passed_over():
    x = torch.randn(10, 10)
    assert costs.peak_bytes(lambda: x.to_mkldnn(), given=[x]) == 0


def test_peak_agrees_with_the_profiler(tmp_path):
    layer = nn.RNN(6, 8, batch_first=True)
    x, upstream = torch.randn(3, 20, 6), torch.randn(3, 20, 8)

    def run():
        for parameter in layer.parameters():
            parameter.grad = None
        layer(x)[0].backward(upstream)

    run()
    peak = costs.peak_bytes(run, given=[x, upstream, *layer.parameters()])
    for parameter in layer.parameters():
        parameter.grad = None
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as profiler:
        run()
    profiler.export_chrome_trace(str(tmp_path / "trace.json"))
    events = json.loads((tmp_path / "trace.json").read_text())["traceEvents"]
    memory = sorted((e for e in events if e.get("name") == "[memory]"), key=lambda e: e["ts"])
    totals = [e["args"]["Total Allocated"] for e in memory]
    start = totals[0] - memory[0]["args"]["Bytes"]
    # torch's allocator may round a block up
    assert peak == pytest.approx(max(totals) - start, rel=0.02)


def test_nodes_of_a_loop_grow_with_it_and_those_of_the_function_do_not():
    def nodes(time):
        x, W_xh = torch.randn(2, time, 3), torch.randn(5, 3, requires_grad=True)
        W_hh, b_h = torch.randn(5, 5, requires_grad=True), torch.randn(5, requires_grad=True)
        h = torch.zeros(2, 5)
        for x_t in x.unbind(1):
            h = torch.tanh(x_t @ W_xh.T + h @ W_hh.T + b_h)
        return costs.graph_nodes(h), costs.graph_nodes(bptt.rnn_recurrence(x, W_xh, W_hh, b_h))

    assert nodes(20)[0] > nodes(10)[0] + 10
    assert nodes(20)[1] == nodes(10)[1] < 10


def test_times_are_taken_in_turns():
    turns = []
    runs = {"a": lambda: turns.append("a"), "b": lambda: turns.append("b")}
    seconds = costs.interleaved_seconds(runs, repeats=3, warm_ups=1)
    assert turns == ["a", "b"] * 4
    assert {name: len(times) for name, times in seconds.items()} == {"a": 3, "b": 3}
    assert all(time >= 0 for times in seconds.values() for time in times)


def test_no_repeats_are_refused():
    with pytest.raises(ValueError, match="at least 1, got 0"):
        costs.interleaved_seconds({}, repeats=0)
