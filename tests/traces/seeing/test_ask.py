"""Each question is answered as it would be alone, and the blind network sees nothing of the scene."""

import numpy as np
import pytest
import torch

from seqviz.data.seeing.questions import ANSWERS, QUESTION_VOCABULARY, every_question
from seqviz.data.seeing.scenes import Thing, pictures
from seqviz.models.seeing.conv2d import ConvNet
from seqviz.models.seeing.question_answerer import QuestionAnswerer
from seqviz.traces.seeing.ask import trace_ask
from seqviz.traces.seeing.gaze import annotate

SCENE = (Thing("red", "circle", 6, 10, 5), Thing("blue", "square", 24, 14, 5))


@pytest.fixture
def models():
    torch.manual_seed(0)
    sizes = (len(QUESTION_VOCABULARY), len(ANSWERS), 3, 4, 6, 5)
    return ConvNet(3, (2, 3, 4)), QuestionAnswerer(*sizes), QuestionAnswerer(*sizes)


def test_every_question_is_answered_as_it_would_be_alone(models):
    net, seeing, blind = models
    trace = trace_ask(net, 0.5, seeing, blind, SCENE)
    assert trace.answers == ANSWERS
    assert trace.drawing.names == ("red circle", "blue square")
    cells = annotate(net, 0.5, pictures([SCENE]))
    asked = every_question(SCENE)
    assert len(trace.questions) == len(asked)
    for row, one in enumerate(asked):
        assert (trace.questions[row], trace.kinds[row], trace.right[row]) == (one.text, one.kind, one.answer)
        words = QUESTION_VOCABULARY.encode(one.text)[None]
        length = torch.tensor([words.shape[1]])
        answered = seeing(cells, words, length)
        guessed = blind(torch.zeros(1, 1, 6), words, length)
        np.testing.assert_allclose(trace.seeing[row], answered.logits[0].softmax(-1).detach(), atol=1e-6)
        np.testing.assert_allclose(trace.blind[row], guessed.logits[0].softmax(-1).detach(), atol=1e-6)
        np.testing.assert_allclose(trace.weights[row], answered.weights[0].detach(), atol=1e-6)


def test_another_scene_changes_what_is_seen_and_no_guess(models):
    one = trace_ask(*models[:1], 0.5, *models[1:], SCENE)
    other = trace_ask(*models[:1], 0.5, *models[1:], (SCENE[0]._replace(x=9), SCENE[1]))
    assert one.questions == other.questions
    np.testing.assert_array_equal(one.blind, other.blind)
    assert not np.allclose(one.seeing, other.seeing, atol=1e-6)
