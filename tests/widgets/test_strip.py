"""A strip's tokens can be seen and read aloud."""

import numpy as np

from seqviz.widgets.strip import Strip


def test_blanks_are_visible_and_signs_have_names():
    levels = np.array([[0.0, np.nan, 1.0, 0.5]])
    drawn = Strip("The text, lighter where expected", (" ", ".", "a", "'"), levels).as_data()
    assert drawn["tokens"] == ["␣", ".", "a", "'"]
    assert drawn["names"] == ["space", "full stop", "a", "apostrophe"]
    assert drawn["levels"] is levels
    assert len(drawn["palette"]) > 2
    assert all(color.startswith("#") for color in drawn["palette"])
