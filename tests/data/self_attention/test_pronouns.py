"""What the sentences promise: the last word decides, and nothing else does."""

import pytest
import torch

from seqviz.data.self_attention.pronouns import (
    ADJECTIVE,
    ADJECTIVES,
    NOUNS,
    PLACES,
    PRONOUN,
    PRONOUN_VOCABULARY,
    pronoun_place,
    pronoun_sentences,
)

TIRED = "the animal didn't cross the street because it was too tired"


def test_the_famous_pair():
    assert pronoun_place(TIRED) == 1
    assert pronoun_place(TIRED.replace("tired", "wide")) == 5
    assert TIRED.split()[PRONOUN] == "it"


def test_every_noun_and_every_adjective_has_one_class():
    for classes in (NOUNS, ADJECTIVES):
        words = [word for one in classes for word in one]
        assert len(words) == len(set(words))
    assert len(NOUNS) == len(ADJECTIVES) == 6


def test_drawn_sentences_are_of_the_grammar_and_their_noun_is_the_one_meant():
    drawn = pronoun_sentences(2000, torch.Generator().manual_seed(0))
    for words, noun, place in zip(*drawn, strict=True):
        assert pronoun_place(PRONOUN_VOCABULARY.decode(words)) == place
        assert words[place] == noun
    first = (drawn.place == PLACES[0]).double().mean()
    assert abs(first - 0.5) < 4 * 0.5 / 2000**0.5


def test_the_words_before_the_last_do_not_tell():
    drawn = pronoun_sentences(6000, torch.Generator().manual_seed(1))
    first = (drawn.place == PLACES[0]).double()
    for place in range(ADJECTIVE):
        for word in drawn.words[:, place].unique():
            chosen = first[drawn.words[:, place] == word]
            assert abs(chosen.mean() - 0.5) < 4.5 * 0.5 / len(chosen) ** 0.5


def test_the_same_seed_draws_the_same():
    one, two = (pronoun_sentences(5, torch.Generator().manual_seed(3)).words for _ in range(2))
    assert torch.equal(one, two)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (TIRED + " today", "expected “the … didn't … the … because it was … …”"),
        (TIRED.replace("because", "since"), "expected “the …"),
        (TIRED.replace("animal", "unicorn"), "unknown here: unicorn"),
        (TIRED.replace("animal", "tired"), "expected “the …"),
        (TIRED.replace("cross", "too"), "expected “the …"),
        (TIRED.replace("tired", "salty"), "fits one noun, got “salty” for animal and street"),
        (TIRED.replace("street", "dog"), "fits one noun, got “tired” for animal and dog"),
    ],
)
def test_what_is_no_sentence_of_the_grammar_is_refused_in_words(text, message):
    with pytest.raises(ValueError, match=message):
        pronoun_place(text)
