"""The two readers of a state: what arrives from each, and the sum."""

import numpy as np
import pytest

from seqviz.plots.recurrent.two_readers import gather_readers, two_readers

OWN, LATER = np.array([0.5, -0.25, 0.0]), np.array([-0.125, -0.25, 1.0])
TOGETHER = [0.375, -0.5, 1.0]


def test_what_arrives_adds_up():
    readers = gather_readers(OWN, LATER)
    assert readers.own.tolist() == OWN.tolist()
    assert readers.later.tolist() == LATER.tolist()
    assert readers.total.tolist() == TOGETHER


def test_two_states_are_not_one():
    with pytest.raises(ValueError, match=r"one length, got shapes \(3,\) and \(2,\)"):
        two_readers(OWN, LATER[:2], 3)


def test_bars_are_the_three_vectors_unit_by_unit():
    names, *bars = two_readers(OWN, LATER, 3).figure.data
    assert list(names.text) == ["<b>h<sub>3</sub></b>", "<b>L<sub>3</sub></b>", "<b>h<sub>4</sub></b>"]
    assert [bar.name for bar in bars] == ["from its own loss", "from step 4", "both together"]
    assert [list(bar.y) for bar in bars] == [OWN.tolist(), LATER.tolist(), TOGETHER]
    assert all(list(bar.x) == [1, 2, 3] for bar in bars)


def test_back_lead_as_many_ways_as_forward_and_they_end_at_the_state():
    arrows = [arrow for arrow in two_readers(OWN, LATER, 3).figure.layout.annotations if arrow.arrowwidth]
    forward, back = ([arrow for arrow in arrows if (arrow.arrowwidth > 2) == thick] for thick in (False, True))
    assert len(forward) == len(back) == 2

    def far(x, y):
        return np.hypot(x, y)

    assert all(far(arrow.ax, arrow.ay) < 0.2 < 0.8 < far(arrow.x, arrow.y) for arrow in forward)
    assert all(far(arrow.x, arrow.y) < 0.2 < 0.8 < far(arrow.ax, arrow.ay) for arrow in back)


def test_the_sentence_says_all_three():
    assert two_readers(OWN, LATER, 3).sentence == (
        "h_3 is read twice, by its own loss and by step 4. From its loss arrives 0.50, −0.25 and 0.00, from step 4 "
        "−0.12, −0.25 and 1.00, for units 1 to 3. Together: ∂L/∂h_3 = 0.38, −0.50 and 1.00."
    )
