"""The record of memory tasks: what is drawn, what counts as right, and that a record says what was measured."""

import pytest
import torch

import seqviz as sv
from experiments.memory_tasks import ARCHITECTURES, LENGTH, SYMBOLS, TASKS, Sizes, answer, costs, measure


@pytest.mark.parametrize("name", TASKS)
def test_guessing_scores_what_the_task_says(name: str):
    task = TASKS[name]
    _x, y = task.draw(4000, 12, torch.Generator().manual_seed(3))
    if name == "adding":
        guess = torch.ones(4000, 1, 1)
    elif name == "copy":
        guess = torch.zeros(4000, y.shape[1], SYMBOLS + 2)
        guess[..., 1] = 1  # always the first symbol
    else:
        guess = torch.tensor([1.0, 0.0]).expand(4000, 1, 2)
    assert task.right(guess, y).float().mean().item() == pytest.approx(task.without_memory, abs=0.03)


def test_who_knows_the_answer_is_right_and_has_the_least_loss():
    _x, y = TASKS["copy"].draw(8, 5, torch.Generator().manual_seed(0))
    known = 50 * torch.nn.functional.one_hot(y, SYMBOLS + 2).float()
    assert TASKS["copy"].right(known, y).all()
    assert TASKS["copy"].right(known, y).shape == (8, LENGTH)
    assert TASKS["copy"].loss(known, y) < 1e-6


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_network_answers_at_every_step(architecture: str):
    torch.manual_seed(0)
    model = ARCHITECTURES[architecture](2, 3, 5)
    assert answer(model, torch.randn(4, 7, 2)).shape == (4, 7, 5)


def test_a_measurement_has_a_place_for_every_network_lag_and_seed():
    sizes = Sizes(steps=2, batch=4, hidden=3, test_sequences=10)
    found = measure(TASKS["copy"], (5, 6), 2, sizes)
    assert {name: {lag: len(row) for lag, row in rows.items()} for name, rows in found.items()} == {
        name: {"5": 2, "6": 2} for name in ARCHITECTURES
    }
    spent = costs(TASKS["copy"], 5, sizes, repeats=2)
    assert spent["GRU"]["parameters"] == sum(one.numel() for one in ARCHITECTURES["GRU"](6, 3, 6).parameters())


@pytest.mark.parametrize("task", TASKS)
def test_the_records_hold_what_the_script_measures_now(task: str):
    record, trace = sv.data.recorded(f"memory_{task}"), sv.traces.recorded_lags(task)
    assert trace.lags == TASKS[task].lags
    assert trace.networks == tuple(ARCHITECTURES)
    assert trace.accuracies.shape == (3, 4, record["seeds"])
    assert record["without memory"] == TASKS[task].without_memory
    assert ((trace.accuracies >= 0) & (trace.accuracies <= 1)).all()
