"""The product of Jacobians of a network along a sequence."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.models import expect
from seqviz.models.recurrent.rnn import RNN, activation_slope
from seqviz.traces.recurrent.records import JacobianTrace


def jacobian_products(
    W_hh: Float[Tensor, "hidden hidden"], slopes: Float[Tensor, "time hidden"]
) -> Float[Tensor, "distance hidden hidden"]:
    r"""Return $\partial h_T / \partial h_k$ for $T - k = 0, 1, … T$,

    $$\frac{\partial h_T}{\partial h_k} = \prod_{j=T}^{k+1} \operatorname{diag}(\phi'(a_j))\, W_{hh}$$

    where slopes holds $\phi'(a_1) … \phi'(a_T)$, one row for each step.
    """
    product = torch.eye(len(W_hh), dtype=W_hh.dtype)
    products = [product]
    for slope in reversed(slopes.unbind()):
        product = product @ (slope[:, None] * W_hh)
        products.append(product)
    return torch.stack(products)


def product_norms(products: Float[Tensor, "distance hidden hidden"]) -> Float[np.ndarray, " distance"]:
    r"""Return $\lVert \partial h_T / \partial h_k \rVert$, the largest singular value of each product.

    Values too large for float64 are infinite.
    """
    # a product that overflowed has no singular values
    fine = torch.isfinite(products).all(-1).all(-1)
    norms = torch.full((len(products),), torch.inf, dtype=products.dtype)
    norms[fine] = torch.linalg.matrix_norm(products[fine], 2)
    return norms.numpy()


def jacobian_norms(
    W_hh: Float[Tensor, "hidden hidden"], slopes: Float[Tensor, "time hidden"]
) -> Float[np.ndarray, " distance"]:
    """Return the norm of every one of `jacobian_products`."""
    return product_norms(jacobian_products(W_hh, slopes))


def trace_jacobians(model: RNN, x: Float[Tensor, "time input"]) -> JacobianTrace:
    r"""Let the network read one sequence and record $\lVert \partial h_T / \partial h_k \rVert$ for every k.

    Raises ValueError when a weight is not finite or the sequence does not fit.
    """
    expect.finite(**dict(model.named_parameters()))
    with torch.no_grad():
        _, states = model(x[None])
        slopes = activation_slope(states[0], model.nonlinearity)
        W_hh = model.W_hh.detach()
        return _trace(W_hh, slopes)


def trace_linear_jacobians(W_hh: Float[Tensor, "hidden hidden"], steps: int) -> JacobianTrace:
    r"""Record the powers $\lVert W_{hh}^{T-k} \rVert$: the network without its non-linearity."""
    return _trace(W_hh, torch.ones(steps, len(W_hh), dtype=W_hh.dtype))


def _trace(W_hh: Tensor, slopes: Tensor) -> JacobianTrace:
    return JacobianTrace(
        radius=float(torch.linalg.eigvals(W_hh).abs().max()),
        largest=float(torch.linalg.matrix_norm(W_hh, 2)),
        norms=jacobian_norms(W_hh, slopes),
    )
