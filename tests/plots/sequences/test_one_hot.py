"""One-hot columns: a single one in each, in the row of its symbol."""

import numpy as np
import pytest

from seqviz.plots.sequences.one_hot import describe_one_hot, one_hot_columns, one_hot_figure

TOKENS, SYMBOLS, MARKED = "GAT C", "ACGT ", [False, True, True, False, True]


def test_every_column_has_one_one_in_the_row_of_its_token():
    columns = one_hot_columns(TOKENS, SYMBOLS)
    assert columns.shape == (5, 5)
    np.testing.assert_array_equal(columns.sum(0), 1)
    assert [SYMBOLS[row] for row in columns.argmax(0)] == list(TOKENS)


def test_the_picture_shows_the_columns_and_marks_the_steps_that_are_meant():
    columns, marks = one_hot_figure(TOKENS, SYMBOLS, MARKED, "gene").data
    np.testing.assert_array_equal(np.array(columns.z), one_hot_columns(TOKENS, SYMBOLS))
    assert list(marks.x) == [2, 3, 5]
    assert marks.name == "gene"
    figure = one_hot_figure(TOKENS, SYMBOLS)
    assert len(figure.data) == 1
    assert figure.layout.xaxis.ticktext == ("G", "A", "T", "␣", "C")
    assert figure.layout.yaxis.range[0] > figure.layout.yaxis.range[1], "the first symbol is on top"


def test_the_sentence_says_what_is_read_and_what_is_marked():
    assert describe_one_hot(TOKENS, SYMBOLS, MARKED, "gene") == (
        "5 rows and 5 columns with a single one each: G A T ␣ C. Gene: 3 steps between 2 and 5."
    )
    plain = "5 rows and 5 columns with a single one each: G A T ␣ C."
    assert describe_one_hot(TOKENS, SYMBOLS) == describe_one_hot(TOKENS, SYMBOLS, [False] * 5) == plain


def test_a_token_without_a_row_is_refused():
    with pytest.raises(ValueError, match=r"expected only \['A', 'C'\], got \['G', 'T'\]"):
        one_hot_figure("GATC", "AC")
