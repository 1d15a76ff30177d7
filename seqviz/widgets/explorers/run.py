"""A network that reads what you type."""

import numpy as np

from seqviz.data.alphabet import Alphabet
from seqviz.models import RNN
from seqviz.plots import run as run_plots
from seqviz.traces.records import RunTrace
from seqviz.traces.rnn import trace_run
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.explorers.parts import step_range, strip_of, text_box


def run(model: RNN, alphabet: Alphabet, text: str) -> Explorer[RunTrace]:
    """Type a text and watch the state and the probabilities of the next character after every step."""

    def strip(trace: RunTrace) -> dict[str, object]:
        # how much the network had expected each character, whatever step is selected; nothing was before the first
        expected = [float("nan")] + [
            float(trace.probabilities[t - 1, trace.outputs.index(token)]) for t, token in enumerate(trace.tokens) if t
        ]
        levels = np.tile(np.array(expected), (len(trace.tokens), 1))
        return strip_of("What it read, lighter where it had expected the character", trace.tokens, levels)

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
        [text_box(text, alphabet)],
        step_range("After step", text, len(text) - 1),
    )
