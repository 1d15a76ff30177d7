"""The score against torch's own layers; the hinge against torch's margin ranking loss."""

import pytest
import torch
from torch import nn

from seqviz.models.embeddings.window_ranker import WindowRanker, ranking_loss


def test_it_is_a_lookup_and_two_layers_of_torch():
    torch.manual_seed(0)
    model = WindowRanker(vocabulary=7, size=3, hidden=5, width=4, dtype=torch.float64)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_()
    hidden = nn.Linear(12, 5, dtype=torch.float64)
    hidden.load_state_dict({"weight": model.W_xh, "bias": model.b_h})
    window = torch.randint(8, (6, 4))
    vectors = nn.functional.embedding(window, model.E)
    theirs = nn.functional.linear(torch.tanh(hidden(vectors.flatten(1))), model.u[None])[:, 0]
    torch.testing.assert_close(model(window), theirs, rtol=0, atol=1e-12)


def test_the_hinge_is_that_of_torch():
    true, spoilt = torch.tensor([2.0, 0.3, -1.0, 1.0]), torch.tensor([0.5, 0.1, 4.0, 0.0])
    theirs = nn.functional.margin_ranking_loss(true, spoilt, torch.ones(4), margin=1.0, reduction="none")
    torch.testing.assert_close(ranking_loss(true, spoilt), theirs)
    assert ranking_loss(true, spoilt)[0] == 0


def test_impossible_requests_are_named():
    with pytest.raises(ValueError, match="width: expected at least 1"):
        WindowRanker(5, 2, 3, width=0)
    with pytest.raises(ValueError, match="width=3"):
        WindowRanker(5, 2, 3, width=3)(torch.tensor([[1, 2]]))
    with pytest.raises(ValueError, match="spoilt"):
        ranking_loss.__wrapped__(torch.zeros(3), torch.zeros(2))
