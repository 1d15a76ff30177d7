"""CTC against the enumeration of all paths, torch's loss and its gradients."""

import itertools
import math

import pytest
import torch
from torch.nn.functional import ctc_loss as torchs_ctc_loss

from seqviz.models.hearing.ctc import (
    collapse,
    ctc_log_probability,
    ctc_loss,
    every_path,
    forward_sums,
    frames_needed,
    log_sum,
    with_blanks,
)


def drawn(batch: int, time: int, labels: int, seed: int = 0) -> torch.Tensor:
    numbers = torch.randn(batch, time, labels, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))
    return numbers.log_softmax(-1)


def of(log_p: torch.Tensor, labels: list[int]) -> torch.Tensor:
    lengths, counts = torch.tensor([len(log_p)]), torch.tensor([len(labels)])
    return ctc_log_probability(log_p[None], torch.tensor([labels], dtype=torch.long), lengths, counts)[0]


@pytest.mark.parametrize(
    ("path", "labels"),
    [
        ((), ()),
        ((0, 0), ()),
        ((1, 1, 1), (1,)),
        ((1, 0, 1), (1, 1)),
        ((0, 2, 2, 0, 0, 2, 1, 1, 0), (2, 2, 1)),
        ((1, 2, 1), (1, 2, 1)),
    ],
)
def test_equal_neighbours_become_one_before_blanks_are_left_out(path, labels):
    assert collapse(path) == labels


@pytest.mark.parametrize("frames", [1, 2, 4, 5])
def test_all_labels_together_have_the_sums_of_their_paths(frames):
    log_p = drawn(1, frames, 4, seed=frames)[0]
    paths = every_path(frames, 4)
    assert len(paths.unique(dim=0)) == 4**frames
    sums: dict[tuple[int, ...], float] = {}
    for path, each in zip(paths.tolist(), log_p[torch.arange(frames), paths].sum(-1).exp().tolist(), strict=True):
        sums[collapse(path)] = sums.get(collapse(path), 0.0) + each
    assert sum(sums.values()) == pytest.approx(1, abs=1e-12)
    for labels in (one for n in range(frames + 2) for one in itertools.product((1, 2, 3), repeat=n)):
        p = of(log_p, list(labels)).exp().item()
        assert p == pytest.approx(sums.get(labels, 0.0), abs=1e-12)
        assert (p > 0) == (frames_needed(labels) <= frames), "as many frames as labels and equal neighbours, no fewer"


def test_a_forward_sum_is_that_of_all_ways_to_be_there():
    log_p, labels = drawn(1, 4, 3, seed=7), torch.tensor([[2, 2]])
    states, found = with_blanks(labels)[0].tolist(), forward_sums(log_p, labels)[0]
    assert states == [0, 2, 0, 2, 0]
    for t, s in itertools.product(range(4), range(5)):
        total = 0.0
        for way in itertools.product(range(5), repeat=t + 1):  # of states
            begins = way[0] < 2
            steps = [after - before for before, after in itertools.pairwise(way)]
            skips = all(
                d != 2 or (states[to] != 0 and states[to] != states[to - 2])
                for d, to in zip(steps, way[1:], strict=True)
            )
            if way[-1] == s and begins and skips and all(0 <= d <= 2 for d in steps):
                total += math.exp(sum(log_p[0, i, states[one]].item() for i, one in enumerate(way)))
        assert found[t, s].exp().item() == pytest.approx(total, abs=1e-12), (t, s)


def test_torch_has_the_same_loss_and_gradient_for_rows_of_other_lengths():
    lengths, counts = torch.tensor([9, 6, 7, 1]), torch.tensor([4, 3, 0, 1])
    labels = torch.tensor([[3, 3, 1, 2], [1, 1, 4, 9], [9, 9, 9, 9], [2, 9, 9, 9]])  # 9: padding that is no label
    logits = torch.randn(4, 9, 5, dtype=torch.float64, generator=torch.Generator().manual_seed(1)).requires_grad_()
    ours = ctc_loss(logits.log_softmax(-1), labels, lengths, counts)
    theirs = torchs_ctc_loss(
        logits.log_softmax(-1).transpose(0, 1), labels.clamp(max=4), lengths, counts, reduction="sum"
    )
    torch.testing.assert_close(ours, theirs / 4, rtol=0, atol=1e-12)
    (gradient,) = torch.autograd.grad(ours, logits)
    (wanted,) = torch.autograd.grad(theirs / 4, logits)
    torch.testing.assert_close(gradient, wanted, rtol=0, atol=1e-10)


def test_torchs_mean_divides_by_the_number_of_labels_first():
    log_p, labels = drawn(2, 6, 4), torch.tensor([[1, 1, 2], [3, 0, 0]])
    lengths, counts = torch.tensor([6, 6]), torch.tensor([3, 1])
    each = -ctc_log_probability(log_p, labels, lengths, counts)
    theirs = torchs_ctc_loss(log_p.transpose(0, 1), labels, lengths, counts)
    torch.testing.assert_close(theirs, (each / counts).mean(), rtol=0, atol=1e-12)
    assert abs(theirs - each.mean()) > 0.1


def test_too_few_frames_are_impossible_and_spoil_no_gradient():
    log_p = drawn(2, 3, 3).requires_grad_()
    labels, lengths, counts = torch.tensor([[1, 1], [1, 1]]), torch.tensor([2, 3]), torch.tensor([2, 2])
    found = ctc_log_probability(log_p, labels, lengths, counts)
    assert found[0] == -math.inf
    found[1].backward()
    assert torch.isfinite(log_p.grad).all()
    assert (log_p.grad[0] == 0).all()
    assert frames_needed([1, 1]) == 3
    assert frames_needed([1, 2, 1]) == 3
    assert frames_needed([]) == 0


def test_hundreds_of_small_probabilities_do_not_vanish():
    log_p = drawn(1, 400, 12).float()
    labels = torch.arange(1, 12).repeat(4)[None]
    asked = torch.tensor([400]), torch.tensor([44])
    found = ctc_log_probability(log_p, labels, *asked)
    wanted = -torchs_ctc_loss(log_p.double().transpose(0, 1), labels, *asked, reduction="sum")
    assert float(found) == pytest.approx(float(wanted), rel=1e-4)


def test_the_sum_of_nothing_has_no_gradient_and_is_not_nan():
    a = torch.tensor([-math.inf, 1.0, -math.inf], requires_grad=True)
    b = torch.tensor([-math.inf, -math.inf, 2.0], requires_grad=True)
    total = log_sum(a, b)
    assert total.tolist() == [-math.inf, 1.0, 2.0]
    total[1:].sum().backward()
    assert a.grad.tolist() == [0, 1, 0]
    assert b.grad.tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"labels": torch.tensor([[0, 1]])}, "labels: expected 1 … 2, got 0 … 1"),
        ({"labels": torch.tensor([[1, 3]])}, "labels: expected 1 … 2, got 1 … 3"),
        ({"label_lengths": torch.tensor([3])}, r"label_lengths: expected 0 … 2, got \[3\]"),
        ({"lengths": torch.tensor([5])}, "lengths: expected every length in 1 … 4"),
    ],
)
def test_what_does_not_fit_is_said(change, message):
    asked = {"labels": torch.tensor([[1, 2]]), "lengths": torch.tensor([4]), "label_lengths": torch.tensor([2])}
    with pytest.raises(ValueError, match=message):
        ctc_log_probability(drawn(1, 4, 3), **(asked | change))
