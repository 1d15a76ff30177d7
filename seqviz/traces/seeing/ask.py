"""Ask all that can be asked of a scene, one network that sees it and one that is blind."""

import torch

from seqviz.data.seeing.questions import ANSWERS, QUESTION_VOCABULARY, every_question
from seqviz.data.seeing.scenes import Scene, pictures
from seqviz.data.translation.parallel import padded
from seqviz.models.seeing.conv2d import ConvNet
from seqviz.models.seeing.question_answerer import QuestionAnswerer
from seqviz.traces.seeing.gaze import annotate
from seqviz.traces.seeing.own_scene import drawing_of
from seqviz.traces.seeing.records import AskTrace


@torch.no_grad()
def trace_ask(net: ConvNet, scale: float, seeing: QuestionAnswerer, blind: QuestionAnswerer, scene: Scene) -> AskTrace:
    """Record the probability of every answer to every question of a scene of two things, drawn without noise.

    where ``scale`` divides what the net sees, as it did when the answerers were trained; the blind one gets a single
    cell of zeros.

    Raises ValueError for a scene of any other number.
    """
    drawing = drawing_of(scene)
    asked = every_question(scene)
    words, lengths = padded([QUESTION_VOCABULARY.encode(one.text) for one in asked])
    cells = annotate(net, scale, pictures([scene])).expand(len(asked), -1, -1)
    answered = seeing(cells, words, lengths)
    guessed = blind(torch.zeros_like(cells[:, :1]), words, lengths)
    return AskTrace(
        drawing=drawing,
        questions=tuple(one.text for one in asked),
        kinds=tuple(one.kind for one in asked),
        right=tuple(one.answer for one in asked),
        answers=ANSWERS,
        seeing=answered.logits.softmax(-1).numpy(),
        blind=guessed.logits.softmax(-1).numpy(),
        weights=answered.weights.numpy(),
    )
