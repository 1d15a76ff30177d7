"""What gates did and what they kept, as numpy arrays. This file loads no torch."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float


@dataclass(frozen=True, eq=False)
class InterpolationTrace:
    """What one unit of a gated network does, and what it would do if all update gates of one step were set by hand."""

    tokens: tuple[str, ...]
    answer: str  # the output whose probability is kept
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
    at_loss: Float[np.ndarray, "network time_t"]  # ‖∂L_t/∂h_t‖, of an LSTM too: what every network's loss starts from

    @cached_property
    def relative(self) -> Float[np.ndarray, "network time_t time_k"]:
        """Every norm as a share of ‖∂L_t/∂h_t‖; NaN for k > t and where that is zero."""
        own = self.at_loss[..., None]
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
    without_memory: float  # accuracy without memory


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
    alone: bool  # whether only its gate is held, or those of all units
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
    """One cell with constant gates, and what it makes of a series of candidates."""

    forget: float
    input: float
    start: float  # the cell before the first step
    candidates: Float[np.ndarray, " time"]
    cells: Float[np.ndarray, " time"]


@dataclass(frozen=True, eq=False)
class LSTMCellTrace:
    """One cell of an LSTM along a sequence: what adds up inside its gates, and what they make of it."""

    tokens: tuple[str, ...]
    unit: int
    sums: Float[np.ndarray, "time gate=4 part=3"]  # i f g o, each the sum of W_x x_t, W_h h_{t−1} and b
    gates: Float[np.ndarray, "time gate=4"]
    cells: Float[np.ndarray, " steps"]  # from c_0 on
    states: Float[np.ndarray, " steps"]  # from h_0 on


@dataclass(frozen=True, eq=False)
class GRUCellTrace:
    """One unit of a GRU along a sequence, and what each step would make of a gate that is held at a number."""

    tokens: tuple[str, ...]
    unit: int
    reset_after: bool  # whether the reset acts after the matrix, as in torch
    held: str  # the gate that is held in all units, such as "r_t = 0"; empty where none is
    sums: Float[np.ndarray, "time gate=3 part=3"]  # r z n, each the sum of W_x x_t, what comes of h_{t−1}, and b
    gates: Float[np.ndarray, "time gate=3"]  # with the held gate in its place
    unreset: Float[np.ndarray, " time"]  # what the whole old state would bring to the candidate, with r_t = 1
    states: Float[np.ndarray, " steps"]  # of the free run, from h_0 on
    after: Float[np.ndarray, " time"]  # the state h_t that the step makes of h_{t−1}
    answers: Float[np.ndarray, "time output"]  # what is read from all units after the step
    free_answers: Float[np.ndarray, "time output"]


@dataclass(frozen=True, eq=False)
class StoryTrace:
    """What every cell held after each word, a fact that changes along the story, and the cell that follows it."""

    tokens: tuple[str, ...]
    held: Float[np.ndarray, "time hidden"]  # tanh c_t
    fact: str
    truth: Bool[np.ndarray, " time"]
    cell: int

    @property
    def follows(self) -> Float[np.ndarray, " time"]:
        """The cell that follows, measured by its own means: 1 is that of where the fact holds, 0 of elsewhere."""
        values = self.held[:, self.cell]
        low, high = values[~self.truth].mean(), values[self.truth].mean()
        return (values - low) / (high - low)


@dataclass(frozen=True, eq=False)
class ForgettingTrace:
    """What several networks would answer if a sequence stopped after each of its tokens."""

    tokens: tuple[str, ...]
    networks: tuple[str, ...]
    answers: tuple[str, str]
    shares: Float[np.ndarray, "network time"]  # of the second answer, beside the first: 0.5 where nothing is known
