"""The product of Jacobians of two units, for a row of spectral radii."""

import numpy as np
import torch

from seqviz.models.recurrent.rnn import activation_slope
from seqviz.models.recurrent.small_networks import two_unit_matrix
from seqviz.traces.recurrent.jacobians import jacobian_norms
from seqviz.traces.recurrent.records import JacobianSweep


def trace_jacobian_sweep(
    radii: np.ndarray, largest: float, steps: int, nonlinearity: str, seed: int = 0
) -> JacobianSweep:
    r"""Record $\lVert \partial h_T / \partial h_k \rVert$ of two units for every spectral radius.

    where nonlinearity is "none", "tanh" or "relu". The inputs hold the first unit near zero and the second far below:
    $a_1 \approx 0.3$, $a_2 \approx -1.5$, a little different at every step. (With an input of its own for each unit,
    any $a_t$ can be had: $x_t = a_t - W h_{t-1}$.) Where the largest singular value is below the radius, which no
    matrix can have, it is taken equal to the radius.

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
    norms = [jacobian_norms(two_unit_matrix(float(r), float(s)), slopes) for r, s in zip(radii, used, strict=True)]
    return JacobianSweep(nonlinearity, radii, used, np.stack(norms))
