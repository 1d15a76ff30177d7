r"""From the frames of a network trained with CTC to labels: the best path, and a search over prefixes.

$$\hat y = \arg\max_y\ \log P(y \mid x) + \lambda \log P_{\text{language}}(y) + \beta\, |y|$$

The best path takes the likeliest label of every frame and collapses it. Many paths collapse to the same labels, so the
likeliest labels may be others. A prefix beam search adds up paths with the same beginning of labels.

Source: Hannun, Maas, Jurafsky & Ng 2014, "First-pass large vocabulary continuous speech recognition using
bi-directional recurrent DNNs", algorithm 1, which multiplies probabilities by $|y|^\beta$ instead; Hannun et al. 2014,
"Deep Speech: scaling up end-to-end speech recognition", for β |y|; Graves et al. 2006, section 3.2, for
both ways to decode.
"""

import math
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.models import expect
from seqviz.models.decoding import DecodeStep
from seqviz.models.hearing.ctc import BLANK, collapse

Prefix = tuple[int, ...]


@dataclass(frozen=True)
class Heard:
    """Labels that a search found, and logarithms of what speaks for them."""

    labels: Prefix
    log_probability: float  # of the sound's paths that were kept
    language: float  # of the labels as a whole, end included; 0 without a language model
    score: float


def best_path(log_p: Float[Tensor, "time label"]) -> Prefix:
    """Return the likeliest label of each frame, collapsed. Of equally likely ones the first counts."""
    return collapse(log_p.argmax(-1).tolist())


class Language:
    """What a language model says of prefixes, each read once.

    where the decode step's tokens are the labels, and its token 0, in the place of the blank, is both the start that is
    read first and the end.
    """

    def __init__(self, step: DecodeStep[Any], state: Any) -> None:
        self._step = step
        self._read: dict[Prefix, tuple[Tensor, Any]] = {(): self._after(0, state)}

    def log_probability(self, labels: Prefix) -> float:
        """Return the log-probability that a text begins with these labels."""
        steps = (float(self._next(labels[:place])[label]) for place, label in enumerate(labels))
        return math.fsum(steps)

    def end(self, labels: Prefix) -> float:
        """Return the log-probability that a text ends after these labels."""
        return float(self._next(labels)[BLANK])

    def _next(self, labels: Prefix) -> Tensor:
        if labels not in self._read:
            self._next(labels[:-1])
            self._read[labels] = self._after(labels[-1], self._read[labels[:-1]][1])
        return self._read[labels][0]

    @torch.no_grad()
    def _after(self, token: int, state: Any) -> tuple[Tensor, Any]:
        log_probabilities, state = self._step(torch.tensor([token]), state)
        return log_probabilities[0], state


@dataclass
class _Ways:
    """Log-probabilities of the paths of one prefix: those that end with a blank, and those that end with its label."""

    blank: float = -math.inf
    label: float = -math.inf

    @property
    def both(self) -> float:
        return log_add(self.blank, self.label)


def log_add(a: float, b: float) -> float:
    r"""Return $\log(e^a + e^b)$."""
    low, high = sorted((a, b))
    return high if low == -math.inf else high + math.log1p(math.exp(low - high))


def prefix_beam_search(
    log_p: Float[Tensor, "time label"],
    width: int,
    language: Language | None = None,
    weight: float = 1.0,
    bonus: float = 0.0,
) -> list[Heard]:
    r"""Return the labels of the ``width`` best prefixes, the best first.

    where a prefix keeps two sums apart: of the paths that end with a blank, and of those that end with its last label.
    The same label once more lengthens the prefix after a blank, and not after the label itself. λ is the weight of the
    language model and β the bonus for each label. Of equal scores, the prefix that was there first wins.

    Raises ValueError for a width below 1 and for no frame.
    """
    expect.shape("log_p", log_p, {"time": None, "label": None})
    expect.at_least_one(width=width, time=len(log_p))
    beam = {(): _Ways(blank=0.0)}

    def score(labels: Prefix, ways: _Ways) -> float:
        said = language.log_probability(labels) if language else 0.0
        return ways.both + weight * said + bonus * len(labels)

    for frame in log_p.tolist():
        after = _one_frame(beam, frame)
        best = sorted(after, key=lambda labels: -score(labels, after[labels]))[:width]
        beam = {labels: after[labels] for labels in best}
    found = []
    for labels, ways in beam.items():
        said = language.log_probability(labels) + language.end(labels) if language else 0.0
        total = ways.both + weight * said + bonus * len(labels)
        found.append(Heard(labels, ways.both, said, total))
    return sorted(found, key=lambda one: -one.score)


def _one_frame(beam: dict[Prefix, _Ways], frame: list[float]) -> dict[Prefix, _Ways]:
    """Return every prefix that the beam's can become in one frame."""
    after: dict[Prefix, _Ways] = {}
    for labels, ways in beam.items():
        stays = after.setdefault(labels, _Ways())
        stays.blank = log_add(stays.blank, ways.both + frame[BLANK])
        if labels:
            stays.label = log_add(stays.label, ways.label + frame[labels[-1]])
        for label, log_probability in enumerate(frame):
            if label == BLANK or log_probability == -math.inf:
                continue
            # the same label again needs a blank in between
            before = ways.blank if labels and label == labels[-1] else ways.both
            if before > -math.inf:
                longer = after.setdefault((*labels, label), _Ways())
                longer.label = log_add(longer.label, before + log_probability)
    return {labels: ways for labels, ways in after.items() if ways.both > -math.inf}
