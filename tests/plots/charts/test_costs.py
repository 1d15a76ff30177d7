"""Time and memory side by side."""

import pytest

from seqviz.plots.charts.costs import Cost, CostRow, cost_rows, costs_figure, describe_costs

COSTS = {
    "ours": Cost([0.010, 0.012, 0.090], 2_000_000, 5_000_000),
    "peer": Cost([0.020, 0.024, 0.180], 4_000_000, 4_500_000),
}


def test_rows_hold_medians_quartiles_and_ratios_pair_by_pair():
    ours, peer = cost_rows(COSTS, reference="peer")
    assert ours == CostRow("ours", 12.0, pytest.approx((11.0, 51.0)), 0.5, 2.0, 5.0)
    assert peer.ratio == 1.0


def test_a_slow_turn_for_both_does_not_change_the_ratio():
    costs = {"ours": Cost([1.0, 1.0, 9.0], 0, 0), "peer": Cost([1.0, 9.0, 9.0], 0, 0)}
    assert cost_rows(costs, "peer")[0].ratio == 1.0


def test_bars_hold_the_rows():
    time, kept, peak = costs_figure(COSTS, reference="peer").data
    assert list(time.x) == [12.0, 24.0]
    assert list(time.error_x.array) == pytest.approx([39.0, 78.0])
    assert list(time.error_x.arrayminus) == pytest.approx([1.0, 2.0])
    assert (list(kept.x), list(peak.x)) == ([2.0, 4.0], [5.0, 4.5])
    assert list(time.y) == list(peak.y) == ["ours", "peer"]


def test_both_sides_have_the_same_grid():
    layout = costs_figure(COSTS, reference="peer").layout
    assert layout.xaxis.gridcolor == layout.xaxis2.gridcolor is not None


def test_the_sentence_says_every_number():
    assert describe_costs(COSTS, reference="peer") == (
        "ours: 12.0 ms, 0.50 times peer; 2.00 MB kept, 5.00 MB alive at most. "
        "peer: 24.0 ms, 1.00 times peer; 4.00 MB kept, 4.50 MB alive at most."
    )


def test_a_missing_reference_and_runs_that_do_not_pair_up_are_refused():
    with pytest.raises(ValueError, match=r"expected one of \['ours', 'peer'\], got 'other'"):
        cost_rows(COSTS, reference="other")
    with pytest.raises(ValueError, match=r"as many for each, got {'ours': 3, 'short': 2}"):
        cost_rows({"ours": COSTS["ours"], "short": Cost([1.0, 2.0], 0, 0)}, reference="ours")
