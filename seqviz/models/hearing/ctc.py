r"""Connectionist temporal classification: from more frames than labels to labels, without being told when each was.

A network says for every frame one label or a *blank*. Such a *path* is collapsed: equal neighbours become one, then
blanks are left out. The probability of labels is that of all paths that collapse to them:

$$P(y \mid x) = \sum_{\pi:\ \text{collapse}(\pi) = y}\ \prod_{t=1}^{T} p_t(\pi_t)$$

The blank is label 0, as in `torch.nn.functional.ctc_loss`.

Source: Graves, Fernández, Gomez & Schmidhuber 2006, "Connectionist temporal classification: labelling unsegmented
sequence data with recurrent neural networks", equation 3 and section 4.1 (equations 5 to 8).
"""

import itertools
from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqviz.models import expect

BLANK = 0


def collapse(path: Sequence[int]) -> tuple[int, ...]:
    """Return the labels of a path: equal neighbours become one, then blanks are left out."""
    return tuple(label for label, _ in itertools.groupby(path) if label != BLANK)


def frames_needed(labels: Sequence[int]) -> int:
    """Return the least number of frames: one for each label, and a blank between any two equal neighbours."""
    return len(labels) + sum(one == other for one, other in itertools.pairwise(labels))


def with_blanks(labels: Int[Tensor, "batch label"]) -> Int[Tensor, "batch state"]:
    r"""Return $y'$: the labels with a blank before, between and after them, $2U + 1$ states."""
    batch, count = labels.shape
    states = labels.new_full((batch, 2 * count + 1), BLANK)
    states[:, 1::2] = labels
    return states


def forward_sums(
    log_p: Float[Tensor, "batch time label"], labels: Int[Tensor, "batch target"]
) -> Float[Tensor, "batch time state"]:
    r"""Return the logarithm of the forward sums: of all ways to be in a state at a frame, having said what is before.

    $$\alpha_t(s) = p_t(y'_s)\,\big(\alpha_{t-1}(s) + \alpha_{t-1}(s - 1)
      + [y'_s \ne \text{blank} \wedge y'_s \ne y'_{s-2}]\, \alpha_{t-1}(s - 2)\big)$$

    where $y'$ is `with_blanks`, and $\alpha_1$ is $p_1(y'_s)$ in the first two states and 0 elsewhere. The state two
    before may be skipped if it is neither needed to tell two equal labels apart nor a label itself. All is computed as
    logarithms: a product of a hundred probabilities of 0.3 is 0 in float32.

    Raises ValueError where the batch differs, for no frame, and for labels that log_p does not have or that are blank.
    """
    expect.shape("log_p", log_p, {"batch": None, "time": None, "label": None})
    expect.shape("labels", labels, {"batch": len(log_p), "target": None})
    _, time, known = log_p.shape
    expect.at_least_one(time=time)
    if labels.numel() and not 0 < int(labels.min()) <= int(labels.max()) < known:
        raise ValueError(f"labels: expected 1 … {known - 1}, got {int(labels.min())} … {int(labels.max())}")
    return _forward_sums(log_p, labels)


def _forward_sums(log_p: Tensor, labels: Tensor) -> Tensor:
    states = with_blanks(labels)
    said = log_p.gather(2, states[:, None].expand(-1, log_p.shape[1], -1))
    may_skip = torch.zeros_like(states, dtype=torch.bool)
    may_skip[:, 3::2] = labels[:, 1:] != labels[:, :-1]
    begins = torch.arange(states.shape[1]) < 2
    alpha = torch.where(begins, said[:, 0], -torch.inf)
    sums = [alpha]
    for said_now in said[:, 1:].unbind(1):
        skipped = torch.where(may_skip, _later(alpha, 2), -torch.inf)
        alpha = said_now + log_sum(alpha, _later(alpha, 1), skipped)
        sums.append(alpha)
    return torch.stack(sums, 1)


def _later(alpha: Float[Tensor, "batch state"], by: int) -> Float[Tensor, "batch state"]:
    """Return what each state takes from the one ``by`` before it: nothing, −∞, where there is none."""
    return torch.nn.functional.pad(alpha, (by, 0), value=-torch.inf)[:, : alpha.shape[1]]


def log_sum(*terms: Float[Tensor, "*axes"]) -> Float[Tensor, "*axes"]:
    r"""Return $\log \sum_i e^{a_i}$, and −∞ where all terms are: there `torch.logsumexp` has gradients that are NaN."""
    together = torch.stack(terms, -1)
    nothing = together.isneginf().all(-1)
    total = together.masked_fill(nothing[..., None], 0.0).logsumexp(-1)
    return total.masked_fill(nothing, -torch.inf)


def ctc_log_probability(
    log_p: Float[Tensor, "batch time label"],
    labels: Int[Tensor, "batch target"],
    lengths: Int[Tensor, " batch"],
    label_lengths: Int[Tensor, " batch"],
) -> Float[Tensor, " batch"]:
    r"""Return $\log P(y \mid x)$ of every row: a path ends in the last label or in the blank after it.

    $$P(y \mid x) = \alpha_T(2U + 1) + \alpha_T(2U)$$

    where of each row the first ``lengths`` frames and the first ``label_lengths`` labels count. It is −∞ for a row with
    fewer frames than `frames_needed`.

    Raises as `forward_sums` does, for a length outside 1 … time, and for a label length outside 0 … target.
    """
    batch, time = log_p.shape[:2]
    expect.lengths(lengths, batch, time)
    expect.shape("label_lengths", label_lengths, {"batch": batch})
    most = labels.shape[1]
    if label_lengths.numel() and not 0 <= int(label_lengths.min()) <= int(label_lengths.max()) <= most:
        raise ValueError(f"label_lengths: expected 0 … {most}, got {label_lengths.tolist()}")
    padded = torch.arange(most) >= label_lengths[:, None]
    # what a padded place holds has no part in the states before it, but has to be some label
    sums = forward_sums(log_p, labels.masked_fill(padded, log_p.shape[2] - 1))
    rows = torch.arange(batch)
    at_end = sums[rows, lengths - 1]
    last_label = at_end[rows, (2 * label_lengths - 1).clamp(min=0)]
    last_label = last_label.masked_fill(label_lengths == 0, -torch.inf)
    return log_sum(at_end[rows, 2 * label_lengths], last_label)


def ctc_loss(
    log_p: Float[Tensor, "batch time label"],
    labels: Int[Tensor, "batch target"],
    lengths: Int[Tensor, " batch"],
    label_lengths: Int[Tensor, " batch"],
) -> Float[Tensor, ""]:
    r"""Return the mean of $-\log P(y \mid x)$ over the rows.

    torch's ``reduction="mean"`` is another mean: it divides each row's loss by its number of labels first.
    Raises as `ctc_log_probability` does.
    """
    return -ctc_log_probability(log_p, labels, lengths, label_lengths).mean()


def every_path(frames: int, labels: int) -> Int[Tensor, "path time"]:
    r"""Return all $K^T$ paths, for a check by enumeration: few frames and few labels, the blank among them."""
    expect.at_least_one(frames=frames, labels=labels)
    return torch.cartesian_prod(*[torch.arange(labels)] * frames).view(-1, frames)
