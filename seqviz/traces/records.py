"""What a run did, as frozen records of numpy arrays. This file loads no torch."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float, Int


@dataclass(frozen=True, eq=False)
class RunTrace:
    """One sequence through a recurrent network: what each step read, thought and said."""

    tokens: tuple[str, ...]
    outputs: tuple[str, ...]  # what each score stands for
    pre_activations: Float[np.ndarray, "time hidden"]
    states: Float[np.ndarray, "time hidden"]
    logits: Float[np.ndarray, "time output"]

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
    autograd: Float[np.ndarray, "hidden hidden"]  # the whole gradient, from the other way of computing it

    @cached_property
    def by_reach(self) -> Float[np.ndarray, "reach hidden hidden"]:
        """For every number of steps, the sum of the terms that reach at most that many steps back, k ≥ t − reach."""
        by_lag = [self.terms.diagonal(-lag).sum(-1) for lag in range(len(self.terms))]
        return np.cumsum(by_lag, axis=0)

    def reaching_back(self, steps: int) -> Float[np.ndarray, "hidden hidden"]:
        """Sum the terms that reach at most ``steps`` steps back."""
        return self.by_reach[min(steps, len(self.terms) - 1)]


@dataclass(frozen=True, eq=False)
class DirectionsTrace:
    """What several readers of one sequence believe about each of its steps: the probability of every tag."""

    tokens: tuple[str, ...]
    tags: tuple[str, ...]  # the first one says that there is nothing, "O" for a word that belongs to no name
    readers: tuple[str, ...]
    probabilities: Float[np.ndarray, "reader time tag"]

    @cached_property
    def something(self) -> Float[np.ndarray, "reader time"]:
        """The probability of any tag but the first."""
        return 1 - self.probabilities[..., 0]

    def best(self, reader: int, step: int) -> str:
        """Return the tag that a reader finds likeliest."""
        return self.tags[int(self.probabilities[reader, step].argmax())]


@dataclass(frozen=True, eq=False)
class SpreadTrace:
    """How far each state of a stack moves when one input is erased."""

    tokens: tuple[str, ...]
    rows: tuple[str, ...]  # the input, then every layer from the lowest on, in two parts where it has two directions
    changes: Float[np.ndarray, "erased row time"]  # Euclidean distance; exactly 0 where nothing moves


@dataclass(frozen=True, eq=False)
class JacobianTrace:
    """How large ∂h_T/∂h_k is at every distance T − k, and the two numbers of W_hh that are said to decide it."""

    radius: float  # the largest absolute eigenvalue
    largest: float  # the largest singular value
    norms: Float[np.ndarray, " distance"]  # from T − k = 0, where it is 1

    def slope(self, first: int, last: int) -> float:
        """Slope of log‖∂h_T/∂h_k‖ over the distances ``first`` … ``last``, by least squares: log of a step's factor."""
        distances = np.arange(first, last + 1)
        return float(np.polyfit(distances, np.log(self.norms[first : last + 1]), 1)[0])


@dataclass(frozen=True, eq=False)
class JacobianSweep:
    """‖∂h_T/∂h_k‖ of a network of two units for a row of spectral radii."""

    nonlinearity: str
    radii: Float[np.ndarray, " radius"]
    largest: Float[np.ndarray, " radius"]  # largest singular value, never below the radius
    norms: Float[np.ndarray, "radius distance"]


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


@dataclass(frozen=True, eq=False)
class ShiftTrace:
    """One pattern at every place of the same noise, and what models answer to each of these sequences."""

    right: str  # the name of the right answer
    starts: Int[np.ndarray, " place"]  # the step, counted from 0, where the pattern begins
    trained: Bool[np.ndarray, " place"]  # whether the models saw the pattern there while they learnt
    width: int  # how many steps the pattern is long
    inputs: Float[np.ndarray, "place time"]
    probabilities: dict[str, Float[np.ndarray, " place"]]  # of the right answer, for each model


