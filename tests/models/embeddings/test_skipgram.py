"""The loss of a batch of pairs, one pair after the other; at first every pair is as likely as not."""

import math

import pytest
import torch

from seqviz.models.embeddings.skipgram import SkipGram


@torch.no_grad()
def test_the_loss_is_that_of_each_pair_alone():
    torch.manual_seed(0)
    model = SkipGram(6, 3, dtype=torch.float64)
    with torch.no_grad():
        model.O.normal_()
    pairs, negatives = torch.tensor([[0, 5], [4, 4], [2, 1]]), torch.tensor([[1, 1], [3, 5], [0, 2]])
    for loss, (w, c), drawn in zip(model(pairs, negatives), pairs.tolist(), negatives.tolist(), strict=True):
        yes = 1 / (1 + math.exp(-float(model.E[w] @ model.O[c])))
        noes = [1 / (1 + math.exp(float(model.E[w] @ model.O[k]))) for k in drawn]
        assert float(loss) == pytest.approx(-math.log(yes) - sum(map(math.log, noes)), abs=1e-12)


@torch.no_grad()
def test_at_first_every_pair_is_as_likely_as_not():
    loss = SkipGram(6, 3)(torch.tensor([[1, 2]]), torch.tensor([[3, 4, 5]]))
    assert loss.item() == pytest.approx(4 * math.log(2))


def test_shapes_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match="pairs"):
        SkipGram.forward.__wrapped__(SkipGram(6, 3), torch.tensor([1, 2]), torch.tensor([[3]]))
