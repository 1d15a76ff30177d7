"""The loss against torch's cross-entropy of yes and no, at the ends of float32, and against all samples at once."""

import math

import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits

from seqviz.models.embeddings.negative_sampling import expected_loss, negative_sampling_loss, noise_distribution
from seqviz.models.embeddings.pmi import shifted_pmi


def drawn(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_it_is_a_cross_entropy_of_one_yes_and_K_noes():
    e, o, negatives = drawn(6, 3), drawn(6, 3, seed=1), drawn(6, 4, 3, seed=2)
    logits = torch.cat([(e * o).sum(1, keepdim=True), torch.einsum("bd,bkd->bk", e, negatives)], 1)
    targets = torch.zeros(6, 5, dtype=torch.float64)
    targets[:, 0] = 1
    theirs = binary_cross_entropy_with_logits(logits, targets, reduction="none").sum(1)
    torch.testing.assert_close(negative_sampling_loss(e, o, negatives), theirs, rtol=0, atol=1e-12)


def test_it_stays_finite_where_the_sigmoid_has_rounded():
    e = torch.tensor([[200.0]], requires_grad=True)
    loss = negative_sampling_loss(e, torch.tensor([[-1.0]]), torch.tensor([[[1.0]]]))
    assert loss.item() == pytest.approx(400)
    loss.sum().backward()
    assert e.grad is not None
    assert e.grad.item() == pytest.approx(2)


def test_noise_is_flatter_than_the_frequencies():
    counts = torch.tensor([16.0, 1.0, 0.0, 81.0])
    torch.testing.assert_close(noise_distribution(counts), torch.tensor([8.0, 1.0, 0.0, 27.0]) / 36)
    torch.testing.assert_close(noise_distribution(counts, 1.0), counts / 98)
    torch.testing.assert_close(noise_distribution(counts, 0.0), torch.tensor([1.0, 1.0, 0.0, 1.0]) / 3)
    for wrong in (torch.zeros(2), torch.tensor([1.0, -1.0])):
        with pytest.raises(ValueError, match="counts"):
            noise_distribution(wrong)


@torch.no_grad()
def test_the_expected_loss_is_the_mean_over_all_pairs_and_draws():
    X = torch.tensor([[0.0, 3.0, 1.0], [3.0, 2.0, 0.0], [1.0, 0.0, 4.0]], dtype=torch.float64)
    noise = torch.tensor([0.5, 0.2, 0.3], dtype=torch.float64)
    E, Q = drawn(3, 2), drawn(3, 2, seed=1)
    K, total = 4, 0.0
    for w, row in enumerate(X):
        for c, times in enumerate(row):
            for n, p in enumerate(noise):  # K draws have K times the mean of one
                one = negative_sampling_loss(E[w][None], Q[c][None], Q[n][None, None])
                positive = negative_sampling_loss(E[w][None], Q[c][None], Q[:0][None])
                total += float(times * p * (positive + K * (one - positive)))
    assert float(expected_loss(E, Q, X, noise, K)) == pytest.approx(total / float(X.sum()), abs=1e-12)


def test_its_minimum_is_the_shifted_pmi():
    # the theorem of Levy and Goldberg, with vectors as long as there are words
    X = drawn(5, 5).exp()
    X, K = X + X.T, 3
    noise = noise_distribution(X.sum(0), 0.75)
    E, Q = drawn(5, 5, seed=3).requires_grad_(), drawn(5, 5, seed=4).requires_grad_()
    descent = torch.optim.LBFGS([E, Q], max_iter=2000, tolerance_grad=1e-12, line_search_fn="strong_wolfe")

    def closure():
        descent.zero_grad()
        loss = expected_loss(E, Q, X, noise, K)
        loss.backward()
        return loss

    for _ in range(3):
        descent.step(closure)
    torch.testing.assert_close((E @ Q.T).detach(), shifted_pmi(X, K, noise), rtol=0, atol=1e-3)


def test_shapes_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match="negatives"):
        negative_sampling_loss.__wrapped__(torch.zeros(2, 3), torch.zeros(2, 3), torch.zeros(2, 4, 5))
    assert math.isfinite(float(negative_sampling_loss(torch.zeros(1, 3), torch.zeros(1, 3), torch.zeros(1, 0, 3))[0]))
