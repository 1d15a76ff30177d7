"""Every sentence has another spelling, and the ear's candidates come from exchanging what sounds alike."""

from collections import Counter

from seqviz.data.language.sound_alikes import SALAD, SOUND_ALIKE, sound_alike_sentences, spellings


def test_the_salad_and_an_egg_sample_have_two_spellings():
    assert spellings(SALAD) == (SALAD, "the apple and pair salad is delicious")
    assert spellings("this is an example of a poem") == (
        "this is an example of a poem",
        "this is an egg sample of a poem",
    )
    assert len(spellings("we meet next week at the market")) == 4
    assert spellings("nothing here") == ("nothing here",)


def test_a_word_inside_another_is_left_alone():
    assert spellings("the pears and reason") == ("the pears and reason",)


def test_every_sentence_can_be_misheard_and_none_is_the_misspelling_of_another():
    sentences = sound_alike_sentences()
    assert SALAD in sentences
    assert len(set(sentences)) == len(sentences)
    misspelt = [other for sentence in sentences for other in spellings(sentence)[1:]]
    assert set(misspelt).isdisjoint(sentences)
    assert all(len(spellings(sentence)) > 1 for sentence in sentences)


def test_every_spelling_is_right_somewhere():
    padded = " | ".join(f" {sentence} " for sentence in sound_alike_sentences())
    counts = Counter({one: padded.count(f" {one} ") for same in SOUND_ALIKE for one in same})
    assert min(counts.values()) >= 2, counts
