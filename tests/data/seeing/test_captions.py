"""A caption is true where a search through the facts finds it so; each fault is found on a caption that has it."""

import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqviz.data.seeing.captions import CAPTION_VOCABULARY, FAULTS, caption, caption_is_true, fault, parse
from seqviz.data.seeing.scenes import COLOURS, RELATIONS, SHAPES, Thing, relation, scenes

RED, BLUE = Thing("red", "circle", 6, 10, 5), Thing("blue", "square", 24, 14, 5)  # the red circle is left of the square
SCENE = (RED, BLUE)
things = st.builds(
    Thing, st.sampled_from(COLOURS), st.sampled_from(SHAPES), st.floats(4, 28), st.floats(4, 28), st.floats(4, 6)
)
drawn = st.lists(things, min_size=1, max_size=4).map(tuple)
names = st.tuples(st.sampled_from(COLOURS), st.sampled_from(SHAPES))


def sentence(first, between, second):
    return f"a {' '.join(first)} {between} a {' '.join(second)}"


@settings(deadline=None)
@given(drawn, names, st.sampled_from(RELATIONS), names)
def test_true_means_that_some_pair_of_things_bears_it_out(scene, first, between, second):
    pairs = [
        (a[:2], b[:2])
        for a, b in itertools.permutations(scene, 2)
        if {
            "left of": abs(a.x - b.x) >= abs(a.y - b.y) and a.x < b.x,
            "right of": abs(a.x - b.x) >= abs(a.y - b.y) and a.x >= b.x,
            "above": abs(a.x - b.x) < abs(a.y - b.y) and a.y < b.y,
            "below": abs(a.x - b.x) < abs(a.y - b.y) and a.y > b.y,
        }[between]
    ]
    assert caption_is_true(sentence(first, between, second), scene) == ((first, second) in pairs)


@settings(deadline=None)
@given(drawn, names)
def test_a_caption_of_one_thing_is_true_where_it_is(scene, name):
    assert caption_is_true(f"a {' '.join(name)}", scene) == any(thing[:2] == name for thing in scene)


@settings(deadline=None)
@given(st.integers(0, 2**31))
def test_the_caption_of_a_scene_is_true_and_begins_with_the_left_or_the_upper_thing(seed):
    (scene,) = scenes(1, torch.Generator().manual_seed(seed))
    text = caption(scene)
    assert caption_is_true(text, scene)
    assert fault(text, scene) is None
    said = parse(text)
    assert said is not None
    assert said.relation in ("left of", "above")
    assert text == caption(scene[::-1])
    mirrored = sentence(said.names[1], said.relation, said.names[0])
    assert not caption_is_true(mirrored, scene)
    opposite = {"left of": "right of", "above": "below"}[said.relation]
    assert caption_is_true(sentence(said.names[1], opposite, said.names[0]), scene)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a red circle left of a blue square", None),
        ("a blue square right of a red circle", None),
        ("a red circle", None),
        ("a red circle left a blue square", "grammar"),
        ("a circle red left of a blue square", "grammar"),
        ("the red circle", "grammar"),
        ("a red circle a blue square", "grammar"),
        ("a red circle left of a blue square now", "grammar"),
        ("", "grammar"),
        ("a green circle left of a blue square", "thing"),
        ("a red triangle", "thing"),
        ("a red square left of a blue circle", "pairing"),
        ("a blue circle", "pairing"),
        ("a red circle left of a red circle", "twice"),
        ("a blue square left of a red circle", "relation"),
        ("a red circle above a blue square", "relation"),
    ],
)
def test_each_fault_on_a_caption_that_has_it(text, expected):
    assert fault(text, SCENE) == expected
    assert caption_is_true(text, SCENE) == (expected is None)


@settings(deadline=None)
@given(drawn, names, st.sampled_from(RELATIONS), names)
def test_a_caption_has_a_fault_exactly_where_it_is_not_true(scene, first, between, second):
    text = sentence(first, between, second)
    found = fault(text, scene)
    assert (found is None) == caption_is_true(text, scene)
    assert found in (None, *FAULTS[1:])


def test_two_equal_names_may_stand_for_two_equal_things():
    twins = (RED, RED._replace(x=24.0))
    assert caption_is_true("a red circle left of a red circle", twins)
    assert fault("a red circle above a red circle", twins) == "relation"


def test_every_word_of_every_caption_is_known():
    for first, second in itertools.permutations(itertools.product(COLOURS, SHAPES), 2):
        for between in RELATIONS:
            text = sentence(first, between, second)
            assert CAPTION_VOCABULARY.decode(CAPTION_VOCABULARY.encode(text)) == text
            assert parse(text) == ((first, second), between)


def test_a_caption_needs_a_scene_of_two():
    with pytest.raises(ValueError, match="expected a scene of 2 things, got 1"):
        caption((RED,))
    assert relation(RED, BLUE) == "left of"
