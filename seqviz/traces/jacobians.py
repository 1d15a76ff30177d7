"""Multiply the Jacobians of a recurrent network and keep how large the product is."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.models import RNN, expect
from seqviz.models.rnn import activation_slope
from seqviz.models.small_networks import two_unit_matrix
from seqviz.traces.records import JacobianSweep, JacobianTrace


def jacobian_norms(
    W_hh: Float[Tensor, "hidden hidden"], slopes: Float[Tensor, "time hidden"]
) -> Float[np.ndarray, " distance"]:
    r"""Return $\lVert \partial h_T / \partial h_k \rVert$ for $T - k = 0, 1, … T$, the largest singular value of

    $$\frac{\partial h_T}{\partial h_k} = \prod_{j=T}^{k+1} \operatorname{diag}(\phi'(a_j))\, W_{hh}$$

    where slopes holds $\phi'(a_1) … \phi'(a_T)$, one row for each step. What is larger than float64 is infinite.
    """
    product = torch.eye(len(W_hh), dtype=W_hh.dtype)
    products = [product]
    for slope in reversed(slopes.unbind()):
        product = product @ (slope[:, None] * W_hh)
        products.append(product)
    # a product that has left the range of its numbers has no singular values to ask for
    stacked = torch.stack(products)
    fine = torch.isfinite(stacked).all(-1).all(-1)
    norms = torch.full((len(products),), torch.inf, dtype=W_hh.dtype)
    norms[fine] = torch.linalg.matrix_norm(stacked[fine], 2)
    return norms.numpy()


def trace_jacobians(model: RNN, x: Float[Tensor, "time input"]) -> JacobianTrace:
    r"""Let the network read one sequence and record $\lVert \partial h_T / \partial h_k \rVert$ for every k.

    Raises ValueError when a weight is not finite or the sequence does not fit.
    """
    expect.finite(**dict(model.named_parameters()))
    with torch.no_grad():
        _, states = model(x[None])
        slopes = activation_slope(states[0], model.nonlinearity)
        W_hh = model.W_hh.detach()
        return JacobianTrace(*_sizes(W_hh), jacobian_norms(W_hh, slopes))


def trace_linear_jacobians(W_hh: Float[Tensor, "hidden hidden"], steps: int) -> JacobianTrace:
    r"""Record the powers $\lVert W_{hh}^{T-k} \rVert$: the network without its non-linearity."""
    return JacobianTrace(*_sizes(W_hh), jacobian_norms(W_hh, torch.ones(steps, len(W_hh), dtype=W_hh.dtype)))


def _sizes(W_hh: Tensor) -> tuple[float, float]:
    """Return the spectral radius and the largest singular value."""
    return float(torch.linalg.eigvals(W_hh).abs().max()), float(torch.linalg.matrix_norm(W_hh, 2))


def sweep_radius(radii: np.ndarray, largest: float, steps: int, nonlinearity: str, seed: int = 0) -> JacobianSweep:
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
