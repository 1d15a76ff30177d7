"""A strip's tokens can be seen and read aloud."""

import numpy as np

from seqviz.widgets.strip import Caption, Strip


def test_blanks_are_visible_and_signs_have_names():
    levels = np.array([[0.0, np.nan, 1.0, 0.5]])
    drawn = Strip("The text, lighter where expected", (" ", ".", "a", "'"), levels).as_data()
    assert drawn["tokens"] == ["␣", ".", "a", "'"]
    assert drawn["names"] == ["space", "full stop", "a", "apostrophe"]
    assert drawn["levels"] is levels
    (colours,) = drawn["palettes"]
    assert len(colours) > 2
    assert all(color.startswith("#") for color in colours)


def test_rows_that_mean_different_things_say_so_and_bring_their_colours():
    captions = (Caption("expected", ("no", "yes")), Caption("unit 0", ("−1", "+1"), diverging=True))
    drawn = Strip("", tuple("ab"), np.zeros((2, 2)), by="paint", captions=captions).as_data()
    assert drawn["captions"][1] == {"words": "unit 0", "ends": ("−1", "+1"), "diverging": True, "scale": True}
    sequential, diverging = drawn["palettes"]
    assert sequential != diverging
    assert len(sequential) == len(diverging)


def test_what_is_written_shows_its_blanks():
    drawn = Strip("", ("a",), np.zeros((1, 1)), writes=("b c\n",), written="letters").as_data()
    assert drawn["writes"] == ["b␣c⏎"]


def test_lines_have_their_names_and_first_tokens():
    drawn = Strip("", tuple("abc"), np.zeros((3, 3)), rows=(("output", 0), ("source", 1))).as_data()
    assert drawn["rows"] == [["output", 0], ["source", 1]]
