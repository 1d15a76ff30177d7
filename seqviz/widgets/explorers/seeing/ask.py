"""Ask about a scene of your own, and see what was seen and what could be guessed."""

from collections.abc import Sequence

from seqviz.data.seeing.questions import every_question
from seqviz.data.seeing.scenes import Thing
from seqviz.models.seeing.conv2d import ConvNet
from seqviz.models.seeing.question_answerer import QuestionAnswerer
from seqviz.plots.seeing import ask as plots
from seqviz.traces.seeing.ask import trace_ask
from seqviz.traces.seeing.records import AskTrace
from seqviz.widgets.controls import Range
from seqviz.widgets.explorer import Explorer, View
from seqviz.widgets.explorers.seeing.own_scene import GRAB, START, scene_controls, scene_of
from seqviz.widgets.strip import Caption, Strip


def ask(
    net: ConvNet,
    scale: float,
    seeing: QuestionAnswerer,
    blind: QuestionAnswerer,
    start: Sequence[Thing] = START,
    question: int = 0,
) -> Explorer[AskTrace]:
    """Point at a question about a scene that you draw: its answers, by a network that sees it and by a blind one.

    where ``scale`` divides what the net sees, as it did in training, start is the scene to begin with, and question the
    one to begin with, from 0.
    """

    def strip(trace: AskTrace) -> Strip:
        words = "Point at a question. Lit: the probability that seeing gives to the right answer"
        rows = [(kind, trace.kinds.index(kind)) for kind in dict.fromkeys(trace.kinds)]
        tokens = tuple(f"{text}?" for text in trace.questions)
        return Strip(words, tokens, plots.ask_levels(trace), captions=[Caption(words, ("0", "1"))], rows=rows)

    return Explorer(
        "Ask about your scene",
        lambda **drawn: trace_ask(net, scale, seeing, blind, scene_of(**drawn)),
        View(
            figure=plots.ask_figure,
            patch=plots.ask_patch,
            describe=plots.describe_ask,
            selections=lambda trace: len(trace.questions),
            structure=lambda trace: trace.drawing.names,
            grab=GRAB,
            strip=strip,
        ),
        scene_controls(tuple(start), recorded=(3, 2)),
        Range(
            "question",
            "Question",
            0,
            len(every_question(tuple(start))) - 1,
            1,
            question,
            browser=True,
            offset=1,
        ),
    )
