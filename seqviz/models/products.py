"""Large matrix products in float32, by oneDNN where torch includes it.

torch sends float32 products on the CPU to MKL, and those of ``nn.LSTM`` to oneDNN, which on some processors is more
than twice as fast. The fast forms use the same library, so that the comparison is fair.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor


def by_transposed(
    b: Float[Tensor, "columns inner"], bias: Float[Tensor, " columns"] | None = None, rows: int | None = None
) -> Callable[[Tensor], Tensor]:
    r"""Return the function $a \mapsto a\, b^\top$, plus the bias in every row, for one product or a loop of them.

    If the number of rows of every a is given, oneDNN rearranges b for it once: this costs a copy of b and pays off
    where b is stored the wrong way round. Not differentiable: for use where autograd is off.
    """
    if not (_AVAILABLE and b.dtype == torch.float32 and b.device.type == "cpu"):
        return lambda a: a @ b.T if bias is None else torch.addmm(bias, a, b.T)
    product = torch.ops.mkldnn._linear_pointwise.default
    if rows is not None:
        b = torch.ops.mkldnn._reorder_linear_weight(b.contiguous(), rows)
    return lambda a: product(a, b, bias, "none", [], "")


# The operations that torch's own compiler uses for a linear layer; builds without oneDNN do not have them.
_AVAILABLE = torch.backends.mkldnn.is_available() and all(
    hasattr(torch.ops.mkldnn, name) for name in ("_linear_pointwise", "_reorder_linear_weight")
)
