"""The weights that a recipe made, kept in the package so that nobody waits for the same training twice.

A recipe is a file of this folder with two functions: ``build()`` returns the network untrained, and
``train(network, seed)`` trains it. ``python -m seqviz.recipes.weights NAME`` follows one and writes what came of it.
"""

import json
import platform
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn

FOLDER = Path(__file__).parent / "records"
SEED = 0


def recipes() -> list[str]:
    """Return the names of the recipes whose weights are kept."""
    return sorted(path.stem for path in FOLDER.glob("*.safetensors"))


def trained(name: str) -> nn.Module:
    """Return the network of a recipe with the weights that its training gave, ready to be asked.

    Raises ValueError for a name that has no recipe.
    """
    if name not in recipes():
        raise ValueError(f"expected one of {', '.join(recipes())}, got {name!r}")
    network: nn.Module = _recipe(name).build()
    network.load_state_dict(load_file(FOLDER / f"{name}.safetensors"))
    return network.eval()


def record(name: str) -> dict[str, Any]:
    """Return how the kept weights were made: the command, the seed, the last losses and the versions."""
    with safe_open(FOLDER / f"{name}.safetensors", framework="pt") as file:
        return json.loads(file.metadata()["record"])


def follow(name: str, seed: int = SEED) -> tuple[nn.Module, dict[str, Any]]:
    """Train the network of a recipe anew; return it with the record of how."""
    torch.manual_seed(seed)
    recipe = _recipe(name)
    network: nn.Module = recipe.build()
    history = recipe.train(network, seed)
    last = history.losses[-20:]
    return network, {
        "command": f"python -m seqviz.recipes.weights {name}",
        "seed": seed,
        "steps": len(history.losses),
        "mean of the last 20 losses": round(sum(last) / len(last), 4),
        "environment": {"python": platform.python_version(), "torch": torch.__version__},
    }


def write(name: str) -> Path:
    """Follow a recipe and keep its weights; return their file."""
    network, made = follow(name)
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{name}.safetensors"
    save_file(network.state_dict(), path, {"record": json.dumps(made)})
    path.chmod(0o644)
    return path


def _recipe(name: str) -> Any:
    return import_module(f"seqviz.recipes.{name}")


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        print(f"wrote {write(wanted).name}")
