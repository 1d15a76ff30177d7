"""Every pair is a point, of many an even choice; the sentence holds the correlation of all."""

import numpy as np
import pytest

from seqviz.plots.embeddings.pmi_fit import MOST, chosen_points, describe_pmi_fit, pmi_fit


def test_every_pair_is_a_point():
    theorem, products = np.array([0.0, -1.0, 2.0]), np.array([0.5, -1.5, 2.0])
    line, points = pmi_fit(theorem, products).figure.data
    assert sorted(zip(points.x, points.y, strict=True)) == [(-1.0, -1.5), (0.0, 0.5), (2.0, 2.0)]
    assert list(line.x) == list(line.y) == [-1.5, 2.0]


def test_of_many_some_are_drawn_and_all_are_counted():
    chosen = chosen_points(10 * MOST)
    assert len(chosen) == MOST
    assert (chosen[0], chosen[-1]) == (0, 10 * MOST - 1)
    rng = np.random.default_rng(0)
    theorem = rng.normal(size=10 * MOST)
    products = theorem + rng.normal(size=10 * MOST)
    assert len(pmi_fit(theorem, products).figure.data[1].x) == MOST
    assert "15,000 pairs" in describe_pmi_fit(theorem, products)
    assert f"{np.corrcoef(theorem, products)[0, 1]:.2f}" in describe_pmi_fit(theorem, products)


@pytest.mark.parametrize("products", [np.zeros(2), np.array([0.0, np.inf, 1.0])])
def test_lists_that_do_not_fit_are_refused(products):
    with pytest.raises(ValueError, match="expected"):
        pmi_fit(np.arange(3.0), products)
