"""Every refusal says what was expected and what came."""

import pytest
import torch

from seqviz.models import expect

ONE, TWO = torch.ones(2, 3), torch.ones(4)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: expect.at_least_one(hidden=2, outputs=0), ValueError, "outputs: expected at least 1, got 0"),
        (lambda: expect.one_of("gates", "x", ("i", "f")), ValueError, "gates: expected one of 'i', 'f', got 'x'"),
        (
            lambda: expect.shape("W", ONE, {"hidden": 2, "input": 4}),
            ValueError,
            r"W: expected shape \(hidden=2, input=4\), got \(2, 3\)",
        ),
        (lambda: expect.shape("b", TWO, {"hidden": None, "input": None}), ValueError, r"\(hidden, input\), got \(4,\)"),
        (lambda: expect.same_dtype(W=ONE, b=TWO.double()), TypeError, "got W torch.float32, b torch.float64"),
        (lambda: expect.same_dtype(y=torch.ones(2).long()), TypeError, "got y torch.int64"),
        (lambda: expect.finite(W=torch.tensor([1.0, torch.nan, torch.inf])), ValueError, "W: expected finite numbers"),
        (lambda: expect.lengths(torch.tensor([0, 2]), 2, 3), ValueError, "lengths"),
        (lambda: expect.lengths(torch.tensor([1, 4]), 2, 3), ValueError, "lengths"),
        (lambda: expect.lengths(torch.tensor([1]), 2, 3), ValueError, "lengths"),
        (lambda: expect.lengths(torch.tensor([1.0, 2.0]), 2, 3), TypeError, "lengths"),
    ],
)
def test_what_does_not_fit_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_what_fits_passes():
    expect.at_least_one(hidden=1)
    expect.one_of("gates", "i", ("i", "f"))
    expect.shape("W", ONE, {"hidden": 2, "input": None})
    expect.same_dtype(W=ONE, b=TWO, h_0=None)
    expect.finite(W=ONE)
    expect.lengths(torch.tensor([1, 3]), 2, 3)
