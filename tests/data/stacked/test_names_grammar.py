"""The listed sentences are those that are drawn, and bear their tags."""

import re
from collections import Counter

import pytest
import torch

from seqviz.data import TAGS, UNKNOWN, NamesGrammar, TaggedSentence, named_entities, tagged_batch, teddy_and_apple
from seqviz.data.stacked.names_grammar import parse
from seqviz.models.stacked.entities import entities

SMALL = NamesGrammar(("{who} saw teddy/B-PER roosevelt/I-PER", "teddy bears"), {"who": ("he", "the guide")})


def test_all_sentences_of_a_small_grammar():
    tagged = ("O", "O", "B-PER", "I-PER")
    assert SMALL.sentences() == {
        TaggedSentence(("he", "saw", "teddy", "roosevelt"), tagged): 0.25,
        TaggedSentence(("the", "guide", "saw", "teddy", "roosevelt"), ("O", *tagged)): 0.25,
        TaggedSentence(("teddy", "bears"), ("O", "O")): 0.5,
    }
    assert SMALL.vocabulary().tokens == (UNKNOWN, "bears", "guide", "he", "roosevelt", "saw", "teddy", "the")


@pytest.mark.parametrize("grammar", [teddy_and_apple(), named_entities()])
def test_probabilities_add_up_and_every_word_is_known(grammar):
    sentences = grammar.sentences()
    assert sum(sentences.values()) == pytest.approx(1, abs=1e-9)
    vocabulary = grammar.vocabulary()
    assert {word for sentence in sentences for word in sentence.words} == set(vocabulary.tokens) - {UNKNOWN}
    for sentence in sentences:
        for entity in entities(sentence.tags):  # every I goes on with a name, every name begins with B
            assert sentence.tags[entity.start] == f"B-{entity.kind}"
        assert not re.search(r"[{}/A-Z]", " ".join(sentence.words))


def test_drawn_sentences_come_as_often_as_they_are_said_to():
    grammar = teddy_and_apple()
    drawn = Counter(grammar.sample(6000, torch.Generator().manual_seed(0)))
    sentences = grammar.sentences()
    assert set(drawn) == set(sentences)
    # each count is a binomial: four standard deviations, and the sum of squares as chi-square with 60 or so degrees
    chi_square = sum((drawn[s] - 6000 * p) ** 2 / (6000 * p) for s, p in sentences.items())
    assert chi_square < 1.8 * len(sentences)
    again = grammar.sample(10, torch.Generator().manual_seed(0))
    assert again == grammar.sample(10, torch.Generator().manual_seed(0))
    assert again != grammar.sample(10, torch.Generator().manual_seed(1))


def test_the_sentences_of_the_lectures_are_among_them():
    sentences = {" ".join(sentence.words): sentence.tags for sentence in teddy_and_apple().sentences()}
    assert set(sentences["he said ' teddy bears are on sale ! '"]) == {"O"}
    assert sentences["teddy roosevelt was a great president"][:2] == ("B-PER", "I-PER")
    assert sentences["the new iphone is sold in apple stores"][6] == "B-ORG"
    assert sentences["apple stores sell the new iphone"][0] == "B-ORG"
    assert sentences["apple juice is refreshing"][0] == "O"


def test_a_batch_is_filled_up_with_zeros():
    sentences = [parse("teddy bears"), parse("he saw teddy/B-PER roosevelt/I-PER")]
    vocabulary = SMALL.vocabulary()
    x, y, lengths = tagged_batch(sentences, vocabulary)
    assert lengths.tolist() == [2, 4]
    assert x.shape == (2, 4, len(vocabulary))
    assert not x[0, 2:].any()
    for row, sentence in enumerate(sentences):
        assert vocabulary.tokens_of(x[row, : lengths[row]].argmax(-1)) == sentence.words
        assert tuple(TAGS[tag] for tag in y[row, : lengths[row]]) == sentence.tags


def test_what_cannot_be_is_refused():
    with pytest.raises(ValueError, match=r"expected tags of .*, got B-PERSON"):
        parse("teddy/B-PERSON")
    with pytest.raises(ValueError, match="2 words and 1 tags"):
        TaggedSentence(("teddy", "bears"), ("O",))
    with pytest.raises(ValueError, match="at least one sentence"):
        tagged_batch([], SMALL.vocabulary())
