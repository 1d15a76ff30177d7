r"""Layers of attention and nothing else: no network between them, no normalisation.

$$x^{(0)}_t = E_{w_t} + P_t \qquad x^{(l)} = x^{(l-1)} + \text{heads}_l(x^{(l-1)}) \qquad
  \text{logits}_t = E \, x^{(L)}_t + b$$

What a word is to become is told by the same matrix E that says what it is. Source: Elhage et al. 2021, "A mathematical
framework for transformer circuits", section "Model simplifications"; they have a matrix of its own for the output.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.self_attention.multi_head import MultiHeadAttention

Words = Int[Tensor, "batch time"]
Sequence = Float[Tensor, "batch time model"]
Mask = Bool[Tensor, "#layer #batch #head #time time"]


class AttentionOnly(nn.Module):
    r"""Words in, for every step the logits of a word out.

    where ``tokens`` is the number of words, ``length`` the most steps, and ``may_attend`` what each layer may look at,
    for all words of all sentences. With ``last_alone`` the logits are read from what the last layer's heads brought,
    without what stood there before: $\text{logits}_t = E \, \text{heads}_L(x^{(L-1)})_t + b$.

    Raises ValueError for a size below 1 and as `MultiHeadAttention`.
    """

    def __init__(
        self,
        tokens: int,
        length: int,
        size: int,
        heads: int = 1,
        layers: int = 1,
        *,
        may_attend: Bool[Tensor, "#layer length length"] | None = None,
        last_alone: bool = False,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        expect.at_least_one(tokens=tokens, length=length, layers=layers)
        self.heads = heads
        self.layers = nn.ModuleList(MultiHeadAttention(size, heads, dtype=dtype) for _ in range(layers))
        self.E, self.P = (nn.Parameter(torch.randn(n, size, dtype=dtype) / size**0.5) for n in (tokens, length))
        self.b = nn.Parameter(torch.zeros(tokens, dtype=dtype))
        everything = torch.ones(1, 1, 1, length, length, dtype=torch.bool)
        self.may_attend: Tensor
        self.register_buffer("may_attend", everything if may_attend is None else may_attend[:, None, None])
        self.last_alone = last_alone

    def forward(
        self, words: Words, also: Mask | None = None
    ) -> tuple[Float[Tensor, "batch time token"], Float[Tensor, "layer batch head time time"]]:
        """Return the logits, and the weights of every head of every layer.

        where ``also`` forbids more (True: may be attended) than the model's own mask does.
        """
        x, weights = self.embed(words), []
        read = x
        for number in range(len(self.layers)):
            read, of_layer = self.look(number, x, also)
            weights.append(of_layer)
            x = x + read
        return (read if self.last_alone else x) @ self.E.T + self.b, torch.stack(weights)

    def embed(self, words: Words) -> Sequence:
        """Return the vector of every word at its place. Raises ValueError for more steps than there are places."""
        if words.shape[1] > len(self.P):
            raise ValueError(f"words: expected at most {len(self.P)} steps, got {words.shape[1]}")
        return self.E[words] + self.P[: words.shape[1]]

    def look(
        self, layer: int, x: Sequence, also: Mask | None = None
    ) -> tuple[Sequence, Float[Tensor, "batch head time time"]]:
        """Return what a layer, counted from 0, reads of x, and the weights of its heads."""
        return self.layers[layer](x, may_attend=self.allowed(layer, x.shape[1], also))

    def allowed(self, layer: int, time: int, also: Mask | None = None) -> Bool[Tensor, "#batch #head time time"]:
        """Return what a layer may look at in a sequence of so many steps."""
        own = self.may_attend[layer % len(self.may_attend), ..., :time, :time]
        return own if also is None else own & also[layer % len(also)]
