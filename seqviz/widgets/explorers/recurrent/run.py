"""A network that reads what you type."""

import numpy as np

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.recurrent.rnn import RNN
from seqviz.plots.recurrent import run as plots
from seqviz.traces.recurrent.records import RunTrace
from seqviz.traces.recurrent.run import trace_run
from seqviz.widgets.controls import Range
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.explorers.parts import step_range, text_box
from seqviz.widgets.strip import Caption, Strip

LETTERS = 30  # that the network writes on


def run(model: RNN, alphabet: Tokenizer, text: str) -> Explorer[RunTrace]:
    """Type a text: what did the network expect, what does each unit hold, and what would it write from here?"""
    units = model.W_hh.shape[1]

    def strip(trace: RunTrace) -> Strip:
        end = f"{plots.state_bound(trace):.1f}"
        expected = Caption("What it read, by how much it had expected each character", ("surprised", "expected"))
        held = Caption("What it read, by unit {row} of the state after each character", (f"−{end}", f"+{end}"), True)
        return Strip(
            expected.words,
            trace.tokens,
            np.vstack([plots.surprise_levels(trace), plots.unit_levels(trace)]),
            flowing=True,
            by="paint",
            captions=(expected, held),
            writes=trace.writings,
            written="written",
        )

    return Explorer(
        "A network reading",
        lambda text: trace_run(model, alphabet, text, LETTERS),
        View(
            figure=plots.run_figure,
            patch=plots.run_patch,
            describe=plots.describe_run,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: (trace.tokens, trace.states.tobytes()),  # the model may have been trained meanwhile
            pick="xaxis",
            press={"yaxis": "paint"},
            strip=strip,
        ),
        [
            text_box(text, alphabet),
            Range(
                "paint",
                "Paint by (click a row)",
                minimum=0,
                maximum=units,
                step=1,
                value=0,
                browser=True,
                shown=["surprise", *(f"unit {unit}" for unit in range(1, units + 1))],
            ),
            Range("written", "Letters written", 0, LETTERS, 1, 0, browser=True, play="Write on from here"),
        ],
        step_range("After step", text, len(text) - 1),
    )
