r"""An encoder–decoder without recurrence: all steps of a sequence are computed at once.

$$x^{(0)}_t = E_x[x_t] + p_t \qquad m = \text{encoder}(x^{(0)}) \qquad
  y^{(0)}_\tau = E_y[y_{\tau-1}] + p_\tau \qquad
  P(y_\tau \mid y_1 … y_{\tau-1}, x) = \text{softmax}(W_y\, \text{decoder}(y^{(0)}, m)_\tau + b_y)$$

where $p_t$ is the sinusoidal vector of a position, m the memory, and $y_0$ the start token. There is no dropout.
Source: Vaswani et al. 2017, "Attention is all you need", figure 1. Their three matrices of tokens are one, and its rows
are multiplied by $\sqrt{d}$; ours are three, used as they are.
"""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.masks import real_steps
from seqviz.models.recurrent_network import output_layer
from seqviz.models.self_attention.positions import sinusoidal_encoding
from seqviz.models.torch_weights import start_uniform
from seqviz.models.transformer.stack import TransformerDecoder, TransformerEncoder

EMBEDDED = 0.7  # the standard deviation of an embedding's numbers: that of a sine, which is added to them


class Reading(NamedTuple):
    """The state of the decoder: what the encoder read, and what was written so far."""

    memory: Float[Tensor, "batch source model"]
    real: Bool[Tensor, "batch source"]
    written: Int[Tensor, "batch written"]  # with the start token, once it has been read


class TransformerTranslator(nn.Module):
    """Embeddings, positions, a stack of encoder blocks, one of as many decoder blocks, and an output layer.

    where ``inner`` is the width of the feed-forward networks. Raises ValueError for an odd size, and as `EncoderBlock`
    does.
    """

    def __init__(
        self,
        source_tokens: int,
        target_tokens: int,
        size: int,
        heads: int,
        inner: int,
        layers: int,
        norm_first: bool = True,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        expect.at_least_one(source_tokens=source_tokens, target_tokens=target_tokens)
        if size % 2:
            raise ValueError(f"size: expected an even number, for pairs of sine and cosine, got {size}")
        self.E_x = nn.Parameter(EMBEDDED * torch.randn(source_tokens, size, dtype=dtype))
        self.E_y = nn.Parameter(EMBEDDED * torch.randn(target_tokens, size, dtype=dtype))
        self.encoder = TransformerEncoder(layers, size, heads, inner, norm_first, dtype)
        self.decoder = TransformerDecoder(layers, size, heads, inner, norm_first, dtype)
        self.W_y = nn.Parameter(torch.empty(target_tokens, size, dtype=dtype))
        self.b_y = nn.Parameter(torch.empty(target_tokens, dtype=dtype))
        start_uniform([self.W_y, self.b_y], size)

    def encode(self, source: Int[Tensor, "batch source"], lengths: Int[Tensor, " batch"] | None = None) -> Reading:
        """Return the state before anything is written. Padding is read by nobody."""
        batch, time = source.shape
        real = real_steps(torch.full((batch,), time) if lengths is None else lengths, batch, time)
        memory, _ = self.encoder(embedded(self.E_x, source), real[:, None, None])
        return Reading(memory, real, source.new_zeros(batch, 0))

    def forward(
        self,
        source: Int[Tensor, "batch source"],
        target_in: Int[Tensor, "batch target"],
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> tuple[Float[Tensor, "batch target token"], Float[Tensor, "layer batch head target source"]]:
        """Return the logits of every output token at once (teacher forcing), and where every head looked.

        where target_in is the target moved one step to the right, see `encoder_decoder.shift_right`.
        """
        return self.decode(target_in, self.encode(source, lengths))

    def decode(
        self, target_in: Int[Tensor, "batch target"], state: Reading
    ) -> tuple[Float[Tensor, "batch target token"], Float[Tensor, "layer batch head target source"]]:
        """Return the logits of the token after every one of target_in, and where every head looked in the source."""
        top, weights = self.decoder(embedded(self.E_y, target_in), state.memory, state.real[:, None, None])
        return output_layer(top, self.W_y, self.b_y), weights

    def step(self, token: Int[Tensor, " batch"], state: Reading) -> tuple[Float[Tensor, "batch token"], Reading]:
        """Read one token of every row: the decode step (`decoding.DecodeStep`) of sampling and of every search.

        All that was written is computed again, since every step asks its keys and values.
        """
        state = state._replace(written=torch.cat([state.written, token[:, None]], 1))
        logits, _ = self.decode(state.written, state)
        return logits[:, -1].log_softmax(-1), state


def embedded(E: Float[Tensor, "token model"], tokens: Int[Tensor, "batch time"]) -> Float[Tensor, "batch time model"]:
    """Return the vector of every token plus that of its position."""
    return E[tokens] + sinusoidal_encoding(torch.arange(tokens.shape[1]), E.shape[1]).to(E.dtype)
