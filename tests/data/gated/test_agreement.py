"""What the sentences promise: agreement at every distance, nothing else that gives it away."""

import pytest
import torch

from seqviz.data import AGREEMENT_VOCABULARY
from seqviz.data.gated import agreement

PLURALS = {"cats", "dogs", "mice", "children", "girls", "women", "aunts", "boys", "men", "uncles"}
SINGULARS = {"cat", "dog", "mouse", "child", "girl", "woman", "aunt", "boy", "man", "uncle"}
FEMININE = {"girl", "girls", "woman", "women", "aunt", "aunts"}


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("distance", [0, *range(7, 40)])
def test_a_meal_has_exactly_so_many_words_between_subject_and_verb(distance):
    draw = generator(distance)
    for _ in range(20):
        sentence = agreement.meal(distance, draw)
        words = sentence.words
        assert sentence.verb - sentence.subject - 1 == distance
        assert words[sentence.verb] == ("were" if words[sentence.subject] in PLURALS else "was")
        assert sentence.plural == (words[sentence.subject] in PLURALS) != (words[sentence.subject] in SINGULARS)
        assert words[0] == "the"
        assert words[-1] == "full"
        if distance:
            assert words[2:6] == (",", "which", "already", "ate")
            assert words[sentence.verb - 1] == ","
            assert words[sentence.verb - 2] in {
                "cake",
                "cakes",
                "apple",
                "apples",
                "pie",
                "pies",
                "sandwich",
                "sandwiches",
            }


@pytest.mark.parametrize("distance", [-1, 1, 6])
def test_a_distance_that_cannot_be_is_said(distance):
    with pytest.raises(ValueError, match=f"expected 0, or 7 or more words in between, got {distance}"):
        agreement.meal(distance, generator())


def test_a_batch_is_the_sentences_up_to_the_verb():
    x, y = agreement.subject_verb_batch(9, 12, generator(3))
    draw = generator(3)
    for row, target in zip(x, y, strict=True):
        sentence = agreement.meal(12, draw)
        assert AGREEMENT_VOCABULARY.tokens_of(row) == sentence.words[: sentence.verb]
        assert target == sentence.plural
    assert x.shape == (9, 14)


def test_what_was_eaten_last_says_nothing_about_the_verb():
    draw = generator(4)
    sentences = [agreement.meal(9, draw) for _ in range(3000)]
    last_plural = torch.tensor(
        [sentence.words[sentence.verb - 2] in {"cakes", "apples", "pies", "sandwiches"} for sentence in sentences]
    )
    plural = torch.tensor([sentence.plural for sentence in sentences])
    assert abs((last_plural == plural).double().mean() - 0.5) < 0.04
    assert abs(plural.double().mean() - 0.5) < 0.04


def test_a_sentence_about_people_agrees_in_number_and_gender():
    draw = generator(5)
    seen = set()
    for _ in range(500):
        sentence = agreement.person(draw)
        subject, ending = sentence.words[sentence.subject], sentence.words[sentence.ending]
        assert sentence.words[sentence.verb] == ("were" if subject in PLURALS else "was")
        assert sentence.feminine == (subject in FEMININE)
        assert (
            ending
            == {(False, False): "king", (False, True): "queen", (True, False): "kings", (True, True): "queens"}[
                sentence.plural, sentence.feminine
            ]
        )
        assert (sentence.words[sentence.ending - 1] == "a") != sentence.plural
        assert sentence.words[-1] == "."
        seen.add((ending, sentence.verb))
    assert {verb for _, verb in seen} == {2, 9, 12}
    assert len({ending for ending, _ in seen}) == 4


def test_a_story_keeps_gender_and_number_until_the_next_subject():
    story = agreement.people(40, generator(6))
    assert story.words == AGREEMENT_VOCABULARY.tokens_of(story.indices)
    assert len(story.subjects) == len(story.verbs) == len(story.endings) == 40
    gender = number = False
    for place, word in enumerate(story.words):
        if place in story.subjects:
            number, gender = word in PLURALS, word in FEMININE
        assert (story.plural[place], story.feminine[place]) == (number, gender)
        assert (place in story.verbs) == (word in agreement.VERBS)
        assert (place in story.endings) == (word in {"king", "queen", "kings", "queens"})


def test_the_same_seed_tells_the_same_story():
    assert agreement.people(5, generator(7)).words == agreement.people(5, generator(7)).words
    assert agreement.people(5, generator(7)).words != agreement.people(5, generator(8)).words


def test_windows_begin_with_a_sentence_and_mark_what_agrees():
    story = agreement.people(20, generator(9))
    x, y, agrees = agreement.story_windows(story, 50, 15, generator(10))
    assert x.shape == y.shape == agrees.shape == (50, 15)
    torch.testing.assert_close(x[:, 1:], y[:, :-1])
    text, first = " ".join(story.words), set()
    for row, targets, marks in zip(x, y, agrees, strict=True):
        words = AGREEMENT_VOCABULARY.tokens_of(row)
        assert " ".join(words) in text
        assert words[0] == "the"
        assert words[1] in PLURALS | SINGULARS
        assert words[2] in {",", "was", "were"}
        first.add(words[1])
        told = AGREEMENT_VOCABULARY.tokens_of(targets)
        assert [word in {"was", "were", "king", "queen", "kings", "queens"} for word in told] == marks.tolist()
    assert len(first) > 5


def test_what_is_no_story_is_said():
    short = agreement.story([agreement.person(generator(4))])
    with pytest.raises(ValueError, match=f"expected a text longer than time=30, got {len(short.words)} words"):
        agreement.story_windows(short, 1, 30, generator())
    with pytest.raises(ValueError, match="sentences: expected at least 1, got 0"):
        agreement.people(0, generator())
    with pytest.raises(ValueError, match="expected a sentence about people, got 'the "):
        agreement.story([agreement.meal(0, generator())])


def test_meals_are_whole_sentences_with_the_verb_where_it_is_said():
    draw, again = torch.Generator().manual_seed(3), torch.Generator().manual_seed(3)
    batch = agreement.meals(4, 9, draw)
    assert batch.shape == (4, 9 + 4)
    for row in batch:
        sentence = agreement.meal(9, again)
        assert AGREEMENT_VOCABULARY.tokens_of(row) == sentence.words
        assert sentence.verb == 9 + 2
        assert sentence.subject == 1
