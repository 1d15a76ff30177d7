"""Colours that stay apart for every eye, and a look that all figures share."""

import itertools

import numpy as np
import pytest
from plotly.colors import hex_to_rgb

from seqviz.plots.theme import (
    CATEGORICAL,
    DIVERGING,
    HIGHLIGHT,
    INK,
    SEQUENTIAL,
    listed,
    new_figure,
    palette,
    token_name,
    token_sign,
    visible,
)

# Viénot, Brettel & Mollon 1999, "Digital video colourmaps for checking the legibility of displays by dichromats":
# what is left of linear red, green and blue for an eye without the long or the middle cones.
EYES = {
    "all cones": np.eye(3),
    "no long cones": np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]),
    "no middle cones": np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]),
}


def linear(color):
    channels = np.array(hex_to_rgb(color)) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(color, eye="all cones"):
    return float(EYES[eye] @ linear(color) @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(one, other):
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def seen(color, eye):
    """Where a color lies for an eye, in CIE 1976 L*a*b*, D65."""
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ np.clip(
        EYES[eye] @ linear(color), 0, 1
    )
    f = np.cbrt(xyz / np.array([0.9505, 1, 1.089]))
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("eye", EYES)
def test_categorical_colours_stay_apart(eye):
    distances = [np.linalg.norm(seen(a, eye) - seen(b, eye)) for a, b in itertools.combinations(CATEGORICAL, 2)]
    assert min(distances) > 10  # a just noticeable difference is about 2.3


@pytest.mark.parametrize("eye", EYES)
def test_the_sequential_scale_only_gets_lighter(eye):
    assert np.all(np.diff([luminance(color, eye) for color in palette(SEQUENTIAL, 17)]) > 0)


@pytest.mark.parametrize("eye", EYES)
def test_the_diverging_scale_is_lightest_at_zero_and_its_ends_differ(eye):
    light = [seen(color, eye)[0] for color in palette(DIVERGING, 9)]
    assert np.all(np.diff(light[:5]) > 0)
    assert np.all(np.diff(light[4:]) < 0)
    assert np.linalg.norm(seen(DIVERGING[0][1], eye) - seen(DIVERGING[-1][1], eye)) > 40


@pytest.mark.parametrize("page", ["#ffffff", "#111111"])
def test_ink_is_readable_and_the_highlight_is_seen_on_white_and_on_near_black(page):
    assert contrast(INK, page) >= 4  # text
    assert contrast(HIGHLIGHT, page) >= 3  # WCAG 2.2, 1.4.11: parts of a graphic


def test_a_palette_meets_its_stops_and_mixes_between_them():
    assert palette(((0.0, "#000000"), (0.5, "#804020"), (1.0, "#ffffff")), 5) == [
        "#000000",
        "#402010",
        "#804020",
        "#c0a090",
        "#ffffff",
    ]
    assert palette(DIVERGING, 5) == [color for _, color in DIVERGING]
    assert len(palette(SEQUENTIAL)) == 65


def test_what_cannot_be_seen_gets_a_sign():
    assert [visible(character) for character in " \na."] == ["␣", "⏎", "a", "."]


def test_a_figure_takes_its_background_from_the_page_and_plotlys_names():
    figure = new_figure(123, xaxis={"title": "step"}, showlegend=True)
    layout = figure.layout
    assert (layout.height, layout.paper_bgcolor, layout.plot_bgcolor) == (123, "rgba(0,0,0,0)", "rgba(0,0,0,0)")
    assert layout.xaxis.title.text == "step"
    assert layout.showlegend
    assert layout.colorway == CATEGORICAL
    assert not figure.data


@pytest.mark.parametrize(("names", "said"), [(["a"], "a"), ([1, 2], "1 and 2"), ("abc", "a, b and c")])
def test_names_are_listed_as_in_a_sentence(names, said):
    assert listed(names) == said


def test_a_special_token_has_one_sign_on_an_axis_and_a_word_in_a_sentence():
    tokens = ("<bos>", "a", " ", "<eos>")
    assert "".join(map(token_sign, tokens)) == "▷a␣⏎"
    assert [token_name(token) for token in tokens] == ["start", "a", "␣", "end"]
