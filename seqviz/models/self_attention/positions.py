r"""What tells attention where a step stands: without it, it reads a set.

Four schemes. *Sinusoidal* vectors are added to the inputs; `ALiBi` adds a distance to the scores; *rotary* turns
queries and keys, each by its own position, so that their product depends on the distance alone. The fourth, learned
vectors, is a table with a row for every position, and needs no equation.
"""

from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqviz.models import expect

Layout = Literal["pairs", "halves"]


def angular_frequencies(size: int, base: float = 10_000.0) -> Float[Tensor, " pair"]:
    r"""Return $\omega_i = \text{base}^{-2i/d}$ for the pairs i = 0 … d/2 − 1, in radians a step, in float64.

    The first turns by one radian a step, the last the slowest. Raises ValueError for an odd size.
    """
    if size < 2 or size % 2:
        raise ValueError(f"size: expected an even number of at least 2, got {size}")
    return base ** -(torch.arange(0, size, 2, dtype=torch.float64) / size)


def sinusoidal_encoding(
    positions: Int[Tensor, " time"], size: int, layout: Layout = "pairs", base: float = 10_000.0
) -> Float[Tensor, "time size"]:
    r"""Return $p_{t,2i} = \sin(\omega_i t)$ and $p_{t,2i+1} = \cos(\omega_i t)$.

    where a position t is a whole number from 0 on and $\omega_i$ is that of `angular_frequencies`. In ``halves`` all
    sines come first: the same columns in another order.

    Source: Vaswani et al. 2017, "Attention is all you need", section 3.5.
    """
    expect.one_of("layout", layout, ("pairs", "halves"))
    angles = positions[:, None] * angular_frequencies(size, base)
    return _laid_out(angles.sin(), angles.cos(), layout)


def shift_matrix(steps: int, size: int, layout: Layout = "pairs") -> Float[Tensor, "size size"]:
    r"""Return the matrix R with $p_{t+s} = R p_t$ for every t, where s is the steps: it turns every pair.

    $$\begin{pmatrix} \sin(\omega(t+s)) \\ \cos(\omega(t+s)) \end{pmatrix} =
      \begin{pmatrix} \cos \omega s & \sin \omega s \\ -\sin \omega s & \cos \omega s \end{pmatrix}
      \begin{pmatrix} \sin \omega t \\ \cos \omega t \end{pmatrix}$$
    """
    angles = steps * angular_frequencies(size)
    first, second = (torch.arange(size)[place] for place in _places(size, layout))
    matrix = torch.zeros(size, size, dtype=angles.dtype)
    matrix[first, first] = matrix[second, second] = angles.cos()
    matrix[first, second] = angles.sin()
    matrix[second, first] = -angles.sin()
    return matrix


def rotary(
    x: Float[Tensor, "*axes time size"], positions: Int[Tensor, " time"], layout: Layout = "pairs"
) -> Float[Tensor, "*axes time size"]:
    r"""Turn every pair of numbers of a query or a key by the angle $\omega_i t$ of its position.

    $$\begin{pmatrix} x_1 \\ x_2 \end{pmatrix} \mapsto
      \begin{pmatrix} \cos \omega t & -\sin \omega t \\ \sin \omega t & \cos \omega t \end{pmatrix}
      \begin{pmatrix} x_1 \\ x_2 \end{pmatrix}$$

    Since a rotation keeps lengths and rotations add up, $q_m^\top k_n$ then depends on m − n alone. A pair is two
    neighbouring numbers or, in ``halves``, one from each half: weights trained with one layout are wrong with the
    other. Values are not turned.

    Source: Su et al. 2021, "RoFormer: enhanced transformer with rotary position embedding", equations 13–15 (pairs);
    GPT-NeoX and Hugging Face's Llama use halves, Meta's own Llama pairs.
    """
    first, second = _places(x.shape[-1], layout)
    angles = positions[:, None] * angular_frequencies(x.shape[-1])
    cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    one, two = x[..., first], x[..., second]
    return _laid_out(one * cos - two * sin, one * sin + two * cos, layout)


def alibi_slopes(heads: int) -> Float[Tensor, " head"]:
    r"""Return $2^{-8h/H}$ for the heads h = 1 … H: from a short sight to a long one, in float64.

    Source: Press, Smith & Lewis 2022, "Train short, test long: attention with linear biases enables input length
    extrapolation", section 3; for other numbers of heads than powers of two, their code interpolates.
    """
    expect.at_least_one(heads=heads)
    return 2 ** (-8 * torch.arange(1, heads + 1, dtype=torch.float64) / heads)


def alibi_bias(
    heads: int, queries: Int[Tensor, " query"], keys: Int[Tensor, " key"]
) -> Float[Tensor, "head query key"]:
    r"""Return $-m_h |i - j|$, which is added to the scores of the query at position i and the key at position j.

    A key that may not be attended needs a mask all the same.
    """
    distance = (queries[:, None] - keys).abs()
    return -alibi_slopes(heads)[:, None, None] * distance


def _places(size: int, layout: Layout) -> tuple[slice, slice]:
    """Return where the first and where the second number of every pair stands."""
    expect.one_of("layout", layout, ("pairs", "halves"))
    half = size // 2
    return (slice(0, None, 2), slice(1, None, 2)) if layout == "pairs" else (slice(0, half), slice(half, None))


def _laid_out(first: Tensor, second: Tensor, layout: Layout) -> Tensor:
    if layout == "halves":
        return torch.cat([first, second], dim=-1)
    return torch.stack([first, second], dim=-1).flatten(-2)
