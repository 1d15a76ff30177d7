"""Records with random numbers and a different size on every axis; pictures do not ask where numbers come from."""

import numpy as np

from seqviz.traces.recurrent.records import GradientTrace, RunTrace, TermTrace
from seqviz.traces.stacked.records import DirectionsTrace, SpreadTrace

TOKENS = tuple("he lo")
OUTPUTS = ("h", "e", "l", "o", " ", "\n", "x")


def run_trace(tokens=TOKENS, units=3, seed=1):
    random = np.random.default_rng(seed)
    pre_activations = random.normal(size=(len(tokens), units))
    logits = random.normal(size=(len(tokens), len(OUTPUTS)))
    return RunTrace(tuple(tokens), OUTPUTS, pre_activations, np.tanh(pre_activations), logits)


def gradient_trace(seed=2):
    """Gradients that shrink going back, one of them exactly zero."""
    random = np.random.default_rng(seed)
    steps = len(TOKENS)
    gradients = (
        random.normal(size=(steps, steps, 4)) * 0.1 ** np.abs(np.subtract.outer(range(steps), range(steps)))[..., None]
    )
    gradients[np.triu_indices(steps, 1)] = 0
    gradients[3, 0] = 0
    return GradientTrace(TOKENS, tuple("elo h"), random.uniform(0.1, 2, steps), gradients)


def term_trace(hidden=20, seed=3):
    random = np.random.default_rng(seed)
    steps = len(TOKENS)
    terms = random.normal(size=(steps, steps, hidden, hidden))
    terms[np.triu_indices(steps, 1)] = 0
    return TermTrace(TOKENS, tuple("elo h"), terms, terms.sum((0, 1)))


def directions_trace(tokens=TOKENS, seed=5):
    """Three readers and four tags; the tags that a picture leaves out come up too."""
    random = np.random.default_rng(seed)
    powers = np.exp(2 * random.normal(size=(3, len(tokens), 4)))
    readers = ("left to right", "right to left", "both")
    return DirectionsTrace(
        tuple(tokens), ("O", "B-PER", "I-PER", "B-ORG"), readers, powers / powers.sum(-1, keepdims=True)
    )


def spread_trace(seed=6):
    """Two layers of two parts over five steps; the first part moves from the erased step on, the second up to it."""
    random = np.random.default_rng(seed)
    steps = len(TOKENS)
    changes = 10 ** random.uniform(-3, 0, size=(steps, 5, steps))
    k, t = np.indices((steps, steps))
    changes[:, 0] *= k == t
    changes[:, 1] *= t >= k
    changes[:, 2] *= t <= k
    rows = ("input", "layer 1 →", "layer 1 ←", "layer 2 →", "layer 2 ←")
    return SpreadTrace(TOKENS, rows, changes)
