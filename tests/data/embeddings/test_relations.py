"""The sentences say what the grammar says, as often as it says so, and the analogies are those of its pairs."""

from collections import Counter

import pytest
import torch

from seqviz.data.embeddings.relations import (
    AFTER,
    KINDS,
    MALE_FEMALE,
    RELATIONS,
    analogies,
    relation_sentences,
    relation_words,
)


def drawn(count: int, share: float = 1.0, seed: int = 0):
    return relation_sentences(count, torch.Generator().manual_seed(seed), share)


def test_a_seed_gives_the_same_sentences_and_another_one_others():
    assert drawn(50) == drawn(50)
    assert drawn(50) != drawn(50, seed=1)


def test_every_word_is_known_and_every_known_word_comes_up():
    assert {word for sentence in drawn(8000) for word in sentence} == set(relation_words())
    assert len(set(relation_words())) == len(relation_words())


def things(sentence):
    return sentence[5], sentence[8]


def test_mostly_a_word_has_its_own_things_and_sometimes_any():
    near = Counter(thing for sentence in drawn(20_000) if sentence[2] == "queen" for thing in things(sentence))
    own = {"work", "vote", "garden", "money", "crown", "throne", "palace", "carriage"}
    share = sum(near[thing] for thing in own) / near.total()
    assert 0.8 < share < 0.88, "four in five, and one stray in ten"
    assert near["wheels"] > 0


@pytest.mark.parametrize("share", [0.0, 0.1, 1.0])
def test_his_and_her_are_said_as_often_as_asked(share: float):
    people = [sentence for sentence in drawn(20_000, share) if sentence[2] in dict(MALE_FEMALE)]
    said = Counter(sentence[4] for sentence in people)
    assert said["the"] / len(people) == pytest.approx(1 - share, abs=0.02)
    assert all(sentence[4] == sentence[7] for sentence in people)
    if share:
        assert said["his"] / (said["his"] + said["her"]) == pytest.approx(0.9, abs=0.03)


def test_an_analogy_is_made_of_two_pairs_of_one_relation():
    for relation, pairs in RELATIONS.items():
        made = analogies(relation)
        assert len(set(made)) == len(made) == 2 * len(pairs) * (len(pairs) - 1)
        for one in made:
            directions = [{(one.a, one.b), (one.c, one.d)} <= set(p) for p in (pairs, [pair[::-1] for pair in pairs])]
            assert any(directions)
    assert len(analogies()) == sum(len(analogies(relation)) for relation in RELATIONS)


def test_every_kind_has_words_of_the_corpus_and_a_word_after_it_that_is_not():
    assert AFTER.keys() == KINDS.keys()
    assert {word for words in KINDS.values() for word in words} <= set(relation_words())
    assert not set(AFTER.values()) & set(relation_words())


@pytest.mark.parametrize(("count", "share"), [(0, 1.0), (5, 1.2), (5, -0.1)])
def test_impossible_requests_are_named(count, share):
    with pytest.raises(ValueError, match="expected"):
        drawn(count, share)
    with pytest.raises(ValueError, match="gender, rank"):
        analogies("shoe size")
