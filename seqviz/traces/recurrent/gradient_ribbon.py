"""Ask every loss how it depends on every earlier state."""

import torch

from seqviz.data.tokenizer import Tokenizer
from seqviz.models import losses
from seqviz.models.recurrent import bptt
from seqviz.models.recurrent.rnn import RNN, activation_slope
from seqviz.traces.reading import input_and_targets, to_numpy
from seqviz.traces.recurrent.records import GradientTrace


def trace_gradient_ribbon(model: RNN, alphabet: Tokenizer, text: str) -> GradientTrace:
    r"""Record ∂L_t/∂h_k for every t ≥ k while the network reads ``text[:-1]`` and each next character is its target.

    $$\frac{\partial \mathcal L_t}{\partial h_{k-1}} = W_{hh}^\top \bigl(\phi'(a_k) \odot \delta_{t,k}\bigr)
    \qquad \delta_{t,k} = \frac{\partial \mathcal L_t}{\partial h_k}$$

    Every loss walks back at once, as one row each of a matrix. Raises as `trace_run`, and for a text of one character.
    """
    x, y = input_and_targets(model, alphabet, text)
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
    return GradientTrace(tuple(text[:-1]), tuple(text[1:]), to_numpy(step_losses[0]), to_numpy(gradients))
