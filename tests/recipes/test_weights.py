"""Kept weights are those that the recipe says, and say how they were made."""

import pytest
import torch

import seqviz as sv
from seqviz.recipes.weights import follow, recipes, record, trained


@pytest.mark.parametrize("name", recipes())
def test_a_record_says_which_command_made_it(name):
    made = record(name)
    assert made["command"] == f"python -m seqviz.recipes.weights {name}"
    assert {"seed", "steps", "mean of the last 20 losses", "environment"} <= made.keys()
    assert not trained(name).training


def test_a_name_without_a_recipe_is_refused():
    with pytest.raises(ValueError, match=r"expected one of .*prose_rnn.*, got 'nothing'"):
        trained("nothing")


def test_the_prose_network_expects_prose():
    """Fresh windows cost what the record says, well below what letters alone would give."""
    network, alphabet = sv.trained("prose_rnn"), sv.data.PROSE_ALPHABET
    x, y = sv.data.windows(alphabet.encode(sv.data.prose()), 64, 40, torch.Generator().manual_seed(5))
    with torch.no_grad():
        loss = sv.models.losses.step_cross_entropy(network(alphabet.one_hot(x))[0], y).mean().item()
    assert loss == pytest.approx(record("prose_rnn")["mean of the last 20 losses"], abs=0.2)
    assert loss < 2.1


@pytest.mark.slow
@pytest.mark.parametrize("name", recipes())
def test_following_a_recipe_again_ends_where_the_record_says(name):
    _, made = follow(name)
    kept = record(name)
    assert made["mean of the last 20 losses"] == pytest.approx(kept["mean of the last 20 losses"], abs=0.1)
