"""Both decoders against torch's cell and attention on copied weights, float64, with gradients; training and writing."""

import pytest
import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

from seqviz.models.decoding import next_log_probabilities
from seqviz.models.seeing.captioner import Captioner, ShowAndTell, ShowAttendAndTell, with_places
from seqviz.models.translation.search import beam_search, greedy

TOKENS, EMBEDDING, HIDDEN, ANNOTATION, ATTENTION, CELLS = 9, 4, 5, 3, 6, 8
DOUBLE = {"dtype": torch.float64}
CLOSE = {"rtol": 0, "atol": 1e-12}


def build(kind: str) -> Captioner:
    torch.manual_seed(0)
    if kind == "tell":
        return ShowAndTell(TOKENS, EMBEDDING, HIDDEN, CELLS, ANNOTATION, torch.float64)
    return ShowAttendAndTell(TOKENS, EMBEDDING, HIDDEN, ANNOTATION, ATTENTION, torch.float64)


@pytest.fixture(params=["tell", "attend"])
def model(request) -> Captioner:
    return build(request.param)


@pytest.fixture
def batch():
    generator = torch.Generator().manual_seed(1)
    annotations = torch.randn(2, CELLS, ANNOTATION, generator=generator, **DOUBLE)
    return annotations, torch.randint(TOKENS, (2, 7), generator=generator)


def torch_cell(model: Captioner) -> nn.LSTMCell:
    """torch's cell with the weights of a decoder."""
    cell = nn.LSTMCell(model.W_x.shape[1], HIDDEN, **DOUBLE)
    with torch.no_grad():
        cell.weight_ih.copy_(model.W_x)
        cell.weight_hh.copy_(model.W_h)
        cell.bias_ih.copy_(model.b)
        cell.bias_hh.zero_()
    return cell


def told(model: ShowAndTell, cell: nn.LSTMCell, annotations, words):
    both = nn.functional.linear(annotations.reshape(2, -1), model.W_p, model.b_p)
    h, c = both[:, :HIDDEN], both[:, HIDDEN:]
    logits = []
    for t in range(words.shape[1]):
        h, c = cell(nn.functional.embedding(words[:, t], model.E_y), (h, c))
        logits.append(nn.functional.linear(h, model.W_o, model.b_o))
    return torch.stack(logits, 1), None


def attended(model: ShowAttendAndTell, cell: nn.LSTMCell, annotations, words):
    """One cell of one picture at a time for the scores, and torch's attention for the weighted sum."""
    both = torch.tanh(nn.functional.linear(sum(annotations.unbind(1)) / CELLS, model.W_s, model.b_s))
    h, c = both[:, :HIDDEN], both[:, HIDDEN:]
    logits, looked = [], []
    for t in range(words.shape[1]):
        scores = torch.stack(
            [
                torch.stack([model.v_a @ torch.tanh(model.W_a @ h[row] + model.U_a @ a) for a in annotations[row]])
                for row in range(2)
            ]
        )
        one, zero = torch.ones(2, 1, 1, **DOUBLE), scores[..., None]
        context = scaled_dot_product_attention(one, zero, annotations, scale=1.0)[:, 0]
        y = nn.functional.embedding(words[:, t], model.E_y)
        h, c = cell(torch.cat([y, context], 1), (h, c))
        logits.append(nn.functional.linear(torch.cat([h, context, y], 1), model.W_o, model.b_o))
        looked.append(nn.functional.softmax(scores, 1))
    return torch.stack(logits, 1), torch.stack(looked, 1)


def test_logits_weights_and_gradients_are_those_of_torchs_parts(model, batch):
    annotations, words = batch
    loop = told if isinstance(model, ShowAndTell) else attended
    cell = torch_cell(model)
    annotations = annotations.requires_grad_()
    logits, looked = model(annotations, words)
    expected, weights = loop(model, cell, annotations, words)  # type: ignore[arg-type] the loop of this model
    torch.testing.assert_close(logits, expected, **CLOSE)
    if weights is not None:
        torch.testing.assert_close(looked, weights, **CLOSE)
    upstream = torch.randn_like(logits)
    own = [parameter for name, parameter in model.named_parameters() if name not in ("W_x", "W_h", "b")]
    ours = torch.autograd.grad(logits, [annotations, *own, model.W_x, model.W_h, model.b], upstream)
    shared = [cell.weight_ih, cell.weight_hh, cell.bias_ih]
    theirs = torch.autograd.grad(expected, [annotations, *own, *shared], upstream)
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a, b, **CLOSE)


def test_the_decode_step_says_what_training_says(model, batch):
    annotations, words = batch
    expected = model(annotations[:1], words[:1])[0][0].log_softmax(-1)
    torch.testing.assert_close(next_log_probabilities(model.step, model.encode(annotations[:1]), words[0]), expected)


def test_what_is_written_is_what_greedy_search_finds(model, batch):
    annotations, _ = batch
    tokens, looked = model.write(annotations, start=1, length=6)
    for row in range(2):
        found = greedy(model.step, model.encode(annotations[row : row + 1]), 1, -1, 6)  # an end that never comes
        assert found.tokens == tuple(tokens[row].tolist())
        assert len(beam_search(model.step, model.encode(annotations[row : row + 1]), 1, 2, 3, 4)) >= 1
    if looked is not None:
        assert looked.shape == (2, 6, CELLS)
        torch.testing.assert_close(looked.sum(-1), torch.ones(2, 6, **DOUBLE))


def test_weights_that_are_given_take_the_place_of_its_own(batch):
    model, (annotations, _) = build("attend"), batch
    assert isinstance(model, ShowAttendAndTell)
    state, token = model.encode(annotations), torch.tensor([3, 4])
    own = model.look(token, state)
    assert torch.equal(model.look(token, state, own.weights).logits, own.logits)
    one_cell = torch.zeros(2, CELLS, **DOUBLE)
    one_cell[:, 5] = 1
    alone = model.look(token, state, one_cell)
    elsewhere = annotations.clone()
    elsewhere[:, :5] += 1
    assert torch.equal(alone.logits, model.look(token, state._replace(annotations=elsewhere), one_cell).logits)


def test_places_run_across_then_down():
    cells = torch.arange(6.0).view(1, 6, 1)
    placed = with_places(cells, rows=2)[0]
    across, down = [-2 / 3, 0, 2 / 3] * 2, [-0.5] * 3 + [0.5] * 3
    torch.testing.assert_close(placed, torch.tensor([cells[0, :, 0].tolist(), across, down]).T)
    with pytest.raises(ValueError, match="rows: expected a divisor of 6, the number of cells, got 4"):
        with_places(cells, rows=4)


def test_a_length_below_one_is_refused(model, batch):
    with pytest.raises(ValueError, match="length: expected at least 1, got 0"):
        model.write(batch[0], 1, 0)
