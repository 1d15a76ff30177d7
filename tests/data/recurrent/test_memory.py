"""Tasks of memory: what is asked for is what was shown, at its distance."""

import math

import pytest
import torch

from seqviz.data.recurrent.memory import adding_problem, copy_memory, delayed_echo


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("time", [2, 3, 7, 20])
def test_the_sum_is_of_the_two_marked_numbers_one_in_each_half(time):
    x, y = adding_problem(300, time, seeded())
    assert x.shape == (300, time, 2)
    for sequence, total in zip(x, y, strict=True):
        marked = sequence[:, 1].nonzero()[:, 0].tolist()
        assert len(marked) == 2
        assert marked[0] < time // 2 <= marked[1]
        assert total == pytest.approx(sum(float(sequence[t, 0]) for t in marked), abs=1e-6)
    places = x[..., 1].sum(0)
    assert (places > 0).all(), "every step is marked in some sequence"
    assert ((x[..., 0] >= 0) & (x[..., 0] < 1)).all()


def test_who_always_answers_one_has_an_error_of_a_sixth():
    _, y = adding_problem(50_000, 10, seeded())
    assert (y - 1).square().mean().item() == pytest.approx(1 / 6, rel=0.03)


def test_the_copy_waits_and_comes_in_order():
    x, y = copy_memory(40, 6, seeded(), symbols=5, length=3)
    assert x.shape == y.shape == (40, 12)
    message = x[:, :3]
    assert ((message >= 1) & (message <= 5)).all()
    assert message.unique().tolist() == [1, 2, 3, 4, 5]
    assert torch.equal(y[:, -3:], message)
    assert not y[:, :-3].any()
    assert (x[:, 8] == 6).all()
    assert not x[:, 3:8].any()
    assert not x[:, 9:].any()
    assert (x != 0).sum(1).tolist() == [4] * 40


def test_from_reading_to_writing_a_symbol_are_delay_plus_length_steps():
    x, y = copy_memory(5, 1, seeded(), length=4)
    assert torch.equal(y[:, 5:], x[:, :4])
    assert (x[:, 4] == 9).all()


def test_the_echo_is_the_coin_of_so_many_steps_before():
    x, y = delayed_echo(6, 12, 5, seeded())
    assert x.shape == (6, 12, 1)
    assert sorted(x.unique().tolist()) == [-1, 1]
    assert torch.equal(y[:, 5:], (x[:, :-5, 0] > 0).long())


def test_the_first_echoes_are_of_coins_nobody_saw():
    x, y = delayed_echo(4000, 3, 7, seeded())
    assert abs((2.0 * y - 1).mul(x[..., 0]).mean()) < 0.05
    assert y.double().mean().item() == pytest.approx(0.5, abs=0.03)


def test_who_forgets_everything_pays_what_is_said():
    length, symbols, delay = 10, 8, 20
    x, y = copy_memory(2000, delay, seeded())
    logits = torch.zeros(*x.shape, symbols + 2)
    logits[..., 0] = 50
    logits[:, -length:, :] = torch.tensor([-50.0, *[0.0] * symbols, -50.0])
    loss = torch.nn.functional.cross_entropy(logits.transpose(1, 2), y)
    assert loss.item() == pytest.approx(length * math.log(symbols) / (delay + 2 * length), rel=1e-4)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: adding_problem(3, 1, seeded()), "time: expected at least 2"),
        (lambda: copy_memory(3, 0, seeded()), "delay: expected at least 1"),
        (lambda: delayed_echo(3, 5, 0, seeded()), "lag: expected at least 1"),
    ],
)
def test_what_cannot_be_asked_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()


@pytest.mark.parametrize("make", [adding_problem, copy_memory, lambda b, t, g: delayed_echo(b, t, 3, g)])
def test_the_same_seed_draws_the_same_numbers(make):
    one, same, other = make(4, 9, seeded(1)), make(4, 9, seeded(1)), make(4, 9, seeded(2))
    assert all(torch.equal(a, b) for a, b in zip(one, same, strict=True))
    assert not torch.equal(one[0], other[0])
