"""How an LSTM's last cell depends on each earlier one."""

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.models import expect
from seqviz.models.gated.lstm import LSTM, lstm_gates, lstm_step
from seqviz.traces.gated.records import CellJacobianTrace
from seqviz.traces.reading import to_numpy


def trace_cell_jacobians(model: LSTM, x: Float[Tensor, "time input"]) -> CellJacobianTrace:
    r"""Record the largest singular value of $\partial c_T / \partial c_k$ for every k, in two ways.

    The direct path alone gives $\prod_{j=k+1}^{T} \operatorname{diag}(f_j)$. The whole derivative also follows
    $h_k = o_k \odot \tanh(c_k)$ into all gates and candidates after step k. Raises ValueError for a weight that is not
    finite.
    """
    expect.finite(**dict(model.named_parameters()))
    W_x, W_h, b = model.W_x.detach(), model.W_h.detach(), model.b.detach()
    hidden = W_h.shape[1]
    with torch.no_grad():
        states, cells = (run[0] for run in model.run(x[None]))
        before = torch.cat([torch.zeros_like(states[:1]), states[:-1]])
        cells_before = torch.cat([torch.zeros_like(cells[:1]), cells[:-1]])
        gates = lstm_gates(x @ W_x.T + b, before, W_h, model.gates)

    def step(x_t: Tensor, both: Tensor) -> Tensor:
        h, c = both.split(hidden)
        h_new, c_new = lstm_step(x_t[None], h[None], c[None], W_x, W_h, b, model.gates)
        return torch.cat([h_new[0], c_new[0]])

    # of (h_t, c_t) with respect to (h_{t−1}, c_{t−1}): the cell alone does not know all that the next step needs
    jacobians = torch.func.vmap(torch.func.jacrev(step, argnums=1))(x, torch.cat([before, cells_before], 1))
    shown = gates.output * (1 - torch.tanh(cells) ** 2)  # ∂h_k/∂c_k while o_k stays
    eye = torch.eye(hidden, dtype=x.dtype)
    direct, whole = torch.ones(hidden, dtype=x.dtype), torch.cat([torch.zeros_like(eye), eye], 1)
    norms = [(torch.ones((), dtype=x.dtype), torch.ones((), dtype=x.dtype))]
    for t in reversed(range(1, len(x))):
        direct = direct * gates.forget[t]
        whole = whole @ jacobians[t]
        to_cell = whole[:, hidden:] + whole[:, :hidden] * shown[t - 1]
        norms.append((direct.max(), torch.linalg.matrix_norm(to_cell, 2)))
    along_direct, with_all = (to_numpy(torch.stack(column)) for column in zip(*norms, strict=True))
    return CellJacobianTrace(along_direct, with_all)
