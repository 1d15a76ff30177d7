"""Answers against the facts, counted another way; drawn questions have an answer; what has none is refused."""

from collections import Counter

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqviz.data.seeing.questions import (
    ANSWERS,
    ANSWERS_OF,
    QUESTION_KINDS,
    QUESTION_VOCABULARY,
    answer,
    choices,
    every_question,
    question,
    questions,
)
from seqviz.data.seeing.scenes import Thing, scenes

SCENE = (Thing("red", "circle", 6, 10, 5), Thing("blue", "square", 24, 14, 5))
REDS = (Thing("red", "circle", 6, 10, 5), Thing("red", "square", 8, 24, 5))


@pytest.mark.parametrize(
    ("text", "scene", "right"),
    [
        ("what colour is the circle", SCENE, "red"),
        ("what colour is the square", SCENE, "blue"),
        ("what shape is the blue thing", SCENE, "square"),
        ("how many squares are there", SCENE, "one"),
        ("how many triangles are there", SCENE, "none"),
        ("how many red things are there", REDS, "two"),
        ("are both of one colour", REDS, "yes"),
        ("are both of one colour", SCENE, "no"),
        ("are both of one shape", REDS, "no"),
        ("is the circle left of the square", SCENE, "yes"),
        ("is the square left of the circle", SCENE, "no"),
        ("is the square right of the circle", SCENE, "yes"),
        ("is the circle above the square", SCENE, "no"),
        ("is the circle above the square", REDS, "yes"),
        ("is the square below the circle", REDS, "yes"),
    ],
)
def test_answers_by_hand(text, scene, right):
    assert answer(text, scene) == right
    assert answer(text, scene[::-1]) == right


@settings(deadline=None)
@given(st.integers(0, 2**31), st.sampled_from(QUESTION_KINDS))
def test_a_drawn_question_is_of_its_kind_and_can_be_answered(seed, kind):
    generator = torch.Generator().manual_seed(seed)
    (scene,) = scenes(1, generator)
    asked = question(scene, kind, generator)
    if asked is None:
        assert len({thing.shape for thing in scene}) < 2 or len({thing.colour for thing in scene}) < 2
        return
    assert asked.kind == kind
    assert asked.answer == answer(asked.text, scene)
    assert asked.answer in ANSWERS_OF[kind]
    assert QUESTION_VOCABULARY.decode(QUESTION_VOCABULARY.encode(asked.text)) == asked.text
    if asked.about is not None:
        assert asked.answer in asked.about[:2]


def test_every_kind_is_asked_and_a_relation_is_as_often_true_as_not():
    generator = torch.Generator().manual_seed(0)
    asked = questions(scenes(4000, generator), generator)
    counts = Counter(one.kind for one in asked)
    assert set(counts) == set(QUESTION_KINDS)
    assert min(counts.values()) > 0.12 * len(asked)
    yes = [one.answer == "yes" for one in asked if one.kind == "relation"]
    assert abs(sum(yes) / len(yes) - 0.5) < 5 * 0.5 / len(yes) ** 0.5
    by_words = Counter((one.text, one.answer) for one in asked if one.kind == "relation")
    assert len(by_words) > 40, "every question of the kind is asked, and both answers are given to it"


def test_answers_are_each_named_once():
    assert len(set(ANSWERS)) == len(ANSWERS)
    assert {one for answers in ANSWERS_OF.values() for one in answers} == set(ANSWERS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("where is the circle", "expected a question such as"),
        ("is the circle left of the cat", "expected a question such as"),
        ("is the circle near the square", "expected a question such as"),
        ("", "expected a question such as"),
        ("what colour is the triangle", "expected one triangle in the scene, since the question says “the”, got 0"),
        ("what shape is the red thing", "expected one red thing in the scene, since the question says “the”, got 2"),
        ("is the circle left of the triangle", "expected one triangle"),
    ],
)
def test_what_has_no_answer_is_refused_in_words(text, message):
    with pytest.raises(ValueError, match=message):
        answer(text, REDS)


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="kind: expected one of colour, shape, count, same, relation, got 'why'"):
        question(SCENE, "why", torch.Generator())


def test_more_than_can_be_counted_is_refused():
    with pytest.raises(ValueError, match="expected at most 2 of a kind, got 3"):
        answer("how many circles are there", SCENE[:1] * 3)


@settings(deadline=None)
@given(st.integers(0, 2**31), st.integers(2, len(ANSWERS)))
def test_the_answer_is_among_the_choices_once_and_others_of_its_kind_come_first(seed, count):
    generator = torch.Generator().manual_seed(seed)
    (asked,) = questions(scenes(1, generator), generator)
    offered = choices(asked, generator, count)
    assert len(set(offered)) == len(offered) == count
    assert asked.answer in offered
    of_kind = sum(one in ANSWERS_OF[asked.kind] for one in offered)
    assert of_kind == min(count, len(ANSWERS_OF[asked.kind]))


def test_the_place_of_the_answer_does_not_tell():
    generator = torch.Generator().manual_seed(0)
    (asked,) = questions(scenes(1, generator), generator)
    places = Counter(choices(asked, generator).index(asked.answer) for _ in range(2000))
    assert all(abs(places[place] / 2000 - 0.25) < 5 * (0.1875 / 2000) ** 0.5 for place in range(4))


def test_too_few_or_too_many_choices_are_refused():
    asked = questions(scenes(1, torch.Generator().manual_seed(0)), torch.Generator().manual_seed(0))[0]
    for count in (1, len(ANSWERS) + 1):
        with pytest.raises(ValueError, match=f"count: expected 2 … {len(ANSWERS)}, got {count}"):
            choices(asked, torch.Generator(), count)


def test_every_question_of_a_scene_is_there_once_with_its_answer_and_none_else_is_drawn():
    for scene in (SCENE, REDS, (SCENE[0], SCENE[0]._replace(x=24))):
        asked = every_question(scene)
        assert len({one.text for one in asked}) == len(asked)
        assert [one.answer for one in asked] == [answer(one.text, scene) for one in asked]
        draws = torch.Generator().manual_seed(0)
        drawn = {question(scene, kind, draws) for kind in QUESTION_KINDS for _ in range(60)} - {None}
        assert set(asked) == drawn
    assert Counter(one.kind for one in every_question(SCENE)) == {
        "colour": 2,
        "shape": 2,
        "count": 7,
        "same": 2,
        "relation": 4,
    }
