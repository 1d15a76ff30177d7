"""The benchmark compares what computes the same, and notices what does not."""

import pytest
import torch

from benchmarks import attention

SMALL = attention.Sizes(batch=2, time=5, size=6, heads=3, inner=4)


def test_ours_is_measured_beside_torchs_after_both_agreed():
    rows = attention.measure(SMALL, repeats=2, seed=1)
    assert {name: len(layers) for name, layers in rows.items()} == {"attention": 3, "encoder block": 2}
    assert all(layers["ours"]["ours as a multiple"] == 1.0 for layers in rows.values())
    assert all(row["milliseconds"] > 0 for layers in rows.values() for row in layers.values())


@pytest.mark.parametrize("name", ["attention", "encoder block"])
@pytest.mark.parametrize("wrong", ["output", "gradient"])
def test_what_is_wrong_is_never_timed(name, wrong):
    pair = attention.make_pairs(SMALL, seed=1)[name]

    def ours(x):
        if wrong == "gradient":
            x.register_hook(lambda gradient: gradient * 1.01)
        return pair.ours(x) * (1.01 if wrong == "output" else 1)

    x, upstream = torch.randn(2, 2, 5, 6)
    attention.expect_agreement(pair, x, upstream)
    with pytest.raises(AssertionError, match=r"nn\."):
        attention.expect_agreement(attention.Pair(ours, pair.theirs), x, upstream)
