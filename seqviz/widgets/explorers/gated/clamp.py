"""A gate of an LSTM, held by hand."""

from collections.abc import Sequence

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.gated.lstm import LSTM
from seqviz.plots.gated import clamp as plots
from seqviz.plots.theme import visible
from seqviz.traces.gated.clamp import GATES, Gate, trace_clamp
from seqviz.traces.gated.records import ClampTrace
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.strip import Caption, Strip

OPEN, CLOSED = "open (1)", "closed (0)"
ALONE, TOGETHER = "this cell's", "all cells'"


def clamp(
    model: LSTM,
    tokenizer: Tokenizer,
    tokens: Sequence[str],
    answers: Sequence[str],
    unit: int = 0,
    step: int | None = None,
    whose: str = ALONE,
    value: str = CLOSED,
) -> Explorer[ClampTrace]:
    """Drag a held gate along the words: the cell leaves its ghost, and where a word is dark the answer is lost.

    where answers are the outputs whose probabilities after the last token are shown, step is the first (without one,
    that at which the answer loses most), and whose and value are the first values of the controls with these names.

    Raises as `trace_clamp`, and ValueError for a value that a control does not offer.
    """
    shown = tuple(answers)

    def source(gate: str, value: str, whose: str, unit: float) -> ClampTrace:
        held = {CLOSED: 0.0, OPEN: 1.0}[value]
        return trace_clamp(model, tokenizer, tokens, _gate(gate), held, int(unit), whose == ALONE)

    def strip(trace: ClampTrace) -> Strip:
        answer = visible(plots.free_answer(trace, shown))
        words = f"What it reads, by how much is left of “{answer}” at the end if the gate is held there"
        caption = Caption(words, ("nothing", "all"))
        return Strip(words, trace.tokens, plots.left_levels(trace, shown)[None], flowing=True, captions=(caption,))

    if step is None:
        step = plots.most_telling(source("forget", value, whose, unit), shown)
    hidden = model.W_h.shape[1]
    return Explorer(
        "A gate held at one step",
        source,
        View(
            figure=lambda trace: plots.clamp_figure(trace, shown),
            patch=lambda trace, step: plots.clamp_patch(trace, shown, step),
            describe=lambda trace, step: plots.describe_clamp(trace, shown, step),
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: (trace.gate, trace.unit, plots.clamp_bound(trace)),
            pick="xaxis",
            drag={"xaxis2": "step"},
            strip=strip,
        ),
        [
            Choice("gate", "Gate", list(GATES), "forget"),
            Choice("value", "Held", [CLOSED, OPEN], value),
            Choice("whose", "Whose", [ALONE, TOGETHER], whose),
            Range("unit", "Cell", minimum=0, maximum=hidden - 1, step=1, value=unit, offset=1, recorded=1),
        ],
        Range("step", "At step", minimum=0, maximum=len(tokens) - 1, step=1, value=step, browser=True, offset=1),
    )


def _gate(name: str) -> Gate:
    return GATES[GATES.index(name)]
