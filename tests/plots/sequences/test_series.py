"""Measured series."""

from seqviz.plots.sequences.series import describe_series, series_figure

SERIES = {"up": [1.0, 2.5, 2.0], "down": [3.0, 0.5, 1.0]}
TIMES = ("Mon", "Tue", "Wed")


def test_every_series_is_a_line_of_its_own_kind():
    figure = series_figure(SERIES, TIMES, "price")
    for line, (name, values) in zip(figure.data, SERIES.items(), strict=True):
        assert (line.name, list(line.x), list(line.y)) == (name, list(TIMES), values)
    assert len({line.line.dash for line in figure.data}) == 2, "not by colour alone"
    assert figure.layout.yaxis.title.text == "price"
    assert figure.layout.showlegend
    assert not series_figure({"up": SERIES["up"]}, TIMES, "price").layout.showlegend


def test_the_sentence_of_series_names_ends_and_extremes():
    assert describe_series(SERIES, TIMES) == (
        "up: from 1 (Mon) to 2 (Wed), lowest 1 (Mon), highest 2.5 (Tue). "
        "down: from 3 (Mon) to 1 (Wed), lowest 0.5 (Tue), highest 3 (Mon)."
    )
