"""Scenes keep what they promise, pixels lie where the facts say, and a grid finds its things."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqviz.data.seeing.scenes import (
    COLOURS,
    CROP,
    RELATIONS,
    SHAPES,
    SIZE,
    Thing,
    cells_of,
    covered,
    hex_colour,
    oddity,
    outline,
    pictures,
    relation,
    scenes,
    single_things,
)

seeds = st.integers(0, 2**31)
things = st.builds(
    Thing,
    st.sampled_from(COLOURS),
    st.sampled_from(SHAPES),
    st.floats(6, SIZE - 6),
    st.floats(6, SIZE - 6),
    st.floats(4, 6),
)


@settings(deadline=None, max_examples=25)
@given(seeds, st.integers(1, 30))
def test_things_of_a_scene_are_two_lie_inside_do_not_touch_and_stand_clearly(seed, count):
    drawn = scenes(count, torch.Generator().manual_seed(seed))
    assert len(drawn) == count
    for first, second in drawn:
        assert first.name != second.name
        across, down = abs(first.x - second.x), abs(first.y - second.y)
        assert abs(across - down) >= 2.999
        assert max(across, down) >= first.radius + second.radius + 0.999
        for thing in (first, second):
            assert 4 <= thing.radius <= 6
            assert thing.radius - 1e-4 <= min(thing.x, thing.y)
            assert max(thing.x, thing.y) <= SIZE - thing.radius + 1e-4
        assert not (covered([first]) & covered([second])).any()


def test_every_kind_comes_up_about_equally_often_in_either_place():
    drawn = scenes(6000, torch.Generator().manual_seed(0))
    for place in (0, 1):
        counts = torch.tensor([[scene[place].name == f"{c} {s}" for c in COLOURS for s in SHAPES] for scene in drawn])
        share = counts.double().mean(0)
        assert (share - 1 / 12).abs().max() < 5 * math.sqrt(1 / 12 / 6000)
    relations = [relation(*scene) for scene in drawn]
    assert all(abs(relations.count(one) / 6000 - 0.25) < 5 * math.sqrt(0.1875 / 6000) for one in RELATIONS)


def test_single_things_fit_their_picture_and_have_every_colour_and_shape():
    drawn = single_things(500, torch.Generator().manual_seed(1))
    assert {scene[0].name for scene in drawn} == {f"{colour} {shape}" for colour in COLOURS for shape in SHAPES}
    assert all(len(scene) == 1 and CROP / 3 <= scene[0].x <= 2 * CROP / 3 for scene in drawn)
    assert pictures(drawn[:3], size=CROP).shape == (3, 3, CROP, CROP)


@settings(deadline=None)
@given(things, things)
def test_relations_are_opposites_and_follow_the_larger_distance(first, second):
    opposite = dict(zip(RELATIONS, ("right of", "left of", "below", "above"), strict=True))
    across, down = first.x - second.x, first.y - second.y
    if (across, down) == (0, 0):
        return
    assert relation(second, first) == opposite[relation(first, second)]
    assert (relation(first, second) in ("left of", "right of")) == (abs(across) >= abs(down))
    if relation(first, second) == "left of":
        assert first.x < second.x
    if relation(first, second) == "above":
        assert first.y < second.y


def in_shape(thing, x, y):
    """The three shapes, a point at a time: a disc, a square, and a triangle between its three sides."""
    across, down = x - thing.x, y - thing.y
    side = 0.85 * thing.radius
    if thing.shape == "circle":
        return math.hypot(across, down) <= thing.radius
    if thing.shape == "square":
        return -side <= across <= side and -side <= down <= side
    wide_here = 1.1 * side * (down + side) / (2 * side)  # nothing at the top, the whole base at the bottom
    return -side <= down <= side and abs(across) <= wide_here


@settings(deadline=None, max_examples=30)
@given(things)
def test_covered_pixels_are_those_whose_middle_is_in_the_shape(thing):
    (mask,) = covered([thing])
    for row in range(SIZE):
        for column in range(SIZE):
            inner, outer = (
                in_shape(thing._replace(radius=thing.radius + e), column + 0.5, row + 0.5) for e in (-1e-3, 1e-3)
            )
            assert inner <= bool(mask[row, column]) <= outer


def test_a_picture_has_the_colours_where_the_things_are_and_the_ground_elsewhere():
    scene = (Thing("red", "square", 8, 8, 5), Thing("blue", "circle", 20, 24, 5))
    (picture,) = pictures([scene])
    assert picture[0, 8, 8] > 0.8 > 0.3 > picture[2, 8, 8]  # [channel, row, column]
    assert picture[2, 24, 20] > 0.8 > 0.3 > picture[0, 24, 20]
    assert torch.equal(picture[:, 20, 24], picture[:, 0, 0]), "not with rows and columns exchanged"
    ground = ~covered(scene).any(0)
    assert picture[:, ground].unique().numel() == 1


def test_what_comes_later_covers_what_came_before():
    low, high = Thing("red", "square", 10, 10, 6), Thing("green", "square", 12, 10, 6)
    one, other = pictures([(low, high), (high, low)])
    assert one[1, 10, 11] > one[0, 10, 11]
    assert other[0, 10, 11] > other[1, 10, 11]


def test_scenes_of_different_numbers_share_a_batch():
    thing = Thing("yellow", "circle", 10, 10, 5)
    empty, single = pictures([(), (thing,)])
    assert empty.unique().numel() == 1
    assert not torch.equal(empty, single)


def test_a_generator_varies_ground_and_pixels_within_bounds():
    scene = (Thing("red", "circle", 16, 16, 5),)
    one, two = pictures([scene, scene], torch.Generator().manual_seed(0))
    assert not torch.equal(one, two)
    assert 0 <= one.min() <= one.max() <= 1
    grounds = pictures([scene] * 200, torch.Generator().manual_seed(1))[..., 0:4, :].mean((1, 2, 3))
    assert 0.74 < grounds.min() < 0.78 < 0.95 < grounds.max() < 1.0
    assert (one - pictures([scene])[0])[:, :4].std() < 0.08


def test_cells_are_those_that_a_thing_touches_row_after_row():
    thing = Thing("red", "square", 13.0, 6.0, 4.5)  # columns 8.5 … 17.5, rows 1.5 … 10.5; cells of 4 pixels
    (cells,) = cells_of([thing], 8).view(1, 8, 8)
    assert cells.nonzero().tolist() == [[row, column] for row in (0, 1, 2) for column in (2, 3, 4)]


@settings(deadline=None, max_examples=30)
@given(things, st.sampled_from([4, 8, 16]))
def test_every_covered_pixel_is_in_a_cell_of_its_thing(thing, cells):
    inside = cells_of([thing], cells).view(cells, cells)
    wide = inside.repeat_interleave(SIZE // cells, 0).repeat_interleave(SIZE // cells, 1)
    assert not (covered([thing])[0] & ~wide).any()


def test_what_cannot_be_drawn_is_refused_in_words():
    generator = torch.Generator()
    for draw in (scenes, single_things):
        with pytest.raises(ValueError, match="count: expected at least 1, got 0"):
            draw(0, generator)
    with pytest.raises(ValueError, match="expected at least one scene"):
        pictures([])
    with pytest.raises(ValueError, match="got pink circle"):
        pictures([(Thing("pink", "circle", 10, 10, 5),)])


def test_the_same_seed_draws_the_same():
    one, two = (scenes(7, torch.Generator().manual_seed(3)) for _ in range(2))
    assert one == two


@settings(deadline=None, max_examples=25)
@given(seeds)
def test_nothing_is_odd_in_a_scene_that_was_drawn(seed):
    assert {oddity(scene) for scene in scenes(20, torch.Generator().manual_seed(seed))} == {None}


@pytest.mark.parametrize(
    ("second", "odd"),
    [
        (Thing("blue", "square", 24, 10, 5), None),
        (Thing("red", "circle", 24, 10, 5), "alike"),
        (Thing("red", "square", 18.9, 10, 5), "touch"),
        (Thing("red", "square", 19, 10, 5), None),
        (Thing("blue", "circle", 24, 23.5, 5), "between"),
        (Thing("blue", "circle", 24, 23, 5), None),
    ],
)
def test_what_no_drawn_scene_has_is_said(second, odd):
    assert oddity((Thing("red", "circle", 8, 10, 5), second)) == odd
    assert oddity((second, Thing("red", "circle", 8, 10, 5))) == odd


def test_oddity_asks_for_two_things():
    with pytest.raises(ValueError, match="expected a scene of 2 things, got 1"):
        oddity((Thing("red", "circle", 8, 10, 5),))


@settings(deadline=None)
@given(things)
def test_an_outline_encloses_the_pixels_that_a_thing_covers(thing):
    corners = outline(thing, corners=720).double()  # so fine that no pixel lies between circle and polygon
    assert torch.equal(corners[0], corners[-1])
    y, x = torch.meshgrid(*2 * [torch.arange(SIZE, dtype=torch.float64) + 0.5], indexing="ij")
    edges = corners.diff(dim=0)
    (across, down), (start_x, start_y) = (some.T[..., None, None] for some in (edges, corners[:-1]))
    beside = across * (y - start_y) - down * (x - start_x)
    nearest = beside / edges.norm(dim=1)[:, None, None]  # how far inside of each edge, in pixels
    doubtful = nearest.amin(0).abs() < 1e-3
    assert torch.equal((nearest.amin(0) > 0) | doubtful, covered([thing])[0] | doubtful)


def test_colours_are_those_of_the_pixels():
    for colour in COLOURS:
        pixel = pictures([(Thing(colour, "square", 16, 16, 6),)])[0, :, 16, 16]
        assert hex_colour(colour) == "#" + "".join(f"{round(255 * part):02x}" for part in pixel.tolist())
