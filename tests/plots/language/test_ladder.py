"""Every model stands at its seconds and its bits; the sentence ranks them."""

from seqviz.plots.language.ladder import describe_ladder, ladder

COUNTED = {"pairs": (0.1, 3.3), "5-gram": (1.5, 1.8)}
TRAINED = {"LSTM": [(2.0, 2.9), (12.0, 1.9)]}


def test_points_curves_and_levels():
    *levels, points, curve = ladder(COUNTED, TRAINED).figure.data
    assert [list(level.y) for level in levels] == [[3.3, 3.3], [1.8, 1.8]]
    assert {tuple(level.x) for level in levels} == {(0.1, 12.0)}
    assert (list(points.x), list(points.y), list(points.text)) == ([0.1, 1.5], [3.3, 1.8], ["pairs", "5-gram"])
    assert (list(curve.x), list(curve.y), curve.name) == ([2.0, 12.0], [2.9, 1.9], "LSTM")


def test_the_sentence_ranks_the_models_as_they_are_at_the_end():
    assert describe_ladder(COUNTED, TRAINED) == (
        "Bits for each character, the best first: 5-gram 1.80 bits in 1.5 s, LSTM 1.90 bits in 12 s, "
        "pairs 3.30 bits in 0.1 s."
    )
