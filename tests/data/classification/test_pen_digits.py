"""Strokes, their picture and their steps say the same drawing."""

import math

import pytest
import torch

from seqviz.data.classification.pen_digits import (
    SIZE,
    digit_shapes,
    digit_strokes,
    pen_digits,
    pen_pictures,
    pen_points,
    pen_steps,
    smooth,
    upright,
)

SQUARE = [[(2.0, 3.0), (4.0, 3.0), (4.0, 5.0)], [(3.0, 4.0), (2.0, 5.0)]]


def test_a_curve_goes_through_its_points_and_joins_points_on_a_line_by_the_line():
    points = torch.tensor([[0.0, 0.0], [1.0, 2.0], [3.0, 1.0], [4.0, 4.0]])
    curve = smooth(points, pieces=5)
    torch.testing.assert_close(curve[::5], points)
    straight = smooth(torch.tensor([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0]]))
    torch.testing.assert_close(straight[:, 1], torch.ones(len(straight)))
    assert (straight[:, 0].diff() > 0).all()


def test_a_curve_has_no_corner_where_two_pieces_meet():
    points = torch.tensor([[0.0, 0.0], [1.0, 2.0], [3.0, 1.0], [4.0, 4.0]], dtype=torch.float64)
    fine = smooth(points, pieces=1000)
    before, after = fine[1000] - fine[999], fine[1001] - fine[1000]
    torch.testing.assert_close(before, after, rtol=0, atol=5e-5)  # each about 1e-3 long


def test_digits_are_those_of_the_seed_and_every_hand_is_another():
    drawn, digits = pen_digits(40, torch.Generator().manual_seed(1))
    again, same = pen_digits(40, torch.Generator().manual_seed(1))
    assert drawn == again
    assert digits.tolist() == same.tolist()
    assert len({str(strokes) for strokes in drawn}) == 40
    assert set(digits.tolist()) == set(range(10))


@pytest.mark.parametrize("digit", range(10))
def test_every_shape_is_a_line_neither_short_nor_a_blot(digit):
    for shape in range(digit_shapes(digit)):
        picture = pen_pictures([digit_strokes(digit, shape)])[0]
        assert 0.05 < picture.mean() < 0.4
        assert picture[[0, -1]].max() == 0, "there is room above and below"


def test_an_unknown_digit_or_shape_is_refused():
    with pytest.raises(ValueError, match="digit: expected 0 … 9, got 10"):
        digit_strokes(10)
    with pytest.raises(ValueError, match="shape: expected 0 … 3 of the digit 1, got 4"):
        digit_strokes(1, 4)


def test_where_and_how_large_somebody_draws_does_not_matter():
    moved = [[(7 + 30 * x, 30 * y - 2) for x, y in stroke] for stroke in SQUARE]
    for one, other in zip(upright(SQUARE), upright(moved), strict=True):
        torch.testing.assert_close(one, other)
    points = torch.cat(upright(SQUARE))
    torch.testing.assert_close(points.amin(0), torch.zeros(2))
    torch.testing.assert_close(points.amax(0), torch.ones(2))


@pytest.mark.parametrize("strokes", [[], [[]], [[(0.5, 0.5)]], [[(0.5, 0.5)] * 3]])
def test_a_drawing_without_a_line_is_refused_in_words_that_help(strokes):
    for read in (pen_pictures, pen_steps):
        with pytest.raises(ValueError, match="at least one line: press and move the pen"):
            read([strokes])


def test_a_picture_is_dark_where_the_pen_went():
    """Against the distance to many points of the lines, one pixel at a time."""
    strokes = [*SQUARE, [(2.5, 3.5)]]  # and a dot
    picture = pen_pictures([SQUARE[:1], strokes])[1]
    ink = [
        (x0 + (x1 - x0) * s / 500, y0 + (y1 - y0) * s / 500)
        for stroke in strokes
        for (x0, y0), (x1, y1) in zip(stroke, stroke[1:] or stroke, strict=False)
        for s in range(501)
    ]
    ink = [(SIZE * (0.125 + 0.375 * (x - 2)), SIZE * (0.125 + 0.375 * (y - 3))) for x, y in ink]
    for row in range(0, SIZE, 3):
        for column in range(0, SIZE, 3):
            distance = min(math.dist((column + 0.5, row + 0.5), point) for point in ink)
            assert picture[row, column] == pytest.approx(min(max(1.5 - distance, 0), 1), abs=0.02)


def test_the_order_of_the_strokes_is_not_in_the_picture_but_in_the_steps():
    backwards = [stroke[::-1] for stroke in SQUARE[::-1]]
    torch.testing.assert_close(pen_pictures([SQUARE]), pen_pictures([backwards]))
    assert not torch.equal(pen_steps([SQUARE]).x, pen_steps([backwards]).x)


def test_the_pen_goes_in_equal_steps_along_every_stroke_and_is_lifted_between_two():
    x, lengths = pen_steps([SQUARE], spacing=0.25)
    # the first stroke is 2 long, the second the diagonal of half the square
    assert lengths.tolist() == [8 + 1 + 3]
    assert x[0, :, 2].tolist() == [0] * 8 + [1] + [0] * 3
    torch.testing.assert_close(x[0, :8, :2], torch.tensor([[1.0, 0]] * 4 + [[0, 1.0]] * 4))
    torch.testing.assert_close(x[0, 8, :2], torch.tensor([-2.0, -2.0]))
    torch.testing.assert_close(x[0, 9:, :2], torch.tensor([[-2 / 3, 2 / 3]] * 3))
    points = pen_points(SQUARE, spacing=0.25)
    torch.testing.assert_close(points[[0, 4, 8, 9, 12]], torch.tensor([[0.0, 0], [1, 0], [1, 1], [0.5, 0.5], [0, 1]]))


def test_how_fast_somebody_draws_does_not_matter():
    slow = [[(2 + 0.01 * k, 3.0) for k in range(201)] + [(4.0, 5.0)], SQUARE[1]]
    torch.testing.assert_close(pen_steps([slow]).x, pen_steps([SQUARE]).x, rtol=0, atol=1e-4)


def test_a_short_drawing_is_padded_with_zeros():
    x, lengths = pen_steps([SQUARE[1:], SQUARE])
    assert x.shape == (2, int(lengths[1]), 3)
    assert not x[0, lengths[0] :].any()
