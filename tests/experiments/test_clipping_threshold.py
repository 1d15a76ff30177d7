"""The clipping threshold: what a variant changes, and what its record says."""

import math

import pytest
import torch

from experiments import clipping_threshold
from experiments.clipping_threshold import VARIANTS, Sizes, Variant, error
from seqviz.data.records import recorded

SMALL = Sizes(time=4, steps=3, batch=4, hidden=5, test_sequences=20)


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_trains_and_is_tested_on_fresh_sequences(name):
    found = error(VARIANTS[name], 0, SMALL)
    assert 0 < found < math.inf
    assert found == error(VARIANTS[name], 0, SMALL)


def test_what_shrinks_shrinks_by_one_factor_a_step_and_the_rest_stays():
    variant = VARIANTS["plain steps, 10 → 0.1"]
    assert [variant.at(share)[0] for share in (0, 0.5, 1)] == pytest.approx([10, 1, 0.1])
    assert {variant.at(share)[1] for share in (0, 0.5, 1)} == {clipping_threshold.PLAIN_RATE}
    assert VARIANTS["Adam, not clipped"].at(0.3) == (math.inf, clipping_threshold.ADAM_RATE)


def test_a_clipped_plain_step_is_as_long_as_threshold_and_rate_say(monkeypatch):
    lengths = []
    step = torch.optim.SGD.step

    def measured(self):
        before = [p.detach().clone() for p in self.param_groups[0]["params"]]
        step(self)
        moved = [p.detach() - b for p, b in zip(self.param_groups[0]["params"], before, strict=True)]
        lengths.append(torch.cat([m.flatten() for m in moved]).norm().item())

    monkeypatch.setattr(torch.optim.SGD, "step", measured)
    error(Variant(torch.optim.SGD, (1e-2, 1e-4), (0.5, 0.5)), 0, SMALL)
    assert lengths == pytest.approx([0.5 * 1e-2 * 0.01 ** (share / 3) for share in range(3)], rel=1e-3)


def test_the_record_says_how_it_was_made():
    record = recorded("clipping_threshold")
    assert record["command"] == "python -m experiments.clipping_threshold"
    assert record["sizes"] == clipping_threshold.asdict(Sizes())
    assert list(record["errors"]) == list(VARIANTS)
    assert all(len(errors) == record["seeds"] >= 5 for errors in record["errors"].values())
