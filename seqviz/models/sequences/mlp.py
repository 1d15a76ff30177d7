r"""The multilayer perceptron that reads a whole sequence at once: the baseline without time."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.torch_weights import start_uniform


class SequenceMLP(nn.Module):
    r"""One hidden layer over all steps side by side, so for one length only.

    $$\text{logits} = W_y \operatorname{relu}(W [x_1; x_2; \dots; x_T] + b) + b_y$$

    where W has a column for every number of every step, (hidden, T · inputs): nothing is shared between steps.
    """

    def __init__(self, inputs: int, time: int, hidden: int, outputs: int, dtype: torch.dtype | None = None) -> None:
        super().__init__()
        expect.at_least_one(inputs=inputs, time=time, hidden=hidden, outputs=outputs)
        self.inputs, self.time = inputs, time
        self.W = nn.Parameter(torch.empty(hidden, time * inputs, dtype=dtype))
        self.b = nn.Parameter(torch.empty(hidden, dtype=dtype))
        self.W_y = nn.Parameter(torch.empty(outputs, hidden, dtype=dtype))
        self.b_y = nn.Parameter(torch.empty(outputs, dtype=dtype))
        for W, b in [(self.W, self.b), (self.W_y, self.b_y)]:
            start_uniform([W, b], W.shape[1])

    def forward(self, x: Float[Tensor, "batch time input"]) -> Float[Tensor, "batch output"]:
        """Return the logits of every sequence. Raises ValueError for another length than it was made for."""
        expect.shape("x", x, {"batch": None, "time": self.time, "input": self.inputs})
        return torch.relu(x.flatten(1) @ self.W.T + self.b) @ self.W_y.T + self.b_y
