"""Large matrix products in float32, by oneDNN where torch brings it.

torch sends float32 products on the CPU to MKL, and those of ``nn.LSTM`` to oneDNN, which on some processors is more
than twice as fast. The fast forms ask for the same library, so that their time is compared with like.
"""

import torch
from jaxtyping import Float
from torch import Tensor


def times_transposed(
    a: Float[Tensor, "rows inner"], b: Float[Tensor, "columns inner"], bias: Float[Tensor, " columns"] | None = None
) -> Float[Tensor, "rows columns"]:
    r"""Return $a\, b^\top$, plus the bias in every row. For use where autograd does not look."""
    if _by_onednn(a):
        return torch.ops.mkldnn._linear_pointwise(a, b, bias, "none", [], "")
    return a @ b.T if bias is None else torch.addmm(bias, a, b.T)


def laid_out(b: Tensor) -> Tensor:
    """Return ``b`` for a loop of products with it: oneDNN lays it out once instead of at every step.

    Only `times_transposed` can read the result.
    """
    return torch.ops.mkldnn._reorder_linear_weight(b.contiguous()) if _by_onednn(b) else b


def _by_onednn(a: Tensor) -> bool:
    return a.dtype == torch.float32 and a.device.type == "cpu" and _AVAILABLE


# The operations that torch's own compiler uses for a linear layer; builds without oneDNN do not have them.
_AVAILABLE = torch.backends.mkldnn.is_available() and all(
    hasattr(torch.ops.mkldnn, name) for name in ("_linear_pointwise", "_reorder_linear_weight")
)
