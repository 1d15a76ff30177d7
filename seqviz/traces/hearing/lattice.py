"""Hold labels against the frames of a sound, and keep the sums of all their paths."""

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.data.hearing.dialled import DIALLED, labels_of
from seqviz.models.hearing.ctc import ctc_log_probability, forward_sums, frames_needed
from seqviz.traces.hearing.collapse import SIGN
from seqviz.traces.hearing.records import LatticeTrace, Shown


def trace_lattice(log_p: Float[Tensor, "frame label"], digits: str, shown: Shown = "forward sums") -> LatticeTrace:
    r"""Record the forward sums of digits, and which share of all their paths passes each state at each frame.

    The share is what the logarithm of the sum says of itself: where $\log P$ is derived by the log-probability with
    which a state is said at a frame, the result is the probability that a path is in the state, given the labels.

    Raises ValueError for digits that are none, and for more than the frames can say.
    """
    if not digits or set(digits) - set(DIALLED):
        raise ValueError(f"expected digits, got {digits!r}")
    labels, frames = labels_of(digits), len(log_p)
    if frames_needed(labels.tolist()) > frames:
        raise ValueError(f"expected at most as many digits as {frames} frames can say, got {len(digits)}")
    sums = forward_sums(log_p.detach()[None], labels[None])[0]
    return LatticeTrace(
        labels=digits,
        states=SIGN + "".join(f"{digit}{SIGN}" for digit in digits),
        shown=shown,
        log_sums=sums.T.double().numpy(),
        shares=_shares(log_p.detach(), labels).T.double().numpy(),
        log_probability=float(ctc_log_probability(log_p.detach()[None], labels[None], *_counts(frames, labels))),
        best_path="".join(SIGN if label == 0 else DIALLED[label - 1] for label in log_p.argmax(-1).tolist()),
    )


def _counts(frames: int, labels: Tensor) -> tuple[Tensor, Tensor]:
    return torch.tensor([frames]), torch.tensor([len(labels)])


def _shares(log_p: Float[Tensor, "frame label"], labels: Tensor) -> Float[Tensor, "frame state"]:
    """Return the probability of each state at each frame, given the labels: forward sums times those from the end."""
    ahead = forward_sums(log_p[None], labels[None])[0]
    # read from the end, the labels are turned around; a frame's own probability stands in both sums
    back = forward_sums(log_p.flip(0)[None], labels.flip(0)[None])[0].flip(0, 1)
    states = torch.zeros(2 * len(labels) + 1, dtype=torch.long)
    states[1::2] = labels
    both = ahead + back - log_p[:, states]
    return both.softmax(-1)
