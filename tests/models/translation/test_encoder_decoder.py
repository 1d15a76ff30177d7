"""Encoder and decoder against torch's layers on copied weights; a step at a time gives what teacher forcing gives."""

import pytest
import torch
from torch import nn

from seqviz.data.tokenizer import BOS, EOS, PAD
from seqviz.models.stacked.from_torch import stacked_from_torch
from seqviz.models.translation.encoder_decoder import (
    EncoderDecoder,
    free_running_accuracy,
    sequence_loss,
    shift_right,
    state_for_decoder,
)

SOURCE, TARGET, EMBEDDING, HIDDEN = 9, 8, 5, 6
LENGTHS = torch.tensor([4, 7, 1])


def torchs(kind: type, layers: int) -> tuple[nn.RNNBase, nn.RNNBase]:
    torch.manual_seed(0)
    return tuple(kind(EMBEDDING, HIDDEN, layers, batch_first=True, dtype=torch.float64) for _ in range(2))


@pytest.fixture(params=[(nn.RNN, 1), (nn.GRU, 2), (nn.LSTM, 2)], ids=["RNN", "two GRUs", "two LSTMs"])
def both(request) -> tuple[EncoderDecoder, nn.RNNBase, nn.RNNBase]:
    encoder, decoder = torchs(*request.param)
    ours = [stacked_from_torch(one) for one in (encoder, decoder)]
    return EncoderDecoder(*ours, SOURCE, TARGET, EMBEDDING, HIDDEN, torch.float64), encoder, decoder


@pytest.fixture
def batch() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    return torch.randint(7, SOURCE, (3, 7), generator=generator), torch.randint(0, TARGET, (3, 5), generator=generator)


def test_logits_are_those_of_torchs_packed_encoder_and_its_decoder(both, batch):
    model, encoder, decoder = both
    source, target = batch
    found = model(source, target, LENGTHS)
    packed = nn.utils.rnn.pack_padded_sequence(model.E_x[source], LENGTHS, batch_first=True, enforce_sorted=False)
    states, _ = decoder(model.E_y[target], encoder(packed)[1])
    torch.testing.assert_close(found, states @ model.W_sy.T + model.b_y, rtol=0, atol=1e-10)
    upper = torch.randn_like(found)
    ours = torch.autograd.grad(found, model.E_x, upper, retain_graph=True)[0]
    theirs = torch.autograd.grad(states @ model.W_sy.T, model.E_x, upper)[0]
    torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-10)


def test_steps_one_by_one_say_what_teacher_forcing_says(both, batch):
    model, source, target = both[0], *batch
    state, said = model.encode(source, LENGTHS), []
    for token in target.unbind(1):
        log_probabilities, state = model.step(token, state)
        said.append(log_probabilities)
    torch.testing.assert_close(torch.stack(said, 1), model(source, target, LENGTHS).log_softmax(-1), rtol=0, atol=1e-12)


def test_padding_of_the_source_changes_nothing(both, batch):
    model, source, target = both[0], *batch
    other = source.clone()
    other[0, 4:] = PAD
    assert torch.equal(model(source, target, LENGTHS)[0], model(other, target, LENGTHS)[0])


def test_the_decoder_reads_the_start_and_all_but_the_last_token():
    target = torch.tensor([[7, 8, EOS], [7, EOS, PAD]])
    before = target.clone()
    assert shift_right(target, BOS).tolist() == [[BOS, 7, 8], [BOS, 7, EOS]]
    assert torch.equal(target, before)
    assert shift_right(torch.tensor([[EOS]]), BOS).tolist() == [[BOS]]


def test_the_loss_is_the_mean_over_real_tokens_not_over_sentences():
    logits = torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    target, lengths = torch.tensor([[1, 2, 3], [0, 3, 3]]), torch.tensor([3, 1])
    each = [nn.functional.cross_entropy(logits[i, t], target[i, t]) for i, t in [(0, 0), (0, 1), (0, 2), (1, 0)]]
    torch.testing.assert_close(sequence_loss(logits, target, lengths), sum(each) / 4, rtol=0, atol=1e-12)


def test_a_row_is_right_up_to_its_end_and_what_comes_after_does_not_count():
    target, lengths = torch.tensor([[5, 6, EOS], [5, EOS, PAD]]), torch.tensor([3, 2])
    said = torch.tensor([[5, 6, EOS, 9], [5, EOS, 6, 6]])
    assert free_running_accuracy(said, target, lengths) == 1.0
    said[0, 2] = 6
    assert free_running_accuracy(said, target, lengths) == 0.5
    with pytest.raises(ValueError, match="said: expected at least 3 steps, got 2"):
        free_running_accuracy(said[:, :2], target, lengths)


def test_the_final_states_of_two_directions_are_joined_layer_by_layer():
    torch.manual_seed(0)
    encoder = nn.GRU(EMBEDDING, 2, 2, batch_first=True, bidirectional=True, dtype=torch.float64)
    states, h_n = encoder(torch.randn(3, 4, EMBEDDING, dtype=torch.float64))
    joined = state_for_decoder(h_n)
    assert joined.shape == (2, 3, 4)
    torch.testing.assert_close(joined[1], torch.cat([states[:, -1, :2], states[:, 0, 2:]], -1), rtol=0, atol=0)
    with pytest.raises(ValueError, match="h_n: expected two states for each layer, got 3"):
        state_for_decoder(h_n[:3])