@dataclass(frozen=True, eq=False)
class InterpolationTrace:
    """What one unit of a gated network does, and what it would do if all update gates of one step were set by hand."""

    tokens: tuple[str, ...]
    answer: str  # what the probabilities are of
    unit: int
    step: int  # whose gates are set, counted from 0
    before: float  # the unit's old state at this step
    candidate: float
    update: float  # what the gate itself says
    states: Float[np.ndarray, " time"]  # as the network has them
    probabilities: Float[np.ndarray, " time"]
    shares: Float[np.ndarray, " share"]  # what the gates are set to, from 0 to 1
    set_states: Float[np.ndarray, "share time"]
    set_probabilities: Float[np.ndarray, "share time"]


@dataclass(frozen=True, eq=False)
class ReachTrace:
    """How the loss of each step t depends on the memory of each step k ≤ t, for several networks at once."""

    tokens: tuple[str, ...]
    targets: tuple[str, ...]
    networks: tuple[str, ...]
    norms: Float[np.ndarray, "network time_t time_k"]  # ‖∂L_t/∂h_k‖, of an LSTM ‖∂L_t/∂c_k‖; zero for k > t

    @cached_property
    def relative(self) -> Float[np.ndarray, "network time_t time_k"]:
        """Every norm as a share of that at the loss's own step; NaN for k > t and where that is zero."""
        own = self.norms.diagonal(axis1=1, axis2=2)[..., None]
        time = len(self.tokens)
        known = (np.arange(time) <= np.arange(time)[:, None]) & (own > 0)
        return np.divide(self.norms, own, out=np.full_like(self.norms, np.nan), where=known)


@dataclass(frozen=True, eq=False)
class LagTrace:
    """How many answers were right after training at each lag, for several networks and seeds."""

    task: str
    lags: tuple[int, ...]
    networks: tuple[str, ...]
    accuracies: Float[np.ndarray, "network lag seed"]
    without_memory: float  # what who forgets everything reaches


@dataclass(frozen=True, eq=False)
class GateTrace:
    """One sequence through an LSTM: what each step forgot, wrote and showed, and what the cells then held."""

    tokens: tuple[str, ...]
    outputs: tuple[str, ...]  # what each probability stands for
    forget: Float[np.ndarray, "time hidden"]
    input: Float[np.ndarray, "time hidden"]
    candidate: Float[np.ndarray, "time hidden"]
    output: Float[np.ndarray, "time hidden"]
    cells: Float[np.ndarray, "time hidden"]
    states: Float[np.ndarray, "time hidden"]
    probabilities: Float[np.ndarray, "time output"]


@dataclass(frozen=True, eq=False)
class ClampTrace:
    """One sequence through an LSTM with a gate held at one step, once for every step, beside the free run."""

    tokens: tuple[str, ...]
    outputs: tuple[str, ...]
    gate: str  # "forget", "input" or "output"
    value: float
    unit: int  # the one that is watched
    alone: bool  # whether its gate alone is held, or that of all units
    free_gate: Float[np.ndarray, " time"]  # of the watched unit
    free_cells: Float[np.ndarray, " time"]
    free_probabilities: Float[np.ndarray, " output"]  # after the last step
    cells: Float[np.ndarray, "clamped time"]
    probabilities: Float[np.ndarray, "clamped output"]


@dataclass(frozen=True, eq=False)
class CellJacobianTrace:
    """How large ∂c_T/∂c_k is at every distance T − k: along the direct path alone, and with every path."""

    direct: Float[np.ndarray, " distance"]  # from T − k = 0, where it is 1
    whole: Float[np.ndarray, " distance"]


@dataclass(frozen=True, eq=False)
class RegimeTrace:
    """One cell whose gates do not move, and what it makes of a row of candidates."""

    forget: float
    input: float
    start: float  # the cell before the first step
    candidates: Float[np.ndarray, " time"]
    cells: Float[np.ndarray, " time"]
