"""One unit and two: against autograd, and against what their matrix promises."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqviz.models.recurrent.small_networks import one_unit, two_unit_matrix


@pytest.mark.parametrize("steps", [1, 2, 7, 50])
def test_loss_and_gradient_of_one_unit_are_autograds(steps):
    torch.manual_seed(steps)
    w, b = 3 + torch.randn(3, 4, dtype=torch.float64), torch.randn(3, 4, dtype=torch.float64) - 1.5
    w, b = w.requires_grad_(), b.requires_grad_()
    h = torch.full_like(w, 0.2)
    for _ in range(steps):
        h = torch.sigmoid(w * h + b)
    expected = (h - 0.6) ** 2
    dw, db = torch.autograd.grad(expected.sum(), (w, b))
    with torch.no_grad():
        found = one_unit(w, b, steps, h_0=0.2, target=0.6)
    torch.testing.assert_close(list(found), [expected.detach(), dw, db], rtol=1e-9, atol=1e-14)


def test_between_its_two_resting_places_the_gradient_is_huge():
    b = torch.tensor([-2.49, -2.5, -2.51], dtype=torch.float64)
    loss, dw, db = one_unit(torch.full_like(b, 5.0), b)
    assert loss[2] - loss[0] > 0.2
    assert torch.hypot(dw, db)[1] > 1000 * torch.hypot(dw, db)[[0, 2]].max()


@settings(deadline=None, max_examples=40)
@given(st.floats(0, 3), st.floats(0.01, 10))
def test_two_units_have_the_radius_and_the_singular_value_asked_for(radius, more):
    W = two_unit_matrix(radius, radius + more)
    singular = torch.linalg.svdvals(W)
    assert singular[0].item() == pytest.approx(radius + more, rel=1e-9)
    assert singular[1].item() == pytest.approx(radius**2 / (radius + more), abs=1e-9)
    # both eigenvalues are the radius, so trace and determinant say them exactly; eigvals would lose half the digits
    assert W.trace().item() == pytest.approx(2 * radius, abs=1e-9)
    assert torch.linalg.det(W).item() == pytest.approx(radius**2, abs=1e-8)


def test_the_two_ends_a_normal_matrix_and_a_nilpotent_one():
    torch.testing.assert_close(two_unit_matrix(0.7, 0.7), 0.7 * torch.eye(2, dtype=torch.float64))
    torch.testing.assert_close(two_unit_matrix(0.0, 8.0), 4 * torch.tensor([[1.0, -1], [1, -1]], dtype=torch.float64))
    assert not two_unit_matrix(0.0, 0.0).any()


@pytest.mark.parametrize(("radius", "largest"), [(-0.1, 1.0), (1.1, 1.0)])
def test_what_no_matrix_can_have_is_refused(radius, largest):
    with pytest.raises(ValueError, match="0 ≤ spectral radius ≤ largest singular value"):
        two_unit_matrix(radius, largest)
