"""Drag the arrow from word to word: what is to it as b is to a?"""

from collections.abc import Mapping, Sequence

from jaxtyping import Float
from torch import Tensor

from seqviz.data.tokenizer import Tokenizer
from seqviz.plots.embeddings import analogy as plots
from seqviz.traces.embeddings.analogy import trace_analogy
from seqviz.traces.embeddings.records import AnalogyTrace
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View

LEFT_OUT, ASKED = "may not be the answer", "may be the answer"


def analogy(
    vectors: Mapping[str, Float[Tensor, "word _"]],
    vocabulary: Tokenizer,
    pairs: Sequence[tuple[str, str]],
    words: Sequence[str],
    c: str,
) -> Explorer[AnalogyTrace]:
    """Drag the foot of the arrow a → b onto another word c of the map, and see what b − a + c is near to.

    where vectors of several trainings have names, the last one is shown first, and c is the word it opens on.
    """
    named = {f"{a} → {b}": (a, b) for a, b in pairs}
    shown = list(vectors)[-1]

    def source(pair: str, vectors_of: str, query: str) -> AnalogyTrace:
        return trace_analogy(vectors[vectors_of], vocabulary, named[pair], words, query_left_out=query == LEFT_OUT)

    return Explorer(
        "An analogy under the hand",
        source,
        View(
            figure=plots.analogy_figure,
            patch=plots.analogy_patch,
            describe=plots.describe_analogy,
            selections=lambda trace: len(trace.words),
            structure=lambda trace: (trace.pair, trace.places.tobytes()),
            pick="words",
        ),
        [
            Choice("pair", "Carry over", list(named), next(iter(named))),
            Choice("vectors_of", "Vectors", list(vectors), shown),
            Choice("query", "The three words of the question", [LEFT_OUT, ASKED], LEFT_OUT),
        ],
        Range(
            "c",
            "to the word",
            minimum=0,
            maximum=len(words) - 1,
            step=1,
            value=list(words).index(c),
            browser=True,
            shown=list(words),
        ),
    )
