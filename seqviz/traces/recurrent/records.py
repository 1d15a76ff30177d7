"""What a run of a recurrent network did, and where its gradients went, as numpy arrays. This file loads no torch."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True, eq=False)
class RunTrace:
    """One sequence through a recurrent network: what each step read, its state and its output."""

    tokens: tuple[str, ...]
    outputs: tuple[str, ...]  # what each score stands for
    pre_activations: Float[np.ndarray, "time hidden"]
    states: Float[np.ndarray, "time hidden"]
    logits: Float[np.ndarray, "time output"]
    writings: tuple[str, ...] = ()  # for each step, what the network wrote on from there, if it was asked to

    @cached_property
    def probabilities(self) -> Float[np.ndarray, "time output"]:
        """Softmax of the logits: what the network thinks comes next."""
        powers = np.exp(self.logits - self.logits.max(-1, keepdims=True))
        return powers / powers.sum(-1, keepdims=True)


@dataclass(frozen=True, eq=False)
class GradientTrace:
    r"""How the loss of each step t depends on the state of each step k ≤ t: ∂L_t/∂h_k (zero for k > t)."""

    tokens: tuple[str, ...]
    targets: tuple[str, ...]
    losses: Float[np.ndarray, " time"]
    gradients: Float[np.ndarray, "time_t time_k hidden"]

    @cached_property
    def norms(self) -> Float[np.ndarray, "time_t time_k"]:
        """Euclidean norm of every ∂L_t/∂h_k, zero for k > t."""
        return np.linalg.norm(self.gradients, axis=-1)


@dataclass(frozen=True, eq=False)
class TermTrace:
    """∂L/∂W_hh taken apart: one matrix for each pair of a loss at step t and a use of W_hh at step k ≤ t."""

    tokens: tuple[str, ...]
    targets: tuple[str, ...]
    terms: Float[np.ndarray, "time_t time_k hidden hidden"]
    autograd: Float[np.ndarray, "hidden hidden"]  # the whole gradient, as autograd computes it

    @cached_property
    def by_reach(self) -> Float[np.ndarray, "reach hidden hidden"]:
        """For every number of steps, the sum of the terms that reach at most that many steps back, k ≥ t − reach."""
        by_lag = [self.terms.diagonal(-lag).sum(-1) for lag in range(len(self.terms))]
        return np.cumsum(by_lag, axis=0)

    def reaching_back(self, steps: int) -> Float[np.ndarray, "hidden hidden"]:
        """Sum the terms that reach at most ``steps`` steps back."""
        return self.by_reach[min(steps, len(self.terms) - 1)]


@dataclass(frozen=True, eq=False)
class JacobianTrace:
    """How large ∂h_T/∂h_k is at every distance T − k, and the two numbers of W_hh that bound and predict it."""

    radius: float  # the largest absolute eigenvalue
    largest: float  # the largest singular value
    norms: Float[np.ndarray, " distance"]  # from T − k = 0, where it is 1

    def slope(self, first: int, last: int) -> float:
        """Slope of log‖∂h_T/∂h_k‖ over the distances ``first`` … ``last``, by least squares: log of a step's factor."""
        distances = np.arange(first, last + 1)
        return float(np.polyfit(distances, np.log(self.norms[first : last + 1]), 1)[0])


@dataclass(frozen=True, eq=False)
class JacobianSweep:
    """‖∂h_T/∂h_k‖ of a network of two units for several spectral radii."""

    nonlinearity: str
    radii: Float[np.ndarray, " radius"]
    largest: Float[np.ndarray, " radius"]  # largest singular value, never below the radius
    norms: Float[np.ndarray, "radius distance"]
    matrices: Float[np.ndarray, "radius 2 2"]  # W_hh
    products: Float[np.ndarray, "radius near 2 2"]  # ∂h_T/∂h_k themselves, for the nearest distances, from 0


@dataclass(frozen=True, eq=False)
class CliffSurface:
    """The loss of a network of one unit over its two parameters."""

    w: Float[np.ndarray, " w"]
    b: Float[np.ndarray, " b"]
    losses: Float[np.ndarray, "b w"]


@dataclass(frozen=True, eq=False)
class CliffTrace:
    """Three ways down from one point; the last axis holds w, b, the loss and the norm of the gradient there."""

    thresholds: Float[np.ndarray, " threshold"]
    plain: Float[np.ndarray, "update 4"]
    by_norm: Float[np.ndarray, "threshold update 4"]
    by_value: Float[np.ndarray, "threshold update 4"]


@dataclass(frozen=True, eq=False)
class TruncationTrace:
    """What chunks of K = 1, 2, … T steps leave of the gradient of W_hh."""

    tokens: tuple[str, ...]
    norms: Float[np.ndarray, "time_t time_k"]  # ‖∂L_t/∂h_k‖ without any cut
    missing: Float[np.ndarray, " chunk"]  # ‖kept − whole‖ / ‖whole‖
    angles: Float[np.ndarray, " chunk"]  # between kept and whole, in degrees
