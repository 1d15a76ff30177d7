"""Numbers and symbols in sentences."""

import pytest

from seqviz.plots.wording import with_symbols, worded


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


@pytest.mark.parametrize(
    ("text", "set"),
    [
        ("h_t−1 < 2", "h<sub>t−1</sub> < 2"),
        ("h_t^[2], σ^(T−k)", "h<sub>t</sub><sup>[2]</sup>, σ<sup>T−k</sup>"),
        ("it read “h_t^[2]”; grad_h", "it read “h_t^[2]”; grad_h"),
        ("W_hhᵀ h_t², W_hh′", "W<sub>hh</sub>ᵀ h<sub>t</sub>², W<sub>hh</sub>′"),
    ],
)
def test_symbols_are_set_as_in_an_equation(text: str, set: str):
    assert with_symbols(text) == set
