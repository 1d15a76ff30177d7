"""The product of Jacobians of two units, for several spectral radii."""

import numpy as np
import torch

from seqviz.models.recurrent.rnn import activation_slope
from seqviz.models.recurrent.small_networks import two_unit_matrix
from seqviz.traces.recurrent.jacobians import jacobian_products, product_norms
from seqviz.traces.recurrent.records import JacobianSweep

NEAR = 12  # steps back whose products are kept whole: an ellipse each


def trace_jacobian_sweep(
    radii: np.ndarray, largest: float, steps: int, nonlinearity: str, seed: int = 0
) -> JacobianSweep:
    r"""Record $\lVert \partial h_T / \partial h_k \rVert$ of two units for every spectral radius.

    where nonlinearity is "none", "tanh" or "relu". The inputs hold the first unit near zero and the second far below:
    $a_1 \approx 0.3$, $a_2 \approx -1.5$, a little different at every step. (With an input of its own for each unit,
    any $a_t$ can be reached: $x_t = a_t - W h_{t-1}$.) No matrix has a largest singular value below its radius; where
    that is asked for, it is set to the radius.

    Raises ValueError for another non-linearity.
    """
    draws = torch.Generator().manual_seed(seed)
    noise = torch.rand(steps, 2, generator=draws, dtype=torch.float64) - 0.5
    a = torch.tensor([0.3, -1.5], dtype=torch.float64) + 0.3 * noise
    if nonlinearity == "none":
        slopes = torch.ones_like(a)
    elif nonlinearity in ("tanh", "relu"):
        slopes = activation_slope(torch.tanh(a) if nonlinearity == "tanh" else torch.relu(a), nonlinearity)
    else:
        raise ValueError(f"nonlinearity: expected 'none', 'tanh' or 'relu', got {nonlinearity!r}")
    used = np.maximum(radii, largest)
    matrices = [two_unit_matrix(float(r), float(s)) for r, s in zip(radii, used, strict=True)]
    products = [jacobian_products(W, slopes) for W in matrices]
    return JacobianSweep(
        nonlinearity=nonlinearity,
        radii=radii,
        largest=used,
        norms=np.stack([product_norms(one) for one in products]),
        matrices=torch.stack(matrices).numpy(),
        products=torch.stack(products)[:, : NEAR + 1].numpy(),
    )
