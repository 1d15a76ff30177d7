"""What <cls> looks at before and after a network was fine-tuned."""

from collections.abc import Callable, Mapping, Sequence

from torch import Tensor

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.transformer.bert import BERT
from seqviz.plots.transformer import cls_look as plots
from seqviz.traces.transformer.cls_look import trace_cls_look
from seqviz.traces.transformer.records import ClsLookTrace
from seqviz.widgets.controls import Range, TextBox
from seqviz.widgets.explorer import Explorer, View

LONGEST = 80  # characters that can be typed


def cls_look(
    networks: Mapping[str, BERT],
    tokenizer: Tokenizer,
    text: str,
    head: Callable[[Tensor], Tensor],
    classes: Sequence[str],
    view: int = 0,
) -> Explorer[ClsLookTrace]:
    """Go through layers and heads: where <cls> looks in every network, side by side.

    where the views are the mean of each layer's heads, then each head, counted from 0; the head makes logits of the
    classes from the vector of <cls>. Raises as `trace_cls_look`.
    """
    names = plots.views(trace_cls_look(networks, tokenizer, text, head, classes))
    return Explorer(
        "Where <cls> looks",
        lambda text: trace_cls_look(networks, tokenizer, text, head, classes),
        View(
            figure=plots.cls_look_figure,
            patch=plots.cls_look_patch,
            describe=plots.describe_cls_look,
            selections=lambda trace: len(plots.views(trace)),
            structure=lambda trace: trace.tokens,
        ),
        [TextBox("text", "Sentence", text, LONGEST)],
        Range("view", "Layers, then heads", 0, len(names) - 1, 1, view, browser=True, shown=names),
    )
