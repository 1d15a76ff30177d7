"""The network against torch's own layers, with outputs and gradients, and its one row of padding."""

import pytest
import torch
from torch import nn

from seqviz.models.embeddings.neural_ngram import NeuralNGram


def test_it_is_a_lookup_and_two_layers_of_torch():
    torch.manual_seed(0)
    model = NeuralNGram(vocabulary=7, size=3, hidden=5, order=4, dtype=torch.float64)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_()
    lookup = nn.Embedding.from_pretrained(model.E.detach(), freeze=False)
    hidden, output = nn.Linear(9, 5, dtype=torch.float64), nn.Linear(5, 7, dtype=torch.float64)
    hidden.load_state_dict({"weight": model.W_xh, "bias": model.b_h})
    output.load_state_dict({"weight": model.W_hy, "bias": model.b_y})
    context, y = torch.randint(8, (6, 3)), torch.randint(7, (6,))
    theirs = output(torch.tanh(hidden(lookup(context).flatten(1))))
    ours = model(context)
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-12)
    for logits in (ours, theirs):
        nn.functional.cross_entropy(logits, y).backward()
    pairs = [
        (model.E, lookup.weight),
        (model.W_xh, hidden.weight),
        (model.b_h, hidden.bias),
        (model.W_hy, output.weight),
        (model.b_y, output.bias),
    ]
    for one, other in pairs:
        torch.testing.assert_close(one.grad, other.grad, rtol=0, atol=1e-12)


def test_the_order_of_the_context_counts():
    model = NeuralNGram(5, 2, 3, order=3)
    a, b = model(torch.tensor([[1, 2], [2, 1]]))
    assert not torch.allclose(a, b)


def test_impossible_requests_are_named():
    with pytest.raises(ValueError, match="context: expected at least 1"):
        NeuralNGram(5, 2, 3, order=1)
    with pytest.raises(ValueError, match="context=2"):
        NeuralNGram(5, 2, 3, order=3)(torch.tensor([[1, 2, 3]]))
