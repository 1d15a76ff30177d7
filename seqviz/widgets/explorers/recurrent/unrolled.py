"""A network that folds and unfolds."""

import dataclasses

import torch

from seqviz.data.recurrent.hello import hello
from seqviz.models.recurrent.rnn import RNN
from seqviz.plots.recurrent import unrolled as plots
from seqviz.plots.recurrent.computation_graph import SEQUENCE_SHAPES, SequenceShape
from seqviz.traces.recurrent.unrolled import trace_unrolled
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View


def unrolled() -> Explorer[plots.Unrolled]:
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

    def source(shape: str, steps: float) -> plots.Unrolled:
        resized = _resized(shape, int(steps))
        read = "hellohell"[: len(resized.inputs)]
        # where a one-to-many network has read its one input, it runs on by itself with the same weights
        second = decoder if resized.encoder_steps < resized.steps else encoder
        trace = trace_unrolled(encoder, second, alphabet, read, resized.steps - len(resized.inputs))
        return plots.Unrolled(resized, trace)

    return Explorer(
        "Fold and unfold a recurrent network",
        source,
        View(
            figure=plots.unrolled_figure,
            patch=plots.unrolled_patch,
            describe=plots.describe_unrolled,
            selections=lambda drawn: drawn.shape.steps,
            structure=lambda drawn: drawn.shape,
            scene=plots.unrolled_scene,
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
