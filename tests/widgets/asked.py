"""What every test of an explorer asks: how it opened, what it answered, and what it shows at rest."""

import numpy as np

from seqviz.data import Tokenizer
from seqviz.widgets.binary import figure_to_tree
from tests.widgets.wire import decoded

# what the model of conftest.py reads
ALPHABET = Tokenizer.of_characters("helo ")
TEXT = "hello hole"


def opened(wire, explorer):
    """Return the state a browser gets when the explorer appears, its arrays as numbers."""
    return decoded(wire.opened(explorer))


def answer(wire, explorer, **changed):
    """Move something; return the one message that answers it."""
    (update,) = wire.browser_sets(explorer, values=explorer.values | changed)
    return decoded(update)


def assert_still(explorer, expected):
    """Compare the still form with a plot."""
    assert_same(figure_to_tree(explorer.still()[0]), figure_to_tree(expected))


def assert_same(drawn, wanted):
    """Compare two trees; numbers in arrays may differ by rounding, which depends on where in memory they lie."""
    if isinstance(wanted, dict):
        assert drawn.keys() == wanted.keys()
        for key, value in wanted.items():
            assert_same(drawn[key], value)
    elif isinstance(wanted, list):
        for pair in zip(drawn, wanted, strict=True):
            assert_same(*pair)
    elif isinstance(wanted, np.ndarray | float):
        np.testing.assert_allclose(drawn, wanted, rtol=1e-9, atol=1e-12)
    else:
        assert drawn == wanted
