"""How much more often two words stand together than chance would have it, and vectors made of that alone."""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.models import expect


def pmi(X: Float[Tensor, "word context"]) -> Float[Tensor, "word context"]:
    r"""Pointwise mutual information in nats.

    $$\operatorname{PMI}(w, c) = \log \frac{P(w, c)}{P(w)\, P(c)} = \log \frac{X_{wc} \sum X}{X_w X_c}$$

    where $X_{wc}$ counts the pairs and $X_w$, $X_c$ are the sums of its rows and columns. A pair that never came up
    has −∞, and so has every pair of a word that never did.

    Raises ValueError for a negative count, or none above 0.

    Source: Church & Hanks 1990, "Word association norms, mutual information, and lexicography".
    """
    _expect_counts(X)
    chance = X.sum(1, keepdim=True) * X.sum(0, keepdim=True) / X.sum()
    return torch.where(X > 0, (X / chance).log(), -math.inf)


def shifted_pmi(
    X: Float[Tensor, "word context"], K: int, noise: Float[Tensor, " context"] | None = None
) -> Float[Tensor, "word context"]:
    r"""What skip-gram with K negatives has for $e_w \cdot o_c$, were its vectors long enough.

    $$\log \frac{X_{wc}}{K X_w P_n(c)}, \qquad\text{which is } \operatorname{PMI}(w, c) - \log K
    \text{ where } P_n(c) = X_c / \textstyle\sum X$$

    where $P_n$ is the noise; without one, it is the frequency of c, as in the paper.

    Source: Levy & Goldberg 2014, "Neural word embedding as implicit matrix factorization", equation 11.
    """
    expect.at_least_one(K=K)
    _expect_counts(X)
    if noise is None:
        noise = X.sum(0) / X.sum()
    expect.shape("noise", noise, {"context": X.shape[1]})
    return torch.where(X > 0, (X / (K * X.sum(1, keepdim=True) * noise)).log(), -math.inf)


def positive(of: Float[Tensor, "word context"]) -> Float[Tensor, "word context"]:
    """Return the matrix with 0 in the place of all that is below: of it, −∞ too."""
    return of.clamp(min=0)


def factorised(
    matrix: Float[Tensor, "word context"], size: int
) -> tuple[Float[Tensor, "word size"], Float[Tensor, "context size"]]:
    r"""Return E and O of ``size`` columns whose product $E O^\top$ is as close to the matrix as any can be.

    $$M \approx U_d \Sigma_d V_d^\top, \qquad E = U_d \Sigma_d^{1/2}, \quad O = V_d \Sigma_d^{1/2}$$

    where U Σ Vᵀ is the singular value decomposition. The sign of each column is such that its largest entry in E is
    positive: the decomposition leaves it open.

    Raises ValueError for an infinite entry, and for a size that is below 1 or above the matrix's own.

    Source: Eckart & Young 1936; Levy & Goldberg 2014, section 3.3, for the root.
    """
    expect.finite(matrix=matrix)
    if not 1 <= size <= min(matrix.shape):
        raise ValueError(f"size: expected 1 … {min(matrix.shape)}, got {size}")
    U, S, Vh = torch.linalg.svd(matrix, full_matrices=False)
    root = S[:size].sqrt()
    largest = U[:, :size].gather(0, U[:, :size].abs().argmax(0, keepdim=True))
    sign = torch.where(largest < 0, -1.0, 1.0).to(matrix.dtype)
    return U[:, :size] * sign * root, Vh[:size].T * sign * root


def _expect_counts(X: Tensor) -> None:
    expect.shape("X", X, {"word": None, "context": None})
    if bool((X < 0).any()) or not bool((X > 0).any()):
        raise ValueError(f"X: expected counts from 0 up and one above, got {X.min().item()} … {X.max().item()}")
