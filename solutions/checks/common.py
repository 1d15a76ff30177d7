"""What several check files need: weights drawn in one way, and the names that no exercise of theirs allows.

For instructors only.
"""

import torch

from seqviz.checks import normal


def not_allowed(*ready_made: str, autograd: bool) -> tuple[str, ...]:
    """Return the names that an exercise forbids: ready-made layers, this package's own, and perhaps autograd."""
    gradient_modules = () if autograd else ("torch.autograd", "torch.func", "torch.enable_grad")
    gradient_methods = () if autograd else (".backward", ".requires_grad", ".requires_grad_")
    return "torch.nn", *ready_made, *gradient_modules, "seqviz.models", "seqviz.traces", *gradient_methods


def tensors(**given):
    """Return the inputs of a worked example: lists as tensors, real numbers in float64, everything else as it is."""
    return {name: _exactly(value) if isinstance(value, list) else value for name, value in given.items()}


def _exactly(value):
    whole = not torch.tensor(value).is_floating_point()
    return torch.tensor(value, dtype=None if whole else torch.float64)  # 0.6 in float32 is another number


def weights(generator, feature, unit, dtype=torch.float64):
    """Draw W_xh, W_hh and b_h of a plain network."""
    return {
        "W_xh": normal(generator, unit, feature, scale=0.7, dtype=dtype),
        "W_hh": normal(generator, unit, unit, scale=0.7, dtype=dtype),
        "b_h": normal(generator, unit, scale=0.7, dtype=dtype),
    }


def stacked(generator, blocks, feature, unit, dtype=torch.float64):
    """Draw W_x, W_h and b of so many row blocks."""
    return {
        "W_x": normal(generator, blocks * unit, feature, scale=0.8, dtype=dtype),
        "W_h": normal(generator, blocks * unit, unit, scale=0.8, dtype=dtype),
        "b": normal(generator, blocks * unit, scale=0.8, dtype=dtype),
    }
