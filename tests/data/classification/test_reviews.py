"""Verdicts follow rules, and what a bag cannot tell is known exactly."""

from collections import Counter

import pytest
import torch

from seqviz.data.classification.reviews import (
    LACKING,
    REVIEW_KINDS,
    Review,
    bag_ceiling,
    padded_texts,
    review_vocabulary,
    reviews,
    split_reviews,
)

GOOD = {"good", "great", "lovely", "funny", "fresh", "brilliant"}
BAD = {"bad", "terrible", "awful", "dull", "stale", "poor"}


def verdict(words: list[str]) -> bool:
    """Read a review by rules of its own: the last clause, its last judgement, turned round by what stands before."""
    if "but" in words:
        words = words[words.index("but") :]
    if "," in words and words[0] not in ("honestly", "well"):
        words = words[: words.index(",")]  # what follows the comma says the same again
    elif words.count(",") == 2:
        words = words[: len(words) - 1 - words[::-1].index(",")]
    (judged, *_) = [word for word in words if word in GOOD | BAD]
    turned = {"not", "never", "lacking"} & set(words)
    return (judged in GOOD) != bool(turned)


def test_the_verdict_is_that_of_the_rules():
    wrong = [review for review in reviews() if verdict(list(review.words)) != review.positive]
    assert wrong == []


def test_both_verdicts_and_all_kinds_come_up_and_nothing_twice():
    assert {review.kind for review in reviews()} == set(REVIEW_KINDS)
    assert len({review.words for review in reviews()}) == len(reviews())
    one_sided = {kind for kind in REVIEW_KINDS if len({r.positive for r in reviews() if r.kind == kind}) == 1}
    assert one_sided == {"lacking"}


def test_a_bag_tells_nothing_of_the_kinds_that_are_made_of_opposites():
    ceilings = {kind: bag_ceiling([review for review in reviews() if review.kind == kind]) for kind in REVIEW_KINDS}
    assert ceilings == {kind: 0.5 if kind in ("good, not bad", "but") else 1.0 for kind in REVIEW_KINDS}


def test_the_ceiling_is_that_of_the_best_of_all_readers_of_bags():
    drawn = [Review(tuple(words), positive, "plain") for words, positive in [("ab", True), ("ba", False), ("ba", True)]]
    drawn += [Review(("a",), False, "plain"), Review(("a", "a"), True, "plain")]
    # every way to answer three bags
    bags = list(dict.fromkeys(review.bag for review in drawn))
    scores = []
    for number in range(2 ** len(bags)):
        says = {bag: bool(number >> i & 1) for i, bag in enumerate(bags)}
        scores.append(sum(says[review.bag] == review.positive for review in drawn) / len(drawn))
    assert bag_ceiling(drawn) == max(scores) == 4 / 5
    with pytest.raises(ValueError, match="at least one review"):
        bag_ceiling([])


def test_no_bag_is_in_both_parts_and_whoever_has_one_has_it_whole():
    train, test = split_reviews(torch.Generator().manual_seed(3), train=40, test=20)
    everyone = Counter(review.bag for review in reviews())
    assert {review.bag for review in train}.isdisjoint(review.bag for review in test)
    for part, wanted in ((train, 40), (test, 20)):
        assert all(count == everyone[bag] for bag, count in Counter(review.bag for review in part).items())
        kinds = Counter(review.kind for review in part)
        assert all(wanted <= kinds[kind] < wanted + 8 for kind in REVIEW_KINDS)
    again, _ = split_reviews(torch.Generator().manual_seed(3), train=40, test=20)
    assert again == train


def test_the_sentence_that_lacks_three_things_has_known_words_and_is_no_review():
    words = tuple(LACKING.split())
    assert set(words) <= set(review_vocabulary().tokens)
    assert words not in {review.words for review in reviews()}


def test_texts_are_padded_with_zeros():
    vocabulary = review_vocabulary()
    x, lengths = padded_texts([["the", "film"], ["quokka"], ["the", "food", "was", "good"]], vocabulary)
    assert lengths.tolist() == [2, 1, 4]
    assert x.shape == (3, 4, len(vocabulary))
    assert x.sum(-1).tolist() == [[1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 1, 1]]
    assert x[1, 0].argmax() == vocabulary.unknown
    assert x[2, 3].argmax() == vocabulary.encode("good")[0]
    with pytest.raises(ValueError, match="at least one text"):
        padded_texts([], vocabulary)
