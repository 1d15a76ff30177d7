r"""An encoder that learns from text alone: to say what was hidden, and whether two sentences belong together.

$$x^{(0)}_t = E[w_t] + P_t + S[s_t] \qquad z = \text{encoder}(x^{(0)})$$
$$P(w_t) = \text{softmax}(W_o\, \text{gelu}(W_m z_t + b_m) + b_o) \qquad
  P(\text{next}) = \text{softmax}(W_n z_1 + b_n)$$

where $w_t$ is the token of step t, $s_t$ its segment, 0 or 1, and $z_1$ the vector of ``<cls>``, which stands first.

Source: Devlin et al. 2019, "BERT: pre-training of deep bidirectional transformers for language understanding", section
3. In theirs the norm comes last, and once more after the embeddings and before $W_o$; the feed-forward networks use
gelu; the matrix of tokens is also $W_o$; a layer with tanh stands between ``<cls>`` and $W_n$; and the embeddings start
with the standard deviation 0.02. Ours start with those of the constants below: with 0.02, a few hundred steps do not
suffice.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.recurrent_network import output_layer
from seqviz.models.torch_weights import start_uniform
from seqviz.models.transformer.blocks import Sequence
from seqviz.models.transformer.stack import TransformerEncoder

# standard deviations of what is added up
TOKEN, POSITION, SEGMENT = 0.7, 0.3, 0.1


class BERT(nn.Module):
    """Embeddings, an encoder, and two heads: `words` at every step, `next_sentence` at ``<cls>``.

    where ``longest`` is how many positions there are. Raises ValueError as `TransformerEncoder` does, and for more
    steps than positions.
    """

    def __init__(
        self,
        tokens: int,
        longest: int,
        size: int,
        heads: int,
        inner: int,
        layers: int,
        norm_first: bool = True,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        expect.at_least_one(tokens=tokens, longest=longest)
        self.E = nn.Parameter(TOKEN * torch.randn(tokens, size, dtype=dtype))
        self.P = nn.Parameter(POSITION * torch.randn(longest, size, dtype=dtype))
        self.S = nn.Parameter(SEGMENT * torch.randn(2, size, dtype=dtype))
        self.encoder = TransformerEncoder(layers, size, heads, inner, norm_first, dtype)
        for name, outputs in {"m": size, "o": tokens, "n": 2}.items():
            weight, bias = torch.empty(outputs, size, dtype=dtype), torch.empty(outputs, dtype=dtype)
            start_uniform([weight, bias], size)
            setattr(self, f"W_{name}", nn.Parameter(weight))
            setattr(self, f"b_{name}", nn.Parameter(bias))

    W_m: nn.Parameter
    b_m: nn.Parameter
    W_o: nn.Parameter
    b_o: nn.Parameter
    W_n: nn.Parameter
    b_n: nn.Parameter

    def forward(
        self,
        tokens: Int[Tensor, "batch time"],
        segments: Int[Tensor, "batch time"],
        real: Bool[Tensor, "batch time"] | None = None,
    ) -> tuple[Sequence, Float[Tensor, "layer batch head time time"]]:
        """Return the vector of every step, and the weights of every head of every layer.

        where ``real`` is False at the padding, which nobody reads.
        """
        return self.encoder(self.embedded(tokens, segments), None if real is None else real[:, None, None])

    def embedded(self, tokens: Int[Tensor, "batch time"], segments: Int[Tensor, "batch time"]) -> Sequence:
        """Return the vectors that enter the first block."""
        if tokens.shape[1] > len(self.P):
            raise ValueError(f"tokens: expected at most {len(self.P)} steps, got {tokens.shape[1]}")
        return self.E[tokens] + self.P[: tokens.shape[1]] + self.S[segments]

    def words(self, z: Float[Tensor, "*axes model"]) -> Float[Tensor, "*axes token"]:
        """Return the logits of the token that stood there, for each vector."""
        return output_layer(nn.functional.gelu(output_layer(z, self.W_m, self.b_m)), self.W_o, self.b_o)

    def next_sentence(self, z: Sequence) -> Float[Tensor, "batch 2"]:
        """Return the logits of no (0) and yes (1): does the second sentence belong to the first?"""
        return output_layer(z[:, 0], self.W_n, self.b_n)


def masked_language_loss(
    logits: Float[Tensor, "asked token"], tokens: Int[Tensor, "batch time"], chosen: Bool[Tensor, "batch time"]
) -> Float[Tensor, ""]:
    """Return the mean cross-entropy in nats, over the chosen places of all rows and no other.

    where the logits are those of the chosen places alone, row by row, and the tokens are the unmasked ones.

    Raises ValueError where nothing was chosen, of which there is no mean, and for too many or too few rows of logits.
    """
    asked = int(chosen.sum())
    if asked == 0:
        raise ValueError("chosen: expected at least one place that is asked for, got none")
    expect.shape("logits", logits, {"asked": asked, "token": None})
    return nn.functional.cross_entropy(logits, tokens[chosen])
