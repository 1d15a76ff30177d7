"""The record of the verb's recipes: each differs from the page's in what its name says, and the record is whole."""

import json
from dataclasses import asdict, replace

import seqviz as sv
from experiments import verb_recipe
from experiments.verb_recipe import RECIPES, Recipe, right_verbs


def test_each_recipe_differs_from_the_pages_in_what_its_name_says():
    page = asdict(Recipe())
    changed = {
        name: {key for key, value in asdict(recipe).items() if value != page[key]} for name, recipe in RECIPES.items()
    }
    assert changed == {
        "as on the page": set(),
        "learning rate 0.003": {"learning_rate"},
        "the verb alone": {"every_word"},
        "the verb alone, 0.003": {"learning_rate", "every_word"},
        "0.003, 1500 steps": {"learning_rate", "steps"},
        "the verb alone, 0.003, 1500 steps of 64": {"learning_rate", "every_word", "steps", "batch"},
        "the verb alone, 0.003, 1500 of 64, always 15 words": set(page),
    }


def test_a_training_gives_a_share_for_every_distance_and_the_same_again():
    small = replace(Recipe(), steps=2, batch=2)
    shares = right_verbs(small, 1)
    assert len(shares) == len(verb_recipe.DISTANCES)
    assert all(0 <= share <= 1 for share in shares)
    assert shares == right_verbs(small, 1)


def test_the_record_holds_every_recipe_and_seed():
    record = sv.data.recorded("verb_recipe")
    assert record["recipes"] == json.loads(json.dumps({name: asdict(recipe) for name, recipe in RECIPES.items()}))
    assert record["distances"] == list(verb_recipe.DISTANCES)
    for of_seeds in record["right verbs"].values():
        assert len(of_seeds) == record["seeds"] >= 5
