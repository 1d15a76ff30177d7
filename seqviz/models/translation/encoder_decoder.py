r"""Encoder and decoder: a conditional language model whose first state is what another network has read.

$$P(y \mid x) = \prod_{\tau=1}^{T_y} P(y_\tau \mid y_1 … y_{\tau-1}, x) \qquad
  s_0 = h_{T_x} \qquad s_\tau = \text{cell}(E_y y_{\tau-1}, s_{\tau-1}) \qquad
  P(y_\tau \mid …) = \text{softmax}(W_{sy} s_\tau + b_y)$$

where $h_{T_x}$ is the encoder's final state and $y_0$ the start token.
"""

from typing import Any

import torch
from jaxtyping import Float, Int, Shaped
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.losses import step_cross_entropy
from seqviz.models.masks import real_steps
from seqviz.models.recurrent_network import output_layer
from seqviz.models.torch_weights import start_uniform


class EncoderDecoder(nn.Module):
    """An encoder and a decoder, each any `stacked.recurrent_layers.Layer` or a stack of them, of the same form.

    The encoder's final state is the decoder's initial one: an RNN, GRU or LSTM fits another of the same hidden size, a
    stack one of as many layers. For an encoder of two directions see `state_for_decoder`.

    where ``embedding`` is the size of both layers' inputs and ``hidden`` that of the decoder's states.

    Source: Sutskever et al. 2014, "Sequence to sequence learning with neural networks"; Cho et al. 2014, whose decoder
    also reads the encoder's final state at every step, is not this one.
    """

    def __init__(
        self,
        encoder: nn.Module,
        decoder: nn.Module,
        source_tokens: int,
        target_tokens: int,
        embedding: int,
        hidden: int,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        expect.at_least_one(source_tokens=source_tokens, target_tokens=target_tokens, hidden=hidden)
        self.encoder, self.decoder = encoder, decoder
        self.E_x = nn.Parameter(torch.randn(source_tokens, embedding, dtype=dtype))
        self.E_y = nn.Parameter(torch.randn(target_tokens, embedding, dtype=dtype))
        self.W_sy = nn.Parameter(torch.empty(target_tokens, hidden, dtype=dtype))
        self.b_y = nn.Parameter(torch.empty(target_tokens, dtype=dtype))
        start_uniform([self.W_sy, self.b_y], hidden)

    def encode(self, source: Int[Tensor, "batch source"], lengths: Int[Tensor, " batch"] | None = None) -> Any:
        """Return the encoder's final state of every row: after its last real token, whatever the padding holds."""
        return self.encoder(self.E_x[source], None, lengths)[1]

    def forward(
        self,
        source: Int[Tensor, "batch source"],
        target_in: Int[Tensor, "batch target"],
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> Float[Tensor, "batch target token"]:
        """Return the logits of every output token, each given the right tokens before it (teacher forcing).

        where target_in is the target moved one step to the right, see `shift_right`, and lengths those of the source.
        """
        states, _ = self.decoder(self.E_y[target_in], self.encode(source, lengths))
        return output_layer(states, self.W_sy, self.b_y)

    def step(self, token: Int[Tensor, " batch"], state: Any) -> tuple[Float[Tensor, "batch token"], Any]:
        """Read one token of every row: the decode step (`decoding.DecodeStep`) of sampling and of every search."""
        states, state = self.decoder(self.E_y[token][:, None], state)
        return output_layer(states[:, 0], self.W_sy, self.b_y).log_softmax(-1), state


def shift_right(target: Int[Tensor, "batch target"], start: int) -> Int[Tensor, "batch target"]:
    r"""Return what the decoder reads while it learns to say ``target``: the start token, then all but the last token.

    $$y^{in}_1 = \langle bos \rangle \qquad y^{in}_\tau = y_{\tau-1}$$

    A row that is shorter than the longest keeps its end token: behind it is padding, and a token of that drops out.
    """
    expect.shape("target", target, {"batch": None, "target": None})
    return torch.cat([torch.full_like(target[:, :1], start), target[:, :-1]], 1)


def sequence_loss(
    logits: Float[Tensor, "batch target token"],
    target: Int[Tensor, "batch target"],
    lengths: Int[Tensor, " batch"],
) -> Float[Tensor, ""]:
    r"""The mean cross-entropy in nats over all real tokens of all rows.

    $$\frac{1}{\sum_i T_i} \sum_i \sum_{\tau=1}^{T_i} -\log P(y^{(i)}_\tau \mid …)$$

    where lengths count the end token, and target is what should be said (not `shift_right` of it).
    """
    return step_cross_entropy(logits, target, lengths).sum() / lengths.sum()


@torch.no_grad()
def free_running_accuracy(
    said: Int[Tensor, "batch time"], target: Int[Tensor, "batch target"], lengths: Int[Tensor, " batch"]
) -> float:
    """Return the share of rows that were said without a mistake, up to and with their end token.

    where ``said`` was chosen by the model itself, from its own earlier tokens, for at least as many steps as the target
    has. Raises ValueError for fewer.
    """
    batch, time = target.shape
    if said.shape[1] < time:
        raise ValueError(f"said: expected at least {time} steps, got {said.shape[1]}")
    same = (said[:, :time] == target) | ~real_steps(lengths, batch, time)
    return float(same.all(1).double().mean())


def state_for_decoder(h_n: Shaped[Tensor, "both batch hidden"]) -> Shaped[Tensor, "layer batch twice"]:
    r"""Join the final states of a layered encoder of two directions, as torch orders them, layer by layer.

    $$s^{[l]}_0 = [\overrightarrow h^{[l]}_{T_x}; \overleftarrow h^{[l]}_1]$$

    where h_n is that of `torch.nn.RNN`, `GRU` or `LSTM`: layer 1 forward, layer 1 backward, layer 2 forward, and so on.
    The result fits a decoder with twice the hidden size and as many layers.

    Raises ValueError for an odd number of states.
    """
    if len(h_n) % 2:
        raise ValueError(f"h_n: expected two states for each layer, got {len(h_n)}")
    return torch.cat([h_n[0::2], h_n[1::2]], -1)
