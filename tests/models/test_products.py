"""The product by another library is the product."""

import pytest
import torch

from seqviz.models import products


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("with_bias", [False, True])
@pytest.mark.parametrize("rows", [None, 7])
@pytest.mark.parametrize("available", [False, True])
def test_equals_the_product_in_double(monkeypatch, dtype, with_bias, rows, available):
    if not available:
        monkeypatch.setattr(products, "_AVAILABLE", False)
    torch.manual_seed(1)
    a, b = torch.randn(7, 5, dtype=dtype), torch.randn(5, 3, dtype=dtype).T  # b lies transposed in memory
    bias = torch.randn(3, dtype=dtype) if with_bias else None
    expected = a.double() @ b.double().T + (0 if bias is None else bias.double())
    torch.testing.assert_close(products.by_transposed(b, bias, rows)(a), expected.to(dtype), rtol=1e-5, atol=1e-5)
