"""Sentences whose order or distance matters."""

from collections import Counter

from seqviz.data.sequences.sentences import LANGUAGES, SAME_BAG, grown_up


def test_one_bag_two_sentences():
    first, second = (Counter(sentence.replace(",", " ,").split()) for sentence in SAME_BAG)
    assert first == second
    assert SAME_BAG[0] != SAME_BAG[1]


def test_every_gap_follows_the_same_words_and_only_the_first_tells():
    gaps = grown_up()
    assert len(gaps) == 3 * len(LANGUAGES)
    assert {gap.words[-3:] for gap in gaps} == {("I", "speak", "fluent")}
    assert all(LANGUAGES[gap.words[0]] == gap.answer for gap in gaps)
    for gap in gaps:  # every other word comes with every answer
        assert {other.answer for other in gaps if other.words[1:] == gap.words[1:]} == set(LANGUAGES.values())
