"""Three conventions: torch's loss for the first, the sums and the shares for all."""

import pytest
import torch
from torch.nn import functional as F  # noqa: N812 torch's own name for it

from seqviz.models.transformer.label_smoothing import smooth_labels

TARGETS = torch.tensor([[1, 3], [4, 2]])
V, EPSILON = 5, 0.1


def test_to_smooth_over_all_is_torchs_cross_entropy():
    torch.manual_seed(0)
    logits = torch.randn(2, 2, V, dtype=torch.float64)
    ours = -(smooth_labels(TARGETS, V, EPSILON) * logits.log_softmax(-1)).sum(-1).mean()
    theirs = F.cross_entropy(logits.flatten(0, 1), TARGETS.flatten(), label_smoothing=EPSILON)
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize(
    ("convention", "right", "wrong"),
    [
        ("all", 1 - EPSILON + EPSILON / V, EPSILON / V),
        ("others", 1 - EPSILON, EPSILON / (V - 1)),
        ("real others", 1 - EPSILON, EPSILON / (V - 2)),
    ],
)
def test_every_convention_gives_its_shares_and_one_in_all(convention, right, wrong):
    smoothed = smooth_labels(TARGETS, V, EPSILON, convention)
    torch.testing.assert_close(smoothed.sum(-1), torch.ones(2, 2).double(), rtol=0, atol=1e-12)
    for row, target in zip(smoothed.flatten(0, 1), TARGETS.flatten().tolist(), strict=True):
        for place, share in enumerate(row.tolist()):
            expected = right if place == target else 0.0 if convention == "real others" and place == 0 else wrong
            assert share == pytest.approx(expected, abs=1e-12)


def test_a_target_that_is_padding_counts_for_nothing():
    assert smooth_labels(torch.tensor([0, 1]), 4, 0.2, "real others")[0].tolist() == [0.0] * 4
    assert smooth_labels(torch.tensor([3]), 4, 0.2, "real others", padding=3)[0].tolist() == [0.0] * 4


@pytest.mark.parametrize("convention", ["all", "others", "real others"])
def test_without_smoothing_a_target_is_certain(convention):
    assert torch.equal(smooth_labels(TARGETS, V, 0.0, convention), F.one_hot(TARGETS, V).double())


def test_what_cannot_be_smoothed_is_refused():
    with pytest.raises(ValueError, match="epsilon: expected a number from 0 to below 1, got 1"):
        smooth_labels(TARGETS, V, 1.0)
    with pytest.raises(ValueError, match="classes: expected more than 2, got 2"):
        smooth_labels(torch.tensor([1]), 2, 0.1, "real others")
