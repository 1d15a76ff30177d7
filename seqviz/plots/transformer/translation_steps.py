"""One step of a translation: where every head looks, in the source and in what was written, and what comes next."""

import numpy as np
import plotly.graph_objects as go

from seqviz.plots.patch import Patch, patched
from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, SEQUENTIAL, listed, new_figure, token_name, token_sign
from seqviz.traces.transformer.records import TranslationStepsTrace

ROW = 20  # pixels for a head


def step_of(trace: TranslationStepsTrace, selection: int) -> int:
    """Return the output step of a selection: steps come first, then, of every letter, the one that reads it most."""
    steps = len(trace.said)
    if selection < steps:
        return selection
    return int(_mean_of_top(trace)[:, selection - steps].argmax())


def translation_steps_levels(trace: TranslationStepsTrace) -> np.ndarray:
    """Return a colour for what was fed and for the source at every selection: the mean weight of the last layer."""
    selections, steps = len(trace.said) + len(trace.source), len(trace.said)
    fed, source = trace.in_fed[-1].mean(0), _mean_of_top(trace)
    levels = np.full((selections, selections), np.nan)
    for selection in range(selections):
        step = step_of(trace, selection)
        levels[selection, : step + 1] = fed[step, : step + 1]  # nothing later is there yet
        levels[selection, steps:] = source[step]
    return np.clip(levels, 0, 1)


def _mean_of_top(trace: TranslationStepsTrace) -> np.ndarray:
    return trace.in_source[-1].mean(0)


def translation_steps_figure(trace: TranslationStepsTrace) -> go.Figure:
    """Draw two empty maps, heads down and letters across, and bars of what comes next below them."""
    layers, heads, steps, _ = trace.in_fed.shape
    names = [f"{layer + 1}.{head + 1}" for layer in range(layers) for head in range(heads)]
    height = ROW * len(names)
    rows = {"range": [len(names) - 0.5, -0.5], "tickvals": list(range(len(names))), "ticktext": names}
    whole = 2 * height + 280
    at = (whole - height) / whole
    figure = new_figure(
        whole,
        margin={"l": 52, "r": 12, "t": 40, "b": 48},
        xaxis=_letters(trace.source) | {"title": {"text": "looks at the source", "standoff": 2}, "side": "top"},
        yaxis=rows | {"domain": [at + 0.04, 1], "title": {"text": "layer.head", "standoff": 4}},
        xaxis2=_letters(trace.fed) | {"title": {"text": "looks at what was written", "standoff": 2}, "anchor": "y2"},
        yaxis2=rows | {"domain": [0.36, at - 0.06], "anchor": "x2", "title": {"text": "layer.head", "standoff": 4}},
        xaxis3=_letters(trace.outputs) | {"title": "comes next (⏎: the end)", "anchor": "y3"},
        yaxis3={"domain": [0, 0.17], "range": [0, 1.02], "anchor": "x3", "tickformat": ".0%", "title": "probability"},
    )
    figure.update_xaxes(showgrid=False, zeroline=False)
    for uid, axes, count in (
        ("source", {}, len(trace.source)),
        ("fed", {"xaxis": "x2", "yaxis": "y2"}, steps),
    ):
        figure.add_heatmap(
            uid=uid,
            z=np.zeros((len(names), count)),
            zmin=0,
            zmax=1,
            colorscale=SEQUENTIAL,
            xgap=1,
            ygap=1,
            showscale=False,
            hovertemplate="%{z:.2f}<extra></extra>",
            **axes,
        )
    figure.add_bar(
        uid="next",
        x=np.arange(len(trace.outputs)),
        y=np.zeros(len(trace.outputs)),
        marker={"color": CATEGORICAL[0]},
        xaxis="x3",
        yaxis="y3",
        hovertemplate="%{y:.3f}<extra></extra>",
    )
    figure.add_bar(
        uid="said",
        x=np.arange(len(trace.outputs)),
        y=np.zeros(len(trace.outputs)),
        marker={"color": HIGHLIGHT},
        xaxis="x3",
        yaxis="y3",
        hoverinfo="skip",
    )
    return figure.update_layout(barmode="overlay")


def _letters(tokens: tuple[str, ...]) -> dict:
    return {
        "range": [-0.5, len(tokens) - 0.5],
        "tickvals": list(range(len(tokens))),
        "ticktext": [token_sign(token) for token in tokens],
        "tickangle": 0,
    }


def translation_steps_patch(trace: TranslationStepsTrace, selection: int) -> Patch:
    """What follows the selection: both maps of its step, without what is not written yet, and the bars."""
    step = step_of(trace, selection)
    fed = trace.in_fed[:, :, step].reshape(-1, len(trace.fed)).copy()
    fed[:, step + 1 :] = np.nan
    probabilities = trace.probabilities[step]
    said = np.array([token == trace.said[step] for token in trace.outputs])
    return {
        "source.z": trace.in_source[:, :, step].reshape(-1, len(trace.source)),
        "fed.z": fed,
        "next.y": probabilities,
        "said.y": np.where(said, probabilities, 0.0),
    }


def describe_translation_steps(trace: TranslationStepsTrace, selection: int) -> str:
    """Say what is fed, where the surest heads look, and what comes next."""
    steps, step = len(trace.said), step_of(trace, selection)
    letter = ""
    if selection >= steps:
        at = selection - steps
        letter = f"Source {at + 1}, “{token_name(trace.source[at])}”, is read most at output {step + 1}. "
    fed = "".join(token_name(token) for token in trace.fed[1 : step + 1])
    read = f"are the start and “{fed}”" if fed else "is the start"
    in_source = _look(trace.in_source[:, :, step], trace.source)
    in_fed = _look(trace.in_fed[:, :, step], trace.fed)
    order = np.argsort(-trace.probabilities[step], kind="stable")[:3]
    expected = listed(f"“{token_name(trace.outputs[i])}” {trace.probabilities[step, i]:.0%}" for i in order)
    whole = "".join(token for token in trace.said if token != "<eos>")
    return (
        f"{letter}Output {step + 1}: fed {read}. In the source, {in_source.replace(':', ' looks hardest:', 1)}. "
        f"In what was written, {in_fed}. It expects {expected}. The whole: “{whole}”."
    )


def _look(weights: np.ndarray, tokens: tuple[str, ...]) -> str:
    """Say which head has the largest weight, and on what."""
    layer, head, place = np.unravel_index(weights.argmax(), weights.shape)
    largest = weights[layer, head, place]
    return f"head {layer + 1}.{head + 1}: at “{token_name(tokens[place])}”, step {place + 1} ({largest:.0%})"


def translation_steps(trace: TranslationStepsTrace, selection: int = 0) -> Picture:
    """Draw an output step, or, after these, the step that reads a letter of the source most (both from 0)."""
    figure = patched(translation_steps_figure(trace), translation_steps_patch(trace, selection))
    return Picture(figure, describe_translation_steps(trace, selection))
