"""How the loss of a step depends on every earlier state."""

import copy
import math

import numpy as np
import torch

from seqviz.data.tokenizer import Tokenizer
from seqviz.models import expect
from seqviz.models.recurrent.rnn import RNN
from seqviz.plots.recurrent import gradient_ribbon as plots
from seqviz.traces.recurrent.gradient_ribbon import trace_gradient_ribbon
from seqviz.traces.recurrent.records import GradientTrace
from seqviz.widgets.controls import Range
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.explorers.parts import step_range, text_box
from seqviz.widgets.strip import Strip


def gradient_ribbon(model: RNN, alphabet: Tokenizer, text: str) -> Explorer[GradientTrace]:
    """Point at a step: every earlier one takes the colour of ‖∂L_t/∂h_k‖; change the text, or scale W_hh."""
    own_radius = spectral_radius(model)
    shown_radius = round(own_radius, 2)

    def source(text: str, radius: float) -> GradientTrace:
        # where the slider starts is the model itself, not the model rounded to two digits
        factor = 1.0 if radius == shown_radius else radius / own_radius
        return trace_gradient_ribbon(scaled(model, factor), alphabet, text)

    return Explorer(
        "Gradients through time",
        source,
        View(
            figure=plots.gradient_ribbon_figure,
            patch=plots.gradient_ribbon_patch,
            describe=plots.describe_gradient_ribbon,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: trace.tokens,
            pick="xaxis",
            strip=lambda trace: Strip(
                "The text it reads, lighter where the loss reaches more strongly",
                trace.tokens,
                np.stack([plots.strip_levels(trace, t) for t in range(len(trace.tokens))]),
            ),
        ),
        [
            text_box(text, alphabet),
            Range("radius", "Spectral radius of W_hh", 0, max(3, math.ceil(own_radius)), 0.01, shown_radius),
        ],
        step_range("Loss at step t", text[:-1], len(text) - 2),
    )


def spectral_radius(model: RNN) -> float:
    """Return the largest absolute eigenvalue of W_hh.

    Raises ValueError if it is zero, since no scaling can change it, or if a weight is not finite.
    """
    expect.finite(W_hh=model.W_hh)  # some LAPACKs crash on NaN
    radius = float(torch.linalg.eigvals(model.W_hh.detach()).abs().max())
    if radius == 0:
        raise ValueError("W_hh: expected a spectral radius above 0, got 0")
    return radius


def scaled(model: RNN, factor: float) -> RNN:
    """Return a copy of the model whose W_hh is multiplied by ``factor``."""
    scaled = copy.deepcopy(model)
    with torch.no_grad():
        scaled.W_hh.mul_(factor)
    return scaled
