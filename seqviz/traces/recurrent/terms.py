"""Take the gradient of W_hh apart, one term for each loss and each use."""

import numpy as np
import torch

from seqviz.data.tokenizer import Tokenizer
from seqviz.models import losses
from seqviz.models.recurrent.rnn import RNN, activation_slope
from seqviz.traces.reading import input_and_targets, to_numpy
from seqviz.traces.recurrent.gradient_ribbon import trace_gradient_ribbon
from seqviz.traces.recurrent.records import TermTrace


def trace_terms(model: RNN, alphabet: Tokenizer, text: str) -> TermTrace:
    r"""Record every term of the double sum that is the gradient of the shared matrix.

    $$\frac{\partial\mathcal L}{\partial W_{hh}} = \sum_t \sum_{k \le t} (\phi'(a_k) \odot \delta_{t,k}) h_{k-1}^\top$$

    where δ is that of `trace_gradient_ribbon`. Beside the terms stands the whole gradient as autograd computes it.
    Raises as `trace_gradient_ribbon`.
    """
    x, y = input_and_targets(model, alphabet, text)
    logits, states = model(x)
    (autograd,) = torch.autograd.grad(losses.step_cross_entropy(logits, y).sum(), model.W_hh)
    h = to_numpy(states[0])
    slopes = to_numpy(activation_slope(states[0], model.nonlinearity))
    before = np.concatenate([np.zeros_like(h[:1]), h[:-1]])
    gradients = trace_gradient_ribbon(model, alphabet, text).gradients
    terms = np.einsum("tki,kj->tkij", gradients * slopes, before)
    return TermTrace(tuple(text[:-1]), tuple(text[1:]), terms, to_numpy(autograd))
