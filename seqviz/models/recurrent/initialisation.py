r"""Two ways to start $W_{hh}$ so that a gradient neither shrinks nor grows at first: a rotation, and no change."""

import torch
from jaxtyping import Float
from torch import Generator, Tensor

from seqviz.models.recurrent.rnn import RNN


def orthogonal(
    size: int, scale: float = 1.0, generator: Generator | None = None, dtype: torch.dtype | None = None
) -> Float[Tensor, "hidden hidden"]:
    r"""Draw $W = \text{scale} \cdot Q$ with $Q^\top Q = I$, every rotation or reflection as likely as any other.

    All singular values and all absolute eigenvalues are ``scale``: $W$ is normal. $Q$ comes from the QR factors of a
    matrix of normal numbers, where $R$ is given a positive diagonal, else some rotations would be likelier.

    Source: Saxe, McClelland, Ganguli 2014, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
    networks"; the sign: Mezzadri 2007, "How to generate random matrices from the classical compact groups".
    """
    Q, R = torch.linalg.qr(torch.randn(size, size, generator=generator, dtype=dtype))
    return scale * Q * R.diagonal().sign()


def start_orthogonal(model: RNN, scale: float = 1.0, generator: Generator | None = None) -> RNN:
    """Give the model an orthogonal W_hh and a bias of zero; return it."""
    with torch.no_grad():
        model.W_hh.copy_(orthogonal(len(model.W_hh), scale, generator, model.W_hh.dtype))
        model.b_h.zero_()
    return model


def start_identity(model: RNN, scale: float = 1.0) -> RNN:
    r"""Give the model $W_{hh} = \text{scale} \cdot I$ and a bias of zero; return it.

    With relu, a positive state that meets no input stays as it is, and so does the gradient on its way back: the IRNN.
    Its tanh sibling forgets, since $\lvert\tanh a\rvert < \lvert a \rvert$.

    Source: Le, Jaitly, Hinton 2015, "A simple way to initialize recurrent networks of rectified linear units".
    """
    with torch.no_grad():
        model.W_hh.copy_(scale * torch.eye(len(model.W_hh), dtype=model.W_hh.dtype))
        model.b_h.zero_()
    return model
