"""What every recurrent network of ours can do one step at a time, whatever it carries from step to step."""

from jaxtyping import Float
from torch import Tensor, nn

# What one step hands to the next: (h,) or, in an LSTM, (h, c). The output reads the first part; the last part is what
# carries what was learnt over many steps.
Memory = tuple[Tensor, ...]


def output_layer(
    h: Float[Tensor, "*axes hidden"], W_hy: Float[Tensor, "output hidden"], b_y: Float[Tensor, " output"]
) -> Float[Tensor, "*axes output"]:
    r"""The scores $W_{hy} h_t + b_y$ that a softmax, a sigmoid or nothing turns into $\hat y_t$: it reads the state."""
    return h @ W_hy.T + b_y


class RecurrentNetwork(nn.Module):
    r"""A recurrent cell with an output layer, taken apart into steps.

    $$m_t = \text{step}(x_t, m_{t-1}) \qquad \text{logits}_t = \text{readout}(m_t) \qquad m_0 = \text{start}$$

    where $m_t$ is the memory after step t, of `parts` tensors (batch, hidden). Taken along a sequence they give what
    calling the network gives.
    """

    W_hy: nn.Parameter
    b_y: nn.Parameter
    inputs: int  # the size of x_t
    parts = 1  # of a memory

    def start(self, batch: int) -> Memory:
        """Return the memory before the first step: zeros."""
        return (self.W_hy.new_zeros(batch, self.W_hy.shape[1]),) * self.parts

    def step(self, x_t: Float[Tensor, "batch input"], memory: Memory) -> Memory:
        """Read one input of every row."""
        raise NotImplementedError

    def readout(self, memory: Memory) -> Float[Tensor, "batch output"]:
        """Return the logits of a memory."""
        return output_layer(memory[0], self.W_hy, self.b_y)
