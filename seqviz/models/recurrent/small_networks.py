r"""Two networks so small that everything about their gradients can be seen: one unit, and two.

`one_unit` has two parameters, so its loss is a landscape one can draw, with a cliff in it. `two_unit_matrix` is the
smallest $W_{hh}$ whose spectral radius and largest singular value can be chosen apart.
"""

import torch
from jaxtyping import Float
from torch import Tensor


def one_unit(
    w: Float[Tensor, "*points"],
    b: Float[Tensor, "*points"],
    steps: int = 50,
    h_0: float = 0.5,
    target: float = 0.7,
) -> tuple[Float[Tensor, "*points"], Float[Tensor, "*points"], Float[Tensor, "*points"]]:
    r"""Loss of a network of one unit without input, and its gradient, at many points (w, b) at once.

    $$h_t = \sigma(w h_{t-1} + b) \qquad \mathcal L = (h_T - y)^2 \qquad
      \frac{\partial\mathcal L}{\partial w} = 2 (h_T - y)
      \sum_{k=1}^{T} \Bigl(\prod_{j=k+1}^{T} w\,\sigma'_j\Bigr) \sigma'_k h_{k-1}$$

    where $\sigma'_j = h_j (1 - h_j)$, steps is T and y the target. For b the last factor is 1. Where $w > 4$ the unit
    can rest at two places, and at $b = -w/2$ the start lies between them: on this line the products are huge.

    Returns the loss, $\partial\mathcal L/\partial w$ and $\partial\mathcal L/\partial b$.

    Source: Pascanu et al. 2013, "On the difficulty of training recurrent neural networks", figure 6.
    """
    states = [torch.full_like(w, h_0)]
    for _ in range(steps):
        states.append(torch.sigmoid(torch.addcmul(b, w, states[-1])))
    h = torch.stack(states)
    slopes = h[1:] * (1 - h[1:])
    # ∂h_T/∂h_k for every k: the product of the factors w σ′ that come later
    later = torch.ones_like(slopes)
    later[:-1] = (slopes[1:] * w).flip(0).cumprod(0).flip(0)
    reaches = later * slopes
    error = h[-1] - target
    return error**2, 2 * error * (reaches * h[:-1]).sum(0), 2 * error * reaches.sum(0)


def two_unit_matrix(
    radius: float, largest: float, dtype: torch.dtype = torch.float64
) -> Float[Tensor, "hidden=2 hidden=2"]:
    r"""Return the matrix of two units with this spectral radius and this largest singular value.

    $$W = \rho\, I + \tfrac12 \Bigl(s - \frac{\rho^2}{s}\Bigr) \begin{bmatrix} 1 & -1 \\ 1 & -1 \end{bmatrix}$$

    where $\rho$ is the radius and $s$ the singular value. The second matrix is nilpotent, so both eigenvalues are
    $\rho$; the singular values are $s$ and $\rho^2/s$. With $s = \rho$ the matrix is normal, with $\rho = 0$ and
    $s = 8$ it is 4[[1, −1], [1, −1]].

    Raises ValueError when the radius is negative or above the singular value, which no matrix can have.
    """
    if not 0 <= radius <= largest:
        raise ValueError(f"expected 0 ≤ spectral radius ≤ largest singular value, got {radius:g} and {largest:g}")
    shear = 0.0 if largest == 0 else (largest - radius**2 / largest) / 2
    nilpotent = torch.tensor([[1.0, -1.0], [1.0, -1.0]], dtype=dtype)
    return radius * torch.eye(2, dtype=dtype) + shear * nilpotent
