"""The explorers: each names a plot, a source and its controls."""

import copy
import dataclasses
import math

import numpy as np
import torch

from seqviz.data.alphabet import Alphabet
from seqviz.data.hello import hello
from seqviz.models import RNN
from seqviz.plots import gradients, unrolled
from seqviz.plots import run as run_plots
from seqviz.plots.computation_graph import SEQUENCE_SHAPES, SequenceShape
from seqviz.plots.theme import SEQUENTIAL, palette, visible
from seqviz.traces.records import GradientTrace, RunTrace, TermTrace
from seqviz.traces.rnn import trace_encoder_decoder, trace_gradients, trace_run, trace_terms
from seqviz.widgets.controls import Choice, Range, TextBox
from seqviz.widgets.explorer import Explorer, View

STRIP_PALETTE = palette(SEQUENTIAL)  # mixed once: it would be a third of an answer's time
LONGEST = 60  # characters of a typed text: more would not fit a line


def unrolling() -> Explorer[unrolled.Unrolled]:
    """Fold and unfold a small network with fixed random weights, for each shape of task; point at a weight."""
    alphabet = hello().alphabet
    with torch.random.fork_rng():  # the notebook's own random numbers stay as they were
        torch.manual_seed(0)
        encoder, decoder = (RNN(len(alphabet), 3, len(alphabet)) for _ in range(2))
    # small random weights would give three greys: these use the whole range of the tanh
    for model in (encoder, decoder):
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.mul_(2.5)

    def source(shape: str, steps: float) -> unrolled.Unrolled:
        resized = _resized(shape, int(steps))
        read = "hellohell"[: len(resized.inputs)]
        # where a one-to-many network has read its one input, it runs on by itself with the same weights
        second = decoder if resized.encoder_steps < resized.steps else encoder
        trace = trace_encoder_decoder(encoder, second, alphabet, read, resized.steps - len(resized.inputs))
        return unrolled.Unrolled(resized, trace)

    return Explorer(
        "Fold and unfold a recurrent network",
        source,
        View(
            figure=unrolled.unrolled_figure,
            patch=unrolled.unrolled_patch,
            describe=unrolled.describe_unrolled,
            selections=lambda drawn: drawn.shape.steps,
            structure=lambda drawn: drawn.shape,
            extra=lambda drawn: {"scene": unrolled.unrolled_scene(drawn)},
        ),
        [
            Choice("shape", "Task", list(SEQUENCE_SHAPES), "many to many, equal lengths"),
            Range("steps", "Steps T", 2, 6, 1, 4),
            Range("unfolded", "Folded ↔ unfolded", 0, 1, 0.01, 1, browser=True),
        ],
        Range("step", "Step t", 0, 3, 1, 1, browser=True, offset=1),
    )


def _resized(name: str, steps: int) -> SequenceShape:
    """Return a shape of task stretched or shrunk to ``steps`` steps (one to one has a single step)."""
    shape = SEQUENCE_SHAPES[name]
    if name == "one to one":
        return shape
    first = steps // 2 if shape.encoder_steps < shape.steps else steps
    reads_all = len(shape.inputs) > 1
    return dataclasses.replace(
        shape,
        steps=steps,
        encoder_steps=first,
        inputs=range(1, first + 1) if reads_all else shape.inputs,
        outputs=range(first + 1, steps + 1)
        if first < steps
        else range(steps if shape.outputs.start > 1 else 1, steps + 1),
    )


def _text_box(text: str, alphabet: Alphabet) -> TextBox:
    shown = "".join(visible(character) for character in alphabet.characters)
    return TextBox("text", f"Type (only {shown})", text, LONGEST)


def _step(label: str, text: str, selected: int) -> Range:
    return Range("step", label, 0, len(text) - 1, 1, selected, browser=True, offset=1)


def run(model: RNN, alphabet: Alphabet, text: str) -> Explorer[RunTrace]:
    """Type a text and watch the state and the probabilities of the next character after every step."""

    def strip(trace: RunTrace) -> dict[str, object]:
        # how much the network had expected each character, whatever step is selected; nothing was before the first
        expected = [float("nan")] + [
            float(trace.probabilities[t - 1, trace.outputs.index(token)]) for t, token in enumerate(trace.tokens) if t
        ]
        levels = np.tile(np.array(expected), (len(trace.tokens), 1))
        return _strip("What it read, lighter where it had expected the character", trace.tokens, levels)

    return Explorer(
        "A network reading",
        lambda text: trace_run(model, alphabet, text),
        View(
            figure=run_plots.run_figure,
            patch=run_plots.run_patch,
            describe=run_plots.describe_run,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: (trace.tokens, trace.states.tobytes()),  # the model may have learnt meanwhile
            extra=lambda trace: strip(trace) | {"pick": "xaxis"},
        ),
        [_text_box(text, alphabet)],
        _step("After step", text, len(text) - 1),
    )


def gradient_ribbon(model: RNN, alphabet: Alphabet, text: str) -> Explorer[GradientTrace]:
    """Point at a step: every earlier one takes the colour of ‖∂L_t/∂h_k‖; change the text, or scale W_hh."""
    own_radius = spectral_radius(model)
    shown_radius = round(own_radius, 2)

    def source(text: str, radius: float) -> GradientTrace:
        # where the slider starts is the model itself, not the model rounded to two digits
        factor = 1.0 if radius == shown_radius else radius / own_radius
        return trace_gradients(_scaled(model, factor), alphabet, text)

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
                _strip(
                    "The text it reads, lighter where the loss reaches more strongly",
                    trace.tokens,
                    np.stack([gradients.strip_levels(trace, t) for t in range(len(trace.tokens))]),
                )
                | {"pick": "xaxis"}
            ),
        ),
        [
            _text_box(text, alphabet),
            Range("radius", "Spectral radius of W_hh", 0, max(3, math.ceil(own_radius)), 0.01, shown_radius),
        ],
        _step("Loss at step t", text[:-1], len(text) - 2),
    )


def spectral_radius(model: RNN) -> float:
    """Return the largest absolute eigenvalue of W_hh. Raises ValueError if it is zero: no scaling can change it."""
    radius = float(torch.linalg.eigvals(model.W_hh.detach()).abs().max())
    if radius == 0:
        raise ValueError("W_hh: expected a spectral radius above 0, got 0")
    return radius


def _scaled(model: RNN, factor: float) -> RNN:
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
        [_text_box(text, alphabet)],
        Range("reach", "Steps back", 0, len(text) - 2, 1, min(2, len(text) - 2), browser=True),
    )


def _strip(label: str, tokens: tuple[str, ...], levels: np.ndarray) -> dict[str, object]:
    return {
        "strip": {
            "label": label,
            "tokens": [visible(token) for token in tokens],
            "names": [{" ": "space", ".": "full stop", ",": "comma", "'": "apostrophe"}.get(t, t) for t in tokens],
            "levels": levels,
            "palette": STRIP_PALETTE,
        }
    }
