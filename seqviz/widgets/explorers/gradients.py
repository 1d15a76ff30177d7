"""Gradients through time, and the sum they add up to."""

import copy
import math

import numpy as np
import torch

from seqviz.data.alphabet import Alphabet
from seqviz.models import RNN
from seqviz.plots import gradients
from seqviz.traces.records import GradientTrace, TermTrace
from seqviz.traces.rnn import trace_gradients, trace_terms
from seqviz.widgets.controls import Range
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.explorers.parts import step_range, strip_of, text_box


def gradient_ribbon(model: RNN, alphabet: Alphabet, text: str) -> Explorer[GradientTrace]:
    """Point at a step: every earlier one takes the colour of ‖∂L_t/∂h_k‖; change the text, or scale W_hh."""
    own_radius = spectral_radius(model)
    shown_radius = round(own_radius, 2)

    def source(text: str, radius: float) -> GradientTrace:
        # where the slider starts is the model itself, not the model rounded to two digits
        factor = 1.0 if radius == shown_radius else radius / own_radius
        return trace_gradients(scaled(model, factor), alphabet, text)

    return Explorer(
        "Gradients through time",
        source,
        View(
            figure=gradients.gradient_ribbon_figure,
            patch=gradients.gradient_ribbon_patch,
            describe=gradients.describe_gradient_ribbon,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: trace.tokens,
            extra=lambda trace: (
                strip_of(
                    "The text it reads, lighter where the loss reaches more strongly",
                    trace.tokens,
                    np.stack([gradients.strip_levels(trace, t) for t in range(len(trace.tokens))]),
                )
                | {"pick": "xaxis"}
            ),
        ),
        [
            text_box(text, alphabet),
            Range("radius", "Spectral radius of W_hh", 0, max(3, math.ceil(own_radius)), 0.01, shown_radius),
        ],
        step_range("Loss at step t", text[:-1], len(text) - 2),
    )


def spectral_radius(model: RNN) -> float:
    """Return the largest absolute eigenvalue of W_hh. Raises ValueError if it is zero: no scaling can change it."""
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


def terms(model: RNN, alphabet: Alphabet, text: str) -> Explorer[TermTrace]:
    """Build ∂L/∂W_hh up: how many steps back must the sum reach until it is autograd's gradient?"""
    return Explorer(
        "The gradient of W_hh, term by term",
        lambda text: trace_terms(model, alphabet, text),
        View(
            figure=gradients.terms_figure,
            patch=gradients.terms_patch,
            describe=gradients.describe_terms,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: (trace.tokens, id(trace)),
            extra=lambda _trace: {"pick": "xaxis3"},
        ),
        [text_box(text, alphabet)],
        Range("reach", "Steps back", 0, len(text) - 2, 1, min(2, len(text) - 2), browser=True),
    )
