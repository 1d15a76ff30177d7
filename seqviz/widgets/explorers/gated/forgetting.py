"""A sequence being forgotten, word by word."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.recurrent_network import RecurrentNetwork
from seqviz.plots.gated import forgetting as plots
from seqviz.plots.theme import visible
from seqviz.traces.gated.forgetting import trace_forgetting
from seqviz.traces.gated.records import ForgettingTrace
from seqviz.widgets.controls import Range, TextBox
from seqviz.widgets.explorer import Explorer, Reveal, View
from seqviz.widgets.strip import Caption, Strip

LONGEST_TEXT = 600  # characters of a typed text


def forgetting(
    networks: Mapping[str, RecurrentNetwork],
    vocabulary: Tokenizer,
    text: str,
    ask: str,
    answers: tuple[str, str],
    split: Callable[[str], Sequence[str]] = str.split,
) -> Explorer[ForgettingTrace]:
    """Read on (▶): the words take the colour of the answer that a network would give there. When has it forgotten?

    It opens with the colours of the network whose answer changes most.

    where ``ask`` is the token that asks for one of the two answers, and ``split`` cuts a text into what the vocabulary
    knows (words, or ``list`` for characters). Raises as `trace_forgetting`.
    """
    names = tuple(networks)
    last = len(split(text)) - 1
    shares = trace_forgetting(networks, vocabulary, tuple(split(text)), ask, answers).shares
    changing = int(np.ptp(shares, axis=1).argmax())

    def strip(trace: ForgettingTrace) -> Strip:
        ends = (f"“{visible(answers[0])}”", f"“{visible(answers[1])}”")
        captions = [Caption(f"What it reads, by what the {name} would answer there", ends, True) for name in names]
        return Strip(captions[0].words, trace.tokens, trace.shares, flowing=True, by="network", captions=captions)

    return Explorer(
        "A sequence being forgotten",
        lambda text: trace_forgetting(networks, vocabulary, tuple(split(text)), ask, answers),
        View(
            figure=plots.forgetting_figure,
            patch=plots.forgetting_patch,
            describe=plots.describe_forgetting,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: (trace.tokens, trace.shares.tobytes()),
            pick="xaxis",
            reveal=Reveal("step", {f"curve-{index}.y": 1 for index in range(len(names))}),
            strip=strip,
        ),
        [
            TextBox("text", "Type another text", text, LONGEST_TEXT),
            Range("network", "Painted by", 0, len(names) - 1, 1, changing, browser=True, shown=names),
        ],
        Range("step", "Word", 0, last, 1, last, browser=True, offset=1, play="Read on"),
    )
