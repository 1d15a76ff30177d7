"""One number, and the token it falls on, while temperature and cuts change."""

from seqviz.data.tokenizer import Tokenizer
from seqviz.plots.language import sampling as plots
from seqviz.traces.language.records import SamplingTrace
from seqviz.traces.language.sampling import trace_sampling
from seqviz.traces.language.sentence import Reader
from seqviz.widgets.controls import Choice, Range
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.explorers.parts import text_box

TEMPERATURES = tuple(tenths / 10 for tenths in range(1, 31))
TOP_K = {"all tokens": None, "the 10 likeliest": 10, "the 5 likeliest": 5, "the 2 likeliest": 2}
TOP_P = {"all of it": None, "0.9": 0.9, "0.7": 0.7, "0.4": 0.4}


def sampling(model: Reader, tokenizer: Tokenizer, text: str, u: float = 0.7) -> Explorer[SamplingTrace]:
    """Hold the random number and move the temperature: the same number falls on another token.

    where model is a decode step and its state before anything was read.
    """

    def source(text: str, u: float, top_k: str, top_p: str) -> SamplingTrace:
        return trace_sampling(
            model, tokenizer, text, u, temperatures=TEMPERATURES, top_k=TOP_K[top_k], top_p=TOP_P[top_p]
        )

    return Explorer(
        "Drawing the next token",
        source,
        View(
            figure=plots.sampling_figure,
            patch=plots.sampling_patch,
            describe=plots.describe_sampling,
            selections=lambda trace: len(trace.temperatures),
            structure=lambda trace: trace.outputs,
        ),
        [
            text_box(text, tokenizer),
            Range("u", "The number, held", minimum=0, maximum=0.99, step=0.01, value=u, recorded=3),
            Choice("top_k", "Keep (top-k)", list(TOP_K), "all tokens"),
            Choice("top_p", "Keep (top-p)", list(TOP_P), "all of it"),
        ],
        Range(
            "temperature",
            "Temperature",
            minimum=0,
            maximum=len(TEMPERATURES) - 1,
            step=1,
            value=TEMPERATURES.index(1.0),
            browser=True,
            shown=[f"{temperature:.1f}" for temperature in TEMPERATURES],
        ),
    )
