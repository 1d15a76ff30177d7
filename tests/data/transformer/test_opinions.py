"""What the grammars promise: shares, who names what, and which of the words tell the verdict."""

import re
from dataclasses import replace
from itertools import chain

import pytest
import torch

from seqviz.data.transformer.opinions import (
    OPINION_ADJECTIVES,
    OPINION_VERBS,
    OPINION_VOCABULARY,
    ORDINARY,
    REDUNDANT,
    opinion_pairs,
    opinions,
    second_sentence,
)

GRAMMARS = pytest.mark.parametrize("grammar", [ORDINARY, REDUNDANT], ids=["ordinary", "redundant"])
PLAIN = replace(REDUNDANT, two_adjectives=0.0, negated=0.0)
COUNT = 4000


def drawn(seed=0):
    return torch.Generator().manual_seed(seed)


def close(share, expected, count):
    """Within 4.5 standard deviations of a share of so many draws."""
    return abs(share - expected) <= 4.5 * (expected * (1 - expected) / count) ** 0.5


def verdict(adjective):
    (found,) = [number for number, words in enumerate(OPINION_ADJECTIVES) if adjective in words]
    return found


def verdict_of_second(second):
    return second[2] in OPINION_VERBS[1]


def test_every_word_has_one_meaning_and_its_index():
    words = [*chain(*OPINION_ADJECTIVES, *OPINION_VERBS), *ORDINARY.nouns]
    assert len(words) == len(set(words)) == 8 + 8 + 3 + 3 + 24
    assert OPINION_VOCABULARY.encode("<mask>").tolist() == [4]


@GRAMMARS
def test_first_sentences_have_the_shares_of_their_grammar_and_say_what_they_mean(grammar):
    of_kind = {"not": 0, "and": 0}
    for words, noun, positive in opinions(COUNT, drawn(), grammar):
        text = " ".join(words)
        told = re.fullmatch(r"the (\w+) was (?:(not|very|really|quite|truly) (\w+)|(\w+) (and) (\w+))", text)
        assert told is not None, text
        assert told[1] == noun
        adjectives = [word for word in (told[3], told[4], told[6]) if word]
        assert len(adjectives) == len(set(adjectives))
        assert {verdict(adjective) for adjective in adjectives} == {positive ^ (told[2] == "not")}
        for word in of_kind:
            of_kind[word] += word in words
    assert close(of_kind["not"] / COUNT, grammar.negated * (1 - grammar.two_adjectives), COUNT)
    assert close(of_kind["and"] / COUNT, grammar.two_adjectives, COUNT)


@pytest.mark.parametrize("two_adjectives", [0.0, 0.3, 0.6])
def test_how_many_single_adjectives_stand_after_not_has_nothing_to_do_with_how_many_stand_in_twos(two_adjectives):
    said = opinions(COUNT, drawn(), replace(ORDINARY, two_adjectives=two_adjectives))
    single = [opinion for opinion in said if "and" not in opinion.words]
    assert close(sum("not" in opinion.words for opinion in single) / len(single), ORDINARY.negated, len(single))


def named_with(grammar, is_next):
    """Return which words the second sentences name, for every noun of a first one."""
    named = {noun: set() for noun in grammar.nouns}
    for opinion, second, belongs in opinion_pairs(6000, drawn(), grammar):
        if belongs == is_next:
            named[opinion.noun].add(second[4])
    return named


@GRAMMARS
def test_half_of_the_pairs_belong_together_and_these_agree(grammar):
    pairs = opinion_pairs(COUNT, drawn(), grammar)
    together = [pair for pair in pairs if pair.is_next]
    assert close(len(together) / COUNT, 0.5, COUNT)
    assert all(verdict_of_second(second) == opinion.positive for opinion, second, _ in together)
    assert all(second == second_sentence(second[4], second[2], second[5]) for _, second, _ in pairs)
    assert close(sum(pair.opinion.positive for pair in pairs) / COUNT, 0.5, COUNT)


@GRAMMARS
def test_whether_a_second_sentence_from_elsewhere_keeps_the_verdict(grammar):
    apart = [pair for pair in opinion_pairs(COUNT, drawn(), grammar) if not pair.is_next]
    agree = sum(verdict_of_second(pair.second) == pair.opinion.positive for pair in apart) / len(apart)
    assert agree == 1 if grammar.verdict_kept else close(agree, 0.5, len(apart))


def test_the_noun_is_said_again_or_one_of_four_words_of_its_topic():
    assert named_with(REDUNDANT, True) == {noun: {noun} for noun in REDUNDANT.nouns}
    named = named_with(ORDINARY, True)
    assert all(len(words) == 4 for words in named.values())
    assert named["film"] == named["play"] == {"cinema", "stage", "actor", "plot"}
    assert len(set().union(*named.values(), ORDINARY.nouns)) == 24 + 12 * 4


@GRAMMARS
def test_a_second_sentence_from_elsewhere_names_a_word_of_every_other_topic(grammar):
    own, other, topics = named_with(grammar, True), named_with(grammar, False), named_with(ORDINARY, True)
    for noun, words in other.items():
        of_its_topic = [own[one] for one in grammar.nouns if topics[one] == topics[noun]]
        assert len(of_its_topic) == 2
        assert words.isdisjoint(set().union(*of_its_topic))
        assert len(words) > len(grammar.nouns) / 2
    assert set().union(*own.values()) == set().union(*other.values())


def test_only_the_adjectives_asked_for_come_up_and_all_of_them():
    half = [words[:4] for words in OPINION_ADJECTIVES]
    told = {opinion.words[-1] for opinion in opinions(400, drawn(), PLAIN, half)}
    assert told == {*chain(*half)}


def test_the_noun_and_the_adverb_do_not_tell_the_verdict():
    said = opinions(6000, drawn(1), PLAIN)
    for place in (1, 3):
        for word in {opinion.words[place] for opinion in said}:
            verdicts = [opinion.positive for opinion in said if opinion.words[place] == word]
            assert close(sum(verdicts) / len(verdicts), 0.5, len(verdicts)), word


def test_the_same_seed_draws_the_same_pairs_and_another_one_others():
    one, same, other = (opinion_pairs(5, drawn(seed), ORDINARY) for seed in (3, 3, 4))
    assert one == same != other


def test_every_word_is_in_the_vocabulary():
    for grammar in (ORDINARY, REDUNDANT):
        for pair in opinion_pairs(500, drawn(2), grammar):
            OPINION_VOCABULARY.encode([*pair.opinion.words, *pair.second])


def test_a_grammar_of_fewer_topics_than_a_pair_may_have_or_more_than_there_are_is_refused():
    assert set(REDUNDANT.nouns) < set(ORDINARY.nouns)
    for topics in (1, 13):
        with pytest.raises(ValueError, match=f"topics: expected a number in 2 … 12, got {topics}"):
            replace(ORDINARY, topics=topics)
