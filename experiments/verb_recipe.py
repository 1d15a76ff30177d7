"""Why the plain network of chapter 06 does not learn its verbs: ``python -m experiments.verb_recipe``.

The recipe of the chapter's meals, and recipes that differ from it in one thing or in two, with five seeds each. The
network is the plain one, started orthogonal; after training it chooses between “was” and “were” at distances of 7, 15
and 30 words. The result is a record of the package, which the chapter shows: ``sv.data.recorded("verb_recipe")``.
"""

import argparse
from dataclasses import asdict, dataclass

import torch
from torch import Generator, Tensor

from benchmarks import report
from seqviz.data.gated.agreement import AGREEMENT_VOCABULARY, meals
from seqviz.data.records import FOLDER, recorded
from seqviz.models import RNN
from seqviz.models.losses import step_cross_entropy
from seqviz.models.recurrent import bptt
from seqviz.models.recurrent.initialisation import start_orthogonal
from seqviz.models.recurrent_network import output_layer
from seqviz.training import train

HIDDEN, ASKED, DISTANCES = 32, 300, (7, 15, 30)
WAS, WERE = AGREEMENT_VOCABULARY.encode(["was", "were"]).tolist()


@dataclass(frozen=True)
class Recipe:
    learning_rate: float = 0.01
    every_word: bool = True  # the loss is the mean over all words and the verb's once more; else the verb's alone
    steps: int = 600
    batch: int = 16
    distances: tuple[int, int] = (7, 15)  # the least and the most words between subject and verb


RECIPES = {
    "as on the page": Recipe(),
    "learning rate 0.003": Recipe(learning_rate=0.003),
    "the verb alone": Recipe(every_word=False),
    "the verb alone, 0.003": Recipe(learning_rate=0.003, every_word=False),
    "0.003, 1500 steps": Recipe(learning_rate=0.003, steps=1500),
    "the verb alone, 0.003, 1500 steps of 64": Recipe(0.003, False, 1500, 64),
    "the verb alone, 0.003, 1500 of 64, always 15 words": Recipe(0.003, False, 1500, 64, (15, 15)),
}


def scores_of(model: RNN, words: Tensor) -> Tensor:
    x = AGREEMENT_VOCABULARY.one_hot(words)
    states = bptt.rnn_recurrence(x, model.W_xh, model.W_hh, model.b_h, nonlinearity=model.nonlinearity)
    return output_layer(states, model.W_hy, model.b_y)


def right_verbs(recipe: Recipe, seed: int) -> list[float]:
    """Train once; return the share of right verbs at each of the distances."""
    torch.manual_seed(seed)
    draws = Generator().manual_seed(seed)
    model = start_orthogonal(RNN(len(AGREEMENT_VOCABULARY), HIDDEN, len(AGREEMENT_VOCABULARY)))

    def loss(_step: int) -> Tensor:
        least, most = recipe.distances
        distance = int(torch.randint(least, most + 1, (), generator=draws))
        words = meals(recipe.batch, distance, draws)
        per_word = step_cross_entropy(scores_of(model, words[:, :-1]), words[:, 1:])
        verb = per_word[:, distance + 1].mean()
        return per_word.mean() + verb if recipe.every_word else verb

    train(model, loss, steps=recipe.steps, learning_rate=recipe.learning_rate, clip_norm=1.0)
    shares = []
    for distance in DISTANCES:
        words = meals(ASKED, distance, draws)
        with torch.no_grad():
            scores = scores_of(model, words[:, :-1])[:, distance + 1]
        plural = scores[:, WERE] > scores[:, WAS]
        shares.append((plural == (words[:, distance + 2] == WERE)).float().mean().item())
    return shares


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--only", nargs="+", choices=RECIPES, help="measure these, and keep the record of the others")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    results = dict(recorded("verb_recipe")["right verbs"]) if arguments.only else {}
    for name in arguments.only or RECIPES:
        results[name] = [right_verbs(RECIPES[name], seed) for seed in range(arguments.seeds)]
        print(name, [[round(share, 2) for share in shares] for shares in results[name]], flush=True)
    record = {
        "command": "python -m experiments.verb_recipe",
        "recipes": {name: asdict(recipe) for name, recipe in RECIPES.items()},
        "distances": list(DISTANCES),
        "seeds": arguments.seeds,
        "environment": report.environment("torch") | {"threads": 1},
        "right verbs": results,
    }
    print(f"Written: {report.write('verb_recipe', record, FOLDER)}")


if __name__ == "__main__":
    main()
