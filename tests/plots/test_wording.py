"""Numbers in sentences."""

import pytest

from seqviz.plots.wording import worded


@pytest.mark.parametrize(
    ("sentence", "as_printed"),
    [
        ("from -1.00 to 0.83", "from −1.00 to 0.83"),
        ("(-0.5, -.5), w = -2", "(−0.5, −.5), w = −2"),
        ("on 2018-01-01, many-to-one, x-1", "on 2018-01-01, many-to-one, x-1"),
        ("2.4e-06 and 2.4e−06", "2.4 · 10⁻⁶ and 2.4 · 10⁻⁶"),
        ("norm 4.0e+00, then -1e+12", "norm 4.0, then −1 · 10¹²"),
        ("reads “ -1 and 1e-3” is -1", "reads “ -1 and 1e-3” is −1"),
    ],
)
def test_numbers_are_printed_as_in_a_book(sentence: str, as_printed: str):
    assert worded(sentence) == as_printed
    assert worded(as_printed) == as_printed
