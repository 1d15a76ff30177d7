"""Watch a Transformer translate: what is fed back, where every head looks, what comes next."""

from seqviz.data.translation.parallel import ParallelText
from seqviz.models.transformer.translator import TransformerTranslator
from seqviz.plots.transformer import translation_steps as plots
from seqviz.traces.transformer.records import TranslationStepsTrace
from seqviz.traces.transformer.translation_steps import trace_translation_steps
from seqviz.widgets.controls import Range, TextBox
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.strip import Caption, Strip

LONGEST = 40  # characters that can be typed


def translation_steps(
    model: TransformerTranslator, text: ParallelText, source: str, step: int = 0, *, max_length: int = 11
) -> Explorer[TranslationStepsTrace]:
    """Go step by step, or point at a letter of the source and see the step that reads it most.

    where step is the output to begin with, from 0. Raises as `trace_translation_steps`.
    """

    def strip(trace: TranslationStepsTrace) -> Strip:
        words = "Fed back, and the source; lit by the last layer's mean weight"
        tokens = tuple({"<bos>": "start"}.get(token, token) for token in trace.fed) + trace.source
        rows = (("fed", 0), ("source", len(trace.fed)))
        return Strip(
            words,
            tokens,
            plots.translation_steps_levels(trace),
            captions=[Caption(words, ("0", "1"))],
            flowing=True,
            rows=rows,
        )

    return Explorer(
        "Step by step",
        lambda source: trace_translation_steps(model, text, source, max_length=max_length),
        View(
            figure=plots.translation_steps_figure,
            patch=plots.translation_steps_patch,
            describe=plots.describe_translation_steps,
            selections=lambda trace: len(trace.said) + len(trace.source),
            structure=lambda trace: (trace.source, trace.said),
            strip=strip,
        ),
        [TextBox("source", "Translate", source, LONGEST)],
        Range(
            "step",
            "Outputs, then source",
            0,
            LONGEST + max_length - 1,
            1,
            step,
            browser=True,
            offset=1,
            play="Step through outputs, then source",
        ),
    )
