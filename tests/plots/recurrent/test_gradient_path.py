"""The walk of one term through the unrolled network."""

import itertools

import pytest

from seqviz.plots.recurrent.gradient_path import Stretch, describe_gradient_path, gather_stretches, gradient_path_figure


def test_the_walk_has_a_factor_for_every_stretch():
    assert gather_stretches(time=5, t=4, k=2) == (
        Stretch("L_4", "h_4", "∂L_4/∂h_4"),
        Stretch("h_4", "h_3", "∂h_4/∂h_3"),
        Stretch("h_3", "h_2", "∂h_3/∂h_2"),
        Stretch("h_2", "W_2", "∂⁺h_2/∂W_hh"),
    )


def test_a_loss_and_its_own_step_have_no_state_between():
    assert [stretch.factor for stretch in gather_stretches(3, 3, 3)] == ["∂L_3/∂h_3", "∂⁺h_3/∂W_hh"]


def test_the_walk_is_a_chain_and_never_leaves_the_network():
    path = gather_stretches(7, 6, 1)
    assert all(a.head == b.tail for a, b in itertools.pairwise(path))
    assert len(path) == 6 - 1 + 2


@pytest.mark.parametrize(("t", "k"), [(2, 3), (6, 1), (3, 0)])
def test_steps_that_are_not_there_are_refused(t, k):
    with pytest.raises(ValueError, match=f"1 ≤ k ≤ t ≤ 5, got t = {t} and k = {k}"):
        gradient_path_figure(5, t, k)


def test_picture_has_every_value_once_and_the_walk_in_bold():
    grey, bold = gradient_path_figure(4, 4, 2).data
    assert {"<b>L<sub>4</sub></b>", "<b>h<sub>2</sub></b>", "<b>W<sub>hh</sub> at 2</b>"} <= set(bold.text)
    assert len(grey.text) + len(bold.text) == 5 + 4 + 4
    assert len(bold.text) == 5


def test_picture_names_every_factor_on_an_arrow_of_its_own():
    annotations = gradient_path_figure(4, 3, 1).layout.annotations
    texts = [annotation.text for annotation in annotations if annotation.text]
    assert texts == [
        "∂L<sub>3</sub>/∂h<sub>3</sub>",
        "∂h<sub>3</sub>/∂h<sub>2</sub>",
        "∂h<sub>2</sub>/∂h<sub>1</sub>",
        "∂⁺h<sub>1</sub>/∂W<sub>hh</sub>",
    ]
    backward = [arrow for arrow in annotations if arrow.showarrow is None and arrow.arrowwidth == 3]
    assert len(backward) == len(texts)
    assert all(arrow.x <= arrow.ax and arrow.y <= arrow.ay for arrow in backward)


def test_sentence_follows_the_walk():
    assert describe_gradient_path(4, 4, 3) == (
        "From L_4 to h_4 to h_3, and there into the use of W_hh at step 3. "
        "The factors: ∂L_4/∂h_4 · ∂h_4/∂h_3 · ∂⁺h_3/∂W_hh."
    )
