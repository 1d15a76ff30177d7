"""Questions are those of the scene that is drawn, and both networks answer them."""

import numpy as np
import pytest
import torch

from seqviz.data.seeing.questions import ANSWERS, QUESTION_VOCABULARY, every_question
from seqviz.models.seeing.conv2d import ConvNet
from seqviz.models.seeing.question_answerer import QuestionAnswerer
from seqviz.plots.seeing.ask import ask_levels, describe_ask
from seqviz.traces import trace_ask
from seqviz.widgets import explore
from seqviz.widgets.explorers.seeing.own_scene import START, thing_of
from tests.widgets.asked import answer, opened


@pytest.fixture
def models():
    torch.manual_seed(0)
    sizes = (len(QUESTION_VOCABULARY), len(ANSWERS), 3, 4, 6, 5)
    return ConvNet(3, (2, 3, 4)), 0.5, QuestionAnswerer(*sizes), QuestionAnswerer(*sizes)


def test_the_questions_and_answers_are_those_of_the_scene(wire, models):
    explorer = explore.ask(*models)
    red, blue = START
    answers = {
        START: opened(wire, explorer)["content"],
        (red._replace(x=12.0), blue): answer(wire, explorer, x1=12)["content"],
        (red._replace(x=12.0), thing_of("blue circle", blue.x, blue.y)): answer(wire, explorer, name2="blue circle")[
            "content"
        ],
    }
    for scene, content in answers.items():
        trace = trace_ask(*models, scene)
        asked = every_question(scene)
        assert content["selections"] == len(asked)
        assert content["strip"]["tokens"] == [f"{one.text}?" for one in asked]
        np.testing.assert_allclose(content["strip"]["levels"], ask_levels(trace), atol=1e-6)
        assert content["sentences"] == [describe_ask(trace, question) for question in range(len(asked))]
    assert len({content["selections"] for content in answers.values()}) == 2


def test_of_two_things_alike_none_is_asked_about_as_the_one(wire, models):
    content = answer(wire, explore.ask(*models), name2="red circle")["content"]
    assert [kind for kind, _ in content["strip"]["rows"]] == ["count", "same"]
    assert "how many circles are there?" in content["strip"]["tokens"]


def test_each_kind_of_question_has_a_line_of_its_own(models):
    explorer = explore.ask(*models)
    asked = every_question(START)
    for kind, first in explorer.content["strip"]["rows"]:
        assert asked[first].kind == kind
        assert all(one.kind != kind for one in asked[:first])
    assert [kind for kind, _ in explorer.content["strip"]["rows"]] == ["colour", "shape", "count", "same", "relation"]


def test_a_page_moves_both_things(models):
    made = explore.ask(*models).recording()
    assert {name: made["recorded"][name] for name in ("x1", "y1", "x2", "y2")} == {
        "x1": [5, 16, 27],
        "y1": [5, 27],
        "x2": [5, 16, 27],
        "y2": [5, 27],
    }
    assert len(made["answers"]) == 36
    assert not [answer for answer in made["answers"] if "error" in answer["content"]]
