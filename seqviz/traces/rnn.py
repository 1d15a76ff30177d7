"""Run an Elman network on one sequence and keep what happened."""

import numpy as np
import torch
from torch import Tensor

from seqviz.data.alphabet import Alphabet
from seqviz.models import RNN, bptt, expect, losses
from seqviz.models.rnn import activation_slope
from seqviz.traces.records import GradientTrace, RunTrace, TermTrace


def trace_run(model: RNN, alphabet: Alphabet, text: str) -> RunTrace:
    """Let the network read the text one-hot, character by character.

    Raises ValueError when a character is unknown, the text is empty or a weight is not finite.
    """
    x = _read(model, alphabet, text)
    with torch.no_grad():
        logits, states = model(x)
        before = torch.cat([torch.zeros_like(states[:, :1]), states[:, :-1]], dim=1)
        pre_activations = x @ model.W_xh.T + before @ model.W_hh.T + model.b_h
    return RunTrace(tuple(text), alphabet.characters, _numpy(pre_activations[0]), _numpy(states[0]), _numpy(logits[0]))


def trace_gradients(model: RNN, alphabet: Alphabet, text: str) -> GradientTrace:
    r"""Record ∂L_t/∂h_k for every t ≥ k while the network reads ``text[:-1]`` and each next character is its target.

    $$\frac{\partial \mathcal L_t}{\partial h_{k-1}} = W_{hh}^\top \bigl(\phi'(a_k) \odot \delta_{t,k}\bigr)
    \qquad \delta_{t,k} = \frac{\partial \mathcal L_t}{\partial h_k}$$

    Every loss walks back at once, as one row each of a matrix. Raises as `trace_run`, and for a text of one character.
    """
    x, y = _read_and_predict(model, alphabet, text)
    with torch.no_grad():
        logits, states = model(x)
        step_losses = losses.step_cross_entropy(logits, y)
        immediate = bptt.immediate_gradients(logits, y, model.W_hy)[0]
        slopes = activation_slope(states[0], model.nonlinearity)
        time, hidden = immediate.shape
        gradients = immediate.new_zeros(time, time, hidden)
        for k in reversed(range(time)):
            gradients[k, k] = immediate[k]
            if k + 1 < time:
                gradients[k + 1 :, k] = (gradients[k + 1 :, k + 1] * slopes[k + 1]) @ model.W_hh
    return GradientTrace(tuple(text[:-1]), tuple(text[1:]), _numpy(step_losses[0]), _numpy(gradients))


def trace_terms(model: RNN, alphabet: Alphabet, text: str) -> TermTrace:
    r"""Record every term of the double sum that is the gradient of the shared matrix.

    $$\frac{\partial\mathcal L}{\partial W_{hh}} = \sum_t \sum_{k \le t} (\phi'(a_k) \odot \delta_{t,k}) h_{k-1}^\top$$

    where δ is that of `trace_gradients`. Beside the terms stands the whole gradient as autograd computes it.
    Raises as `trace_gradients`.
    """
    x, y = _read_and_predict(model, alphabet, text)
    logits, states = model(x)
    (autograd,) = torch.autograd.grad(losses.step_cross_entropy(logits, y).sum(), model.W_hh)
    h = _numpy(states[0])
    slopes = _numpy(activation_slope(states[0], model.nonlinearity))
    before = np.concatenate([np.zeros_like(h[:1]), h[:-1]])
    gradients = trace_gradients(model, alphabet, text).gradients
    terms = np.einsum("tki,kj->tkij", gradients * slopes, before)
    return TermTrace(tuple(text[:-1]), tuple(text[1:]), terms, _numpy(autograd))


def _read(model: RNN, alphabet: Alphabet, text: str) -> Tensor:
    if len(alphabet) != model.W_xh.shape[1]:
        raise ValueError(f"expected an alphabet of {model.W_xh.shape[1]} characters, got {len(alphabet)}")
    expect.finite(**dict(model.named_parameters()))
    return alphabet.one_hot(alphabet.encode(text), model.W_xh.dtype)[None]


def _read_and_predict(model: RNN, alphabet: Alphabet, text: str) -> tuple[Tensor, Tensor]:
    if len(text) < 2:
        raise ValueError(f"expected at least two characters, one to read and one to predict, got {text!r}")
    return _read(model, alphabet, text)[:, :-1], alphabet.encode(text)[None, 1:]


def _numpy(tensor: Tensor) -> np.ndarray:
    return tensor.detach().numpy()
