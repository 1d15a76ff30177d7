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
    return _run(model, _read(model, alphabet, text), tuple(text), alphabet, None)


def trace_encoder_decoder(encoder: RNN, decoder: RNN, alphabet: Alphabet, text: str, answers: int) -> RunTrace:
    """Let one network read the text and another go on from its last state for ``answers`` steps that read nothing.

    The decoder's tokens are empty and its inputs zero. With no answers only the encoder runs. Raises as `trace_run`.
    """
    reading = trace_run(encoder, alphabet, text)
    if answers == 0:
        return reading
    h = torch.from_numpy(reading.states[-1:])
    nothing = torch.zeros(1, answers, len(alphabet), dtype=h.dtype)
    writing = _run(decoder, nothing, ("",) * answers, alphabet, h)
    return RunTrace(
        reading.tokens + writing.tokens,
        reading.outputs,
        np.concatenate([reading.pre_activations, writing.pre_activations]),
        np.concatenate([reading.states, writing.states]),
        np.concatenate([reading.logits, writing.logits]),
    )


def _run(model: RNN, x: Tensor, tokens: tuple[str, ...], alphabet: Alphabet, h_0: Tensor | None) -> RunTrace:
    with torch.no_grad():
        logits, states = model(x, h_0)
        first = torch.zeros_like(states[:, 0]) if h_0 is None else h_0
        before = torch.cat([first[:, None], states[:, :-1]], dim=1)
        pre_activations = x @ model.W_xh.T + before @ model.W_hh.T + model.b_h
    return RunTrace(tokens, alphabet.characters, _numpy(pre_activations[0]), _numpy(states[0]), _numpy(logits[0]))


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
