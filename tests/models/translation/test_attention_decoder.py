"""Both recipes against torch's cells and loops over single steps, on copied weights."""

import pytest
import torch
from torch import nn

from seqviz.models.stacked.recurrent_layers import GRULayer
from seqviz.models.translation.attention_decoder import AttentiveTranslator, BahdanauTranslator, LuongTranslator

SOURCE, TARGET, EMBEDDING, HIDDEN, ATTENTION = 9, 8, 5, 6, 7
LENGTHS = torch.tensor([4, 7, 1])
KINDS = ["Bahdanau", "dot", "general", "concat"]


@pytest.fixture(params=KINDS)
def model(request) -> AttentiveTranslator:
    torch.manual_seed(0)
    if request.param == "Bahdanau":
        return BahdanauTranslator(SOURCE, TARGET, EMBEDDING, HIDDEN, ATTENTION, torch.float64)
    return LuongTranslator(SOURCE, TARGET, EMBEDDING, HIDDEN, request.param, torch.float64)


@pytest.fixture
def batch() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    return torch.randint(0, SOURCE, (3, 7), generator=generator), torch.randint(0, TARGET, (3, 5), generator=generator)


def torch_cell(layer: GRULayer) -> nn.GRUCell:
    """torch's cell with the weights of a layer: our one bias, and the candidate's second one."""
    hidden = layer.W_h.shape[1]
    cell = nn.GRUCell(layer.W_x.shape[1], hidden, dtype=torch.float64)
    with torch.no_grad():
        cell.weight_ih.copy_(layer.W_x)
        cell.weight_hh.copy_(layer.W_h)
        cell.bias_ih.copy_(layer.b)
        cell.bias_hh.zero_()
        cell.bias_hh[2 * hidden :] = layer.b_hn
    return cell


def slowly(model: AttentiveTranslator, source: torch.Tensor, target: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """One sentence without padding, one step and one source position at a time."""
    forward, backward = torch_cell(model.encoder.forward_layer), torch_cell(model.encoder.backward_layer.layer)
    x, h, ahead = model.E_x[source], torch.zeros(1, HIDDEN // 2, dtype=torch.float64), []
    for x_t in x:
        h = forward(x_t[None], h)
        ahead.append(h)
    back, h = [], torch.zeros_like(h)
    for x_t in x.flip(0):
        h = backward(x_t[None], h)
        back.insert(0, h)
    annotations = torch.cat([torch.cat(ahead), torch.cat(back)], -1)
    s, cell = torch.cat([ahead[-1], back[0]], -1), torch_cell(model.cell)
    logits, weights = [], []

    def look(score) -> torch.Tensor:
        e = torch.stack([score(a_t) for a_t in annotations])
        weights.append(e.exp() / e.exp().sum())
        return sum(alpha * a_t for alpha, a_t in zip(weights[-1], annotations, strict=True))

    for token in target:
        y = model.E_y[token]
        if isinstance(model, BahdanauTranslator):
            c = look(lambda a, s=s: model.v_a @ torch.tanh(model.W_a @ s[0] + model.U_a @ a))
            s = cell(torch.cat([y, c])[None], s)
            logits.append(model.W_o @ torch.cat([s[0], c, y]) + model.b_o)
            continue
        s = cell(y[None], s)
        W_a, v_a = (*model.scoring, None, None)[:2]
        score = {
            "dot": lambda a, s=s: s[0] @ a,
            "general": lambda a, s=s, W=W_a: s[0] @ W @ a,
            "concat": lambda a, s=s, W=W_a, v=v_a: v @ torch.tanh(W @ torch.cat([s[0], a])),
        }[model.score]
        c = look(score)
        logits.append(model.W_o @ torch.tanh(model.W_c @ torch.cat([c, s[0]])) + model.b_o)
    return torch.stack(logits), torch.stack(weights)


def test_logits_and_weights_are_those_of_a_loop_over_unpadded_sentences(model, batch):
    source, target = batch
    logits, weights = model(source, target, LENGTHS)
    for row, length in enumerate(LENGTHS.tolist()):
        said, looked = slowly(model, source[row, :length], target[row])
        torch.testing.assert_close(logits[row], said, rtol=0, atol=1e-10)
        torch.testing.assert_close(weights[row, :, :length], looked, rtol=0, atol=1e-10)
        assert not weights[row, :, length:].any(), "no weight on padding"


def test_steps_one_by_one_say_what_teacher_forcing_says(model, batch):
    source, target = batch
    state, said = model.encode(source, LENGTHS), []
    for token in target.unbind(1):
        log_probabilities, state = model.step(token, state)
        said.append(log_probabilities)
    forced = model(source, target, LENGTHS)[0].log_softmax(-1)
    torch.testing.assert_close(torch.stack(said, 1), forced, rtol=0, atol=1e-12)


def test_weights_that_are_given_are_used_instead_of_its_own(model, batch):
    source, target = batch
    state = model.encode(source, LENGTHS)
    own = model.look(target[:, 0], state)
    again = model.look(target[:, 0], state, own.weights)
    torch.testing.assert_close(again.logits, own.logits, rtol=0, atol=1e-12)
    turned = model.look(target[:, 0], state, own.weights.flip(1))
    assert not torch.allclose(turned.logits[1], own.logits[1])


def test_sizes_and_scores_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="hidden: expected an even number of at least 2, got 5"):
        BahdanauTranslator(SOURCE, TARGET, EMBEDDING, 5, ATTENTION)
    with pytest.raises(ValueError, match="score: expected one of 'dot', 'general', 'concat', got 'cosine'"):
        LuongTranslator.__init__.__wrapped__(  # past the check of types
            LuongTranslator.__new__(LuongTranslator), SOURCE, TARGET, EMBEDDING, HIDDEN, "cosine"
        )
