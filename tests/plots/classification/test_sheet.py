"""Pictures lie side by side, in rows."""

import numpy as np
import pytest

from seqviz.plots.classification.sheet import sheet

PICTURES = np.random.default_rng(0).uniform(size=(12, 2, 3))


def test_every_picture_lies_in_its_place_and_gaps_are_empty():
    (drawn,) = sheet(PICTURES, range(12)).figure.data
    z = np.array(drawn.z, dtype=float)
    assert z.shape == (2 + 1 + 2, 10 * 4 - 1)
    np.testing.assert_array_equal(z[:2, 36:39], PICTURES[9])
    np.testing.assert_array_equal(z[3:, 4:7], PICTURES[11])
    assert np.isnan(z[2]).all()
    assert np.isnan(z[:, 3]).all()
    assert np.isnan(z[3:, 8:]).all()


def test_the_sentence_names_them():
    said = sheet(PICTURES[:2], [3, 7]).sentence
    assert said == "2 pictures of 2 × 3 pixels, 10 in a row: 3 and 7."
    with pytest.raises(ValueError, match="a name for each of 12 pictures, got 2"):
        sheet(PICTURES, [3, 7])
