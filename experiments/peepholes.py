"""Why a network without a forget gate drowns in a long story: ``python -m experiments.peepholes``.

NFG of `experiments.lstm_ablation` has no forget gate and has peepholes. Trained as there, it reads a story of 300
sentences as it is, and once more with what one of its peepholes sees limited to ±2: nothing else is changed. The result
is a record of the package, which the chapter shows: ``sv.data.recorded("peepholes")``.
"""

import argparse
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context

import torch

from benchmarks import report
from experiments.lstm_ablation import Sizes, asked_of, learn_people
from seqviz.data import AGREEMENT_VOCABULARY
from seqviz.data.gated.agreement import People, story
from seqviz.data.records import FOLDER
from seqviz.models import LSTMVariant

LIMIT = 2.0
LIMITED = {"as it is": "", "input gate's peephole limited": "i", "output gate's peephole limited": "o"}


def right_endings(model: LSTMVariant, text: People, limited: str) -> tuple[float, float]:
    """Return the share of right endings, and the largest cell at the end.

    where ``limited`` is the letter of the gate whose peephole sees no cell beyond ±LIMIT, or empty.
    """
    layer = model.layer
    assert layer.p is not None
    p_i, p_o = layer.p.chunk(2)
    h = c = torch.zeros(1, layer.W_h.shape[1])
    states = []

    def seen(gate: str, c: torch.Tensor) -> torch.Tensor:
        return c.clamp(-LIMIT, LIMIT) if gate == limited else c

    with torch.no_grad():
        for projected in AGREEMENT_VOCABULARY.one_hot(text.indices) @ layer.W_x.T + layer.b:
            a_i, a_g, a_o = (projected + h @ layer.W_h.T).chunk(3, -1)
            c = c + torch.sigmoid(a_i + p_i * seen("i", c)) * torch.tanh(a_g)
            h = torch.sigmoid(a_o + p_o * seen("o", c)) * torch.tanh(c)
            states.append(h)
        scores = torch.cat(states) @ model.W_hy.T + model.b_y
    endings = torch.tensor(text.endings)
    right = scores[endings - 1].argmax(-1) == text.indices[endings]
    return right.float().mean().item(), c.abs().max().item()


def run(seed: int, sizes: Sizes) -> dict[str, float]:
    """Train once; return the shares of right endings, and the largest cell of the free run."""
    torch.set_num_threads(1)
    model, text = learn_people("NFG", sizes, seed), story(asked_of(sizes, seed))
    found = {name: right_endings(model, text, limited) for name, limited in LIMITED.items()}
    result = {name: share for name, (share, _) in found.items()} | {"largest cell": found["as it is"][1]}
    print(seed, {name: round(value, 3) for name, value in result.items()}, flush=True)
    return result


def measure(sizes: Sizes, seeds: int, jobs: int = 1) -> dict[str, list[float]]:
    """For each thing measured, the result of every seed, several processes at a time."""
    if jobs == 1:
        found = [run(seed, sizes) for seed in range(seeds)]
    else:
        with ProcessPoolExecutor(jobs, get_context("spawn")) as pool:
            waiting = [pool.submit(run, seed, sizes) for seed in range(seeds)]
            found = [result.result() for result in waiting]
    return {name: [of_seed[name] for of_seed in found] for name in found[0]}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    sizes = Sizes()
    record = {
        "command": "python -m experiments.peepholes",
        "sizes": asdict(sizes),
        "limit": LIMIT,
        "seeds": arguments.seeds,
        "environment": report.environment("torch"),
        "results": measure(sizes, arguments.seeds, arguments.jobs),
    }
    print(f"Written: {report.write('peepholes', record, FOLDER)}")


if __name__ == "__main__":
    main()
