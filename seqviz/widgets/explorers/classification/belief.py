"""A sentence of your own, coloured by what a classifier believes after every word."""

from collections.abc import Mapping

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.classification.classifier import SequenceClassifier
from seqviz.plots.classification import belief as plots
from seqviz.plots.classification.belief import Verdict
from seqviz.traces.classification.belief import trace_belief
from seqviz.widgets.controls import Choice, Range, TextBox
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.strip import Caption, Strip

LONGEST = 100  # characters


def belief(classifiers: Mapping[str, SequenceClassifier], tokenizer: Tokenizer, text: str) -> Explorer[Verdict]:
    """Point at a word and see the belief without it; type a sentence and see which word turns the verdict.

    where every classifier has one logit, which speaks for *positive*. It opens at the word that the last one's verdict
    depends on most.
    """
    shown = list(classifiers)[-1]
    opening = Verdict(trace_belief(classifiers, tokenizer, text), shown)

    def strip(verdict: Verdict) -> Strip:
        words = f"The text, as {verdict.model} sees it after each word"
        caption = Caption(words, (plots.NO, plots.YES), diverging=True)
        return Strip(words, verdict.trace.tokens, plots.belief_levels(verdict)[None], captions=[caption])

    return Explorer(
        "Belief after every word",
        lambda text, model: Verdict(trace_belief(classifiers, tokenizer, text), model),
        View(
            figure=plots.belief_figure,
            patch=plots.belief_patch,
            describe=plots.describe_belief,
            selections=lambda verdict: len(verdict.trace.tokens),
            structure=lambda verdict: (verdict.trace.tokens, verdict.model),
            pick="xaxis",
            strip=strip,
        ),
        [
            TextBox("text", "Type a review", text, LONGEST),
            Choice("model", "Ask", list(classifiers), shown),
        ],
        Range(
            "step",
            "Without word",
            minimum=0,
            maximum=len(opening.trace.tokens) - 1,
            step=1,
            value=opening.turning,
            browser=True,
            offset=1,
        ),
    )
