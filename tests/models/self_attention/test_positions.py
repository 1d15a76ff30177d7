"""The theorems: a shift is a rotation, rotated products know the distance alone, and without positions all is a set."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqviz.models.masks import causal_mask
from seqviz.models.self_attention.multi_head import MultiHeadAttention
from seqviz.models.self_attention.positions import (
    alibi_bias,
    alibi_slopes,
    angular_frequencies,
    rotary,
    shift_matrix,
    sinusoidal_encoding,
)

CLOSE = {"rtol": 0, "atol": 1e-10}
LAYOUTS = ("pairs", "halves")
SIZE = 8


def test_sines_and_cosines_are_those_of_the_paper():
    p = sinusoidal_encoding(torch.arange(5), 6)
    for t in range(5):
        for i in range(3):
            angle = t / 10_000 ** (2 * i / 6)
            assert float(p[t, 2 * i]) == pytest.approx(math.sin(angle), abs=1e-12)
            assert float(p[t, 2 * i + 1]) == pytest.approx(math.cos(angle), abs=1e-12)


def test_halves_are_the_same_columns_in_another_order():
    pairs, halves = (sinusoidal_encoding(torch.arange(9), SIZE, layout) for layout in LAYOUTS)
    torch.testing.assert_close(halves, torch.cat([pairs[:, 0::2], pairs[:, 1::2]], dim=1), rtol=0, atol=0)


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(deadline=None)
@given(steps=st.integers(-50, 50), start=st.integers(0, 500))
def test_one_matrix_moves_every_position(layout, steps, start):
    positions = torch.arange(start, start + 4)
    R = shift_matrix(steps, SIZE, layout)
    moved = sinusoidal_encoding(positions, SIZE, layout) @ R.T
    torch.testing.assert_close(moved, sinusoidal_encoding(positions + steps, SIZE, layout), rtol=0, atol=1e-9)
    torch.testing.assert_close(R @ R.T, torch.eye(SIZE, dtype=torch.float64), **CLOSE)


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(deadline=None)
@given(m=st.integers(0, 200), n=st.integers(0, 200), by=st.integers(0, 200))
def test_a_rotated_product_depends_on_the_distance_alone(layout, m, n, by):
    torch.manual_seed(0)
    q, k = torch.randn(2, 1, SIZE, dtype=torch.float64)

    def product(at_q, at_k):
        return rotary(q, torch.tensor([at_q]), layout) @ rotary(k, torch.tensor([at_k]), layout).T

    torch.testing.assert_close(product(m + by, n + by), product(m, n), rtol=0, atol=1e-9)
    torch.testing.assert_close(product(m, m), q @ k.T, rtol=0, atol=1e-9)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_rotary_multiplies_complex_numbers_and_keeps_lengths(layout):
    torch.manual_seed(1)
    x, positions = torch.randn(2, 3, 5, SIZE, dtype=torch.float64), torch.tensor([0, 1, 4, 9, 30])
    real, imaginary = (x[..., 0::2], x[..., 1::2]) if layout == "pairs" else x.chunk(2, -1)
    turned = torch.complex(real, imaginary) * torch.exp(1j * positions[:, None] * angular_frequencies(SIZE))
    both = (turned.real, turned.imag)
    expected = torch.stack(both, -1).flatten(-2) if layout == "pairs" else torch.cat(both, -1)
    torch.testing.assert_close(rotary(x, positions, layout), expected, **CLOSE)
    torch.testing.assert_close(rotary(x, positions, layout).norm(dim=-1), x.norm(dim=-1), **CLOSE)


def test_the_two_layouts_are_one_scheme_with_the_columns_of_queries_and_keys_in_another_order():
    torch.manual_seed(2)
    q, k, positions = *torch.randn(2, 6, SIZE, dtype=torch.float64), torch.arange(6)
    order = torch.cat([torch.arange(0, SIZE, 2), torch.arange(1, SIZE, 2)])
    pairs = rotary(q, positions) @ rotary(k, positions).T
    halves = rotary(q[:, order], positions, "halves") @ rotary(k[:, order], positions, "halves").T
    torch.testing.assert_close(pairs, halves, **CLOSE)
    mixed = rotary(q, positions, "halves") @ rotary(k, positions, "halves").T
    assert not torch.allclose(pairs, mixed), "weights do not carry over"


def test_alibi_falls_with_the_distance_by_the_slopes_of_the_paper():
    assert alibi_slopes(8).tolist() == [2.0**-h for h in range(1, 9)]
    bias = alibi_bias(2, torch.tensor([3, 4]), torch.arange(5))
    assert bias[0].tolist() == [[-(2.0**-4) * abs(i - j) for j in range(5)] for i in (3, 4)]
    torch.testing.assert_close(bias[1], bias[0] / 16, rtol=0, atol=0)


def test_without_positions_and_mask_attention_follows_a_permutation_and_with_a_mask_it_does_not():
    torch.manual_seed(3)
    layer, x, order = (
        MultiHeadAttention(SIZE, 2, dtype=torch.float64),
        torch.randn(2, 5, SIZE).double(),
        torch.randperm(5),
    )
    torch.testing.assert_close(layer(x[:, order])[0], layer(x)[0][:, order], **CLOSE)
    masked = [layer(one, may_attend=causal_mask(5))[0] for one in (x[:, order], x)]
    assert not torch.allclose(masked[0], masked[1][:, order])


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="size: expected an even number of at least 2, got 5"):
        sinusoidal_encoding(torch.arange(3), 5)
    with pytest.raises(ValueError, match="layout: expected one of 'pairs', 'halves', got 'half'"):
        sinusoidal_encoding.__wrapped__(torch.arange(3), 4, "half")
    with pytest.raises(ValueError, match="heads: expected at least 1, got 0"):
        alibi_slopes(0)
