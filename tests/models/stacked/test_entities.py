"""Names and their scores against cases worked out by hand."""

import pytest

from seqviz.models.stacked.entities import Entity, entities, entity_scores


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("O O", []),
        ("B-PER", [("PER", 0, 1)]),
        ("O B-PER I-PER O B-LOC", [("PER", 1, 3), ("LOC", 4, 5)]),
        ("B-PER B-PER I-PER", [("PER", 0, 1), ("PER", 1, 3)]),  # B begins a new name at once
        ("B-ORG I-PER I-PER", [("ORG", 0, 1), ("PER", 1, 3)]),  # an I of another kind begins one
        ("I-LOC O I-LOC", [("LOC", 0, 1), ("LOC", 2, 3)]),
    ],
)
def test_names_are_read_off_the_tags(tags, expected):
    assert entities(tags.split()) == [Entity(*one) for one in expected]


def test_scores_count_whole_names():
    right = ["B-PER", "I-PER", "O", "B-LOC", "O", "B-ORG"]
    found = ["B-PER", "O", "O", "B-LOC", "O", "B-PER"]  # one cut short, one right, one of the wrong kind
    assert entity_scores([(right, found)]) == pytest.approx((1 / 3, 1 / 3, 1 / 3))
    assert entity_scores([(right, right)]) == (1.0, 1.0, 1.0)
    assert entity_scores([(right, ["O"] * 6)]) == (0.0, 0.0, 0.0)
    assert entity_scores([(["O"], ["O"])]) == (0.0, 0.0, 0.0)


def test_precision_and_recall_tell_too_much_from_too_little():
    right = ["B-PER", "O", "B-PER", "O"]
    assert entity_scores([(right, ["B-PER", "O", "O", "O"])]) == pytest.approx((1, 1 / 2, 2 / 3))
    assert entity_scores([(right, ["B-PER", "B-LOC", "B-PER", "B-LOC"])]) == pytest.approx((1 / 2, 1, 2 / 3))
    both = [(right, ["B-PER", "O", "O", "O"]), (right, right)]
    assert entity_scores(both) == pytest.approx((1, 3 / 4, 6 / 7)), "counted over all sentences, not averaged"


@pytest.mark.parametrize("tag", ["B", "X-PER", "O-PER", ""])
def test_unknown_tags_and_lengths_are_refused(tag):
    with pytest.raises(ValueError, match=r"expected O, B-… or I-…"):
        entities([tag])
    with pytest.raises(ValueError, match="expected as many tags as words, 1, got 2"):
        entity_scores([(["O"], ["O", "O"])])
