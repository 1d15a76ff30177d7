"""A network that reads what you type."""

import numpy as np

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.recurrent.rnn import RNN
from seqviz.plots.recurrent import run as plots
from seqviz.traces.recurrent.records import RunTrace
from seqviz.traces.recurrent.run import trace_run
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.explorers.parts import step_range, text_box
from seqviz.widgets.strip import Strip


def run(model: RNN, alphabet: Tokenizer, text: str) -> Explorer[RunTrace]:
    """Type a text and watch the state and the probabilities of the next character after every step."""

    def strip(trace: RunTrace) -> Strip:
        # how much the network had expected each character, whatever step is selected; nothing was before the first
        expected = [float("nan")] + [
            float(trace.probabilities[t - 1, trace.outputs.index(token)]) for t, token in enumerate(trace.tokens) if t
        ]
        levels = np.tile(np.array(expected), (len(trace.tokens), 1))
        return Strip("What it read, lighter where it had expected the character", trace.tokens, levels)

    return Explorer(
        "A network reading",
        lambda text: trace_run(model, alphabet, text),
        View(
            figure=plots.run_figure,
            patch=plots.run_patch,
            describe=plots.describe_run,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: (trace.tokens, trace.states.tobytes()),  # the model may have learnt meanwhile
            pick="xaxis",
            strip=strip,
        ),
        [text_box(text, alphabet)],
        step_range("After step", text, len(text) - 1),
    )
