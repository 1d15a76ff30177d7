"""The rate grows in a straight line, is highest where both parts meet, and falls with the root."""

import pytest

from seqviz.models.transformer.warm_up import noam_rate

SIZE, WARM_UP = 64, 400


def test_it_grows_in_a_line_to_the_end_of_the_warm_up_and_falls_with_the_root():
    highest = SIZE**-0.5 * WARM_UP**-0.5
    assert noam_rate(WARM_UP, SIZE, WARM_UP) == pytest.approx(highest)
    assert noam_rate(1, SIZE, WARM_UP) == pytest.approx(highest / WARM_UP)
    assert noam_rate(100, SIZE, WARM_UP) == pytest.approx(highest / 4)
    assert noam_rate(4 * WARM_UP, SIZE, WARM_UP) == pytest.approx(highest / 2)
    rates = [noam_rate(step, SIZE, WARM_UP) for step in range(1, 3 * WARM_UP)]
    assert rates.index(max(rates)) + 1 == WARM_UP


def test_with_the_papers_sizes_it_is_the_papers_rate():
    assert noam_rate(4000, 512, 4000) == pytest.approx(6.98e-4, rel=1e-2)


def test_step_0_is_refused():
    with pytest.raises(ValueError, match="step: expected at least 1, got 0"):
        noam_rate(0, SIZE, WARM_UP)
