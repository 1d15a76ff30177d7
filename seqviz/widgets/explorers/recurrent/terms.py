"""The sum that a gradient through time adds up to."""

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.recurrent.rnn import RNN
from seqviz.plots.recurrent import terms as plots
from seqviz.traces.recurrent.records import TermTrace
from seqviz.traces.recurrent.terms import trace_terms
from seqviz.widgets.controls import Range
from seqviz.widgets.explorer import Explorer, Reveal, View
from seqviz.widgets.explorers.parts import text_box


def terms(model: RNN, alphabet: Tokenizer, text: str) -> Explorer[TermTrace]:
    """Build ∂L/∂W_hh up: how many steps back must the sum reach until it is autograd's gradient?"""
    return Explorer(
        "The gradient of W_hh, term by term",
        lambda text: trace_terms(model, alphabet, text),
        View(
            figure=plots.terms_figure,
            patch=plots.terms_patch,
            describe=plots.describe_terms,
            selections=lambda trace: len(trace.tokens),
            structure=lambda trace: (trace.tokens, id(trace)),
            pick="xaxis3",
            reveal=Reveal("reach", {"missing.y": 1}),
        ),
        [text_box(text, alphabet)],
        Range(
            "reach",
            "Steps back",
            minimum=0,
            maximum=len(text) - 2,
            step=1,
            value=min(2, len(text) - 2),
            browser=True,
            play="Add the terms",
        ),
    )
