"""What language models think of the text you type."""

from collections.abc import Mapping
from typing import Any

from seqviz.data.tokenizer import Tokenizer
from seqviz.plots.language import sentence as plots
from seqviz.plots.language.sentence import MOST_BITS, Reading
from seqviz.plots.theme import visible
from seqviz.traces.language.sentence import BEFORE, Reader, trace_sentence
from seqviz.widgets.computed import decode_steps
from seqviz.widgets.controls import Choice
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.explorers.parts import step_range, text_box
from seqviz.widgets.strip import Strip, spoken


def sentence(models: Mapping[str, Reader], tokenizer: Tokenizer, text: str) -> Explorer[Reading]:
    """Type a text and see, token by token, how surprised each model is and what it had expected.

    where models map a name to a decode step and its state before anything was read.
    """
    shown = list(models)[-1]
    most_surprising = int(trace_sentence(models, tokenizer, text).bits(shown).argmax())

    def strip(reading: Reading) -> Strip:
        label = f"The text, lighter where {reading.model} had expected the character"
        return Strip(label, reading.trace.tokens, plots.surprise_levels(reading)[None], flowing=True)

    def computed() -> dict[str, Any] | None:
        """What publish/pages/assets/sentence.js reads; it types character by character."""
        if tokenizer.unit != "character" or tokenizer.unknown is not None or not (graphs := decode_steps(models)):
            return None
        return {
            "kind": "sentence",
            "tokens": list(tokenizer.tokens),
            "visible": [visible(token) for token in tokenizer.tokens],
            "spoken": [spoken(token) for token in tokenizer.tokens],
            "before": tokenizer.encode(BEFORE).tolist(),
            "mostBits": MOST_BITS,
            "models": graphs,
        }

    return Explorer(
        "A text, token by token",
        lambda text, model: Reading(trace_sentence(models, tokenizer, text), model),
        View(
            figure=plots.sentence_figure,
            patch=plots.sentence_patch,
            describe=plots.describe_sentence,
            selections=lambda reading: len(reading.trace.tokens),
            structure=lambda reading: (
                reading.trace.tokens,
                *(probabilities.tobytes() for probabilities in reading.trace.probabilities.values()),
            ),
            pick="xaxis",
            strip=strip,
        ),
        [text_box(text, tokenizer), Choice("model", "What this model expected", list(models), shown)],
        step_range("At step", text, most_surprising),
        computed,
    )
