"""Answers against torch's GRU and a loop over glimpses on copied weights, float64, with gradients; padding; blind."""

import pytest
import torch
from torch import nn

from seqviz.models.seeing.question_answerer import QuestionAnswerer

TOKENS, ANSWERS, EMBEDDING, HIDDEN, ANNOTATION, ATTENTION, GLIMPSES, CELLS = 11, 7, 4, 5, 3, 6, 2, 8
DOUBLE = {"dtype": torch.float64}
CLOSE = {"rtol": 0, "atol": 1e-12}
LENGTHS = torch.tensor([4, 9, 1])


@pytest.fixture
def model() -> QuestionAnswerer:
    torch.manual_seed(0)
    return QuestionAnswerer(TOKENS, ANSWERS, EMBEDDING, HIDDEN, ANNOTATION, ATTENTION, GLIMPSES, torch.float64)


@pytest.fixture
def batch():
    generator = torch.Generator().manual_seed(1)
    annotations = torch.randn(3, CELLS, ANNOTATION, generator=generator, **DOUBLE)
    return annotations, torch.randint(TOKENS, (3, 9), generator=generator)


def read_by_torch(model: QuestionAnswerer, words) -> torch.Tensor:
    """The state after the last real word, by torch's GRU, one question at a time."""
    theirs = nn.GRU(EMBEDDING, HIDDEN, batch_first=True, **DOUBLE)
    with torch.no_grad():
        theirs.weight_ih_l0.copy_(model.reader.W_x)
        theirs.weight_hh_l0.copy_(model.reader.W_h)
        theirs.bias_ih_l0.copy_(model.reader.b)
        theirs.bias_hh_l0.zero_()
        theirs.bias_hh_l0[2 * HIDDEN :] = model.reader.b_hn
    embedded = nn.functional.embedding(words, model.E)
    return torch.stack([theirs(embedded[row : row + 1, :length])[1][0, 0] for row, length in enumerate(LENGTHS)])


def test_logits_and_weights_are_the_equations_one_glimpse_at_a_time_with_gradients(model, batch):
    annotations, words = batch
    annotations.requires_grad_()
    answer = model(annotations, words, LENGTHS)
    q = read_by_torch(model, words)
    logits, weights = [], []
    for row in range(3):
        parts, looked = [q[row]], []
        for g in range(GLIMPSES):
            e = torch.stack([model.v[g] @ torch.tanh(model.W[g] @ q[row] + model.U[g] @ a) for a in annotations[row]])
            alpha = e.softmax(0)
            parts.append((alpha @ annotations[row]) * (model.M[g] @ q[row]))
            looked.append(alpha)
        inner = torch.relu(nn.functional.linear(torch.cat(parts), model.W_u, model.b_u))
        logits.append(nn.functional.linear(inner, model.W_o, model.b_o))
        weights.append(torch.stack(looked))
    torch.testing.assert_close(answer.logits, torch.stack(logits), **CLOSE)
    torch.testing.assert_close(answer.weights, torch.stack(weights), **CLOSE)
    upstream = torch.randn_like(answer.logits)
    own = [p for name, p in model.named_parameters() if not name.startswith("reader")]
    ours = torch.autograd.grad(answer.logits, [annotations, *own], upstream)
    theirs = torch.autograd.grad(torch.stack(logits), [annotations, *own], upstream)
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, **CLOSE)


def test_padding_is_not_read(model, batch):
    annotations, words = batch
    changed = words.clone()
    changed[0, 4:], changed[2, 1:] = 5, 6
    torch.testing.assert_close(model(annotations, changed, LENGTHS), model(annotations, words, LENGTHS), **CLOSE)
    changed[0, 3] = (words[0, 3] + 1) % TOKENS  # the last word that is real
    assert not torch.allclose(model(annotations, changed, LENGTHS).logits[0], model(annotations, words, LENGTHS)[0][0])


def test_annotations_of_zeros_leave_the_question_alone(model, batch):
    _, words = batch
    few, many = (model(torch.zeros(3, cells, ANNOTATION, **DOUBLE), words, LENGTHS).logits for cells in (1, 20))
    torch.testing.assert_close(few, many, **CLOSE)


def test_weights_that_are_given_take_the_place_of_its_own(model, batch):
    annotations, words = batch
    own = model(annotations, words, LENGTHS)
    assert torch.equal(model(annotations, words, LENGTHS, own.weights).logits, own.logits)
    at_first = torch.zeros(3, GLIMPSES, CELLS, **DOUBLE)
    at_first[:, :, 0] = 1
    elsewhere = annotations.clone()
    elsewhere[:, 1:] += 1
    given = [model(picture, words, LENGTHS, at_first).logits for picture in (annotations, elsewhere)]
    torch.testing.assert_close(given[0], given[1], **CLOSE)


def test_sizes_below_one_are_refused():
    with pytest.raises(ValueError, match="glimpses: expected at least 1, got 0"):
        QuestionAnswerer(2, 2, 2, 2, 2, 2, 0)
