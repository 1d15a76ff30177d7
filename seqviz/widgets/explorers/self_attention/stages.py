"""One look, stage by stage, with the numbers of the student's own sentence."""

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.self_attention.attention_only import AttentionOnly
from seqviz.plots.self_attention import stages as plots
from seqviz.traces.self_attention.records import StagesTrace
from seqviz.traces.self_attention.stages import trace_stages
from seqviz.widgets.controls import Range, TextBox
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.strip import Caption, Strip

LONGEST = 80  # characters that can be typed


def stages(
    model: AttentionOnly, tokenizer: Tokenizer, text: str, word: int = 0, layer: int = 0, head: int = 0
) -> Explorer[StagesTrace]:
    """Point at a word: its query meets every key, and the weights that come out of it add up the values.

    where word, layer and head are those to begin with, from 0. Raises as `trace_stages`.
    """

    def strip(trace: StagesTrace) -> Strip:
        caption = Caption("The sentence, lit by where the chosen word looks", ("0", "1"))
        return Strip(caption.words, trace.tokens, trace.weights, captions=[caption], flowing=True)

    layers, heads = len(model.layers), model.heads
    deeper = [
        Range(name, label, 0, count - 1, 1, value, offset=1, recorded=count)
        for name, label, count, value in (("layer", "Layer", layers, layer), ("head", "Head", heads, head))
        if count > 1
    ]
    return Explorer(
        "A look, stage by stage",
        lambda text, layer=0, head=0: trace_stages(model, tokenizer, text, round(layer), round(head)),
        View(
            figure=plots.stages_figure,
            patch=plots.stages_patch,
            describe=plots.describe_stages,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: (trace.tokens, trace.layer, trace.head, trace.k.tobytes(), trace.v.tobytes()),
            strip=strip,
        ),
        [TextBox("text", "Sentence", text, LONGEST), *deeper],
        Range("word", "Word that asks", 0, len(tokenizer.split(text)) - 1, 1, word, browser=True, offset=1),
    )
