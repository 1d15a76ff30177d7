r"""Encoder–decoders that look at every source step, by Bahdanau's recipe and by Luong's.

Both read the source in two directions; the annotation of a step is $a_t = [\overrightarrow h_t; \overleftarrow h_t]$.
A decoder's state holds the annotations, so that `decoding` and `search` need not know of them.
"""

from collections.abc import Callable
from typing import Literal, NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.masks import masked_softmax, real_steps
from seqviz.models.stacked.bidirectional import Bidirectional
from seqviz.models.stacked.recurrent_layers import GRULayer
from seqviz.models.torch_weights import start_uniform
from seqviz.models.translation.attention import (
    additive_scores,
    attend,
    concat_scores,
    dot_scores,
    general_scores,
)

Score = Literal["dot", "general", "concat"]


class Decoding(NamedTuple):
    """The state of a decoder that looks at the source."""

    s: Float[Tensor, "batch hidden"]
    annotations: Float[Tensor, "batch source annotation"]
    real: Bool[Tensor, "batch source"]


class Step(NamedTuple):
    """What one step of such a decoder says, where it looked, and its state."""

    logits: Float[Tensor, "batch token"]
    weights: Float[Tensor, "batch source"]
    state: Decoding


class AttentiveTranslator(nn.Module):
    """What the two recipes share: an encoder of two GRUs, the loop over the target, and the decode step.

    where ``hidden`` is the size of the decoder's states; each direction of the encoder has half of it, so that
    annotations and states have the same size. Raises ValueError for an odd one.
    """

    def __init__(
        self, source_tokens: int, target_tokens: int, embedding: int, hidden: int, dtype: torch.dtype | None = None
    ) -> None:
        super().__init__()
        expect.at_least_one(source_tokens=source_tokens, target_tokens=target_tokens, embedding=embedding)
        if hidden < 2 or hidden % 2:
            raise ValueError(f"hidden: expected an even number of at least 2, got {hidden}")
        directions = [GRULayer(embedding, hidden // 2, dtype=dtype) for _ in range(2)]
        self.encoder = Bidirectional(*directions)
        self.E_x = nn.Parameter(torch.randn(source_tokens, embedding, dtype=dtype))
        self.E_y = nn.Parameter(torch.randn(target_tokens, embedding, dtype=dtype))

    def encode(self, source: Int[Tensor, "batch source"], lengths: Int[Tensor, " batch"] | None = None) -> Decoding:
        r"""Return the state before the first step: $s_0 = [\overrightarrow h_{T_x}; \overleftarrow h_1]$."""
        annotations, final = self.encoder(self.E_x[source], None, lengths)
        batch, time = source.shape
        full = torch.full((batch,), time)
        real = real_steps(full if lengths is None else lengths, batch, time)
        return Decoding(torch.cat(final, -1), annotations, real)

    def forward(
        self,
        source: Int[Tensor, "batch source"],
        target_in: Int[Tensor, "batch target"],
        lengths: Int[Tensor, " batch"] | None = None,
    ) -> tuple[Float[Tensor, "batch target token"], Float[Tensor, "batch target annotated"]]:
        """Return the logits of every output token (teacher forcing), and where each step looked."""
        state, logits, weights = self.encode(source, lengths), [], []
        for token in target_in.unbind(1):
            said = self.look(token, state)
            state = said.state
            logits.append(said.logits)
            weights.append(said.weights)
        return torch.stack(logits, 1), torch.stack(weights, 1)

    def step(self, token: Int[Tensor, " batch"], state: Decoding) -> tuple[Float[Tensor, "batch token"], Decoding]:
        """Read one token of every row: the decode step (`decoding.DecodeStep`) of sampling and of every search."""
        said = self.look(token, state)
        return said.logits.log_softmax(-1), said.state

    def look(
        self, token: Int[Tensor, " batch"], state: Decoding, weights: Float[Tensor, "batch source"] | None = None
    ) -> Step:
        """Read one token of every row; with the given weights instead of its own, if there are any."""
        raise NotImplementedError


class BahdanauTranslator(AttentiveTranslator):
    r"""Look with the state *before* the step, then move on with what was read.

    $$e_{\tau t} = v_a^\top \tanh(W_a s_{\tau-1} + U_a a_t) \qquad \alpha_\tau = \text{softmax}(e_\tau) \qquad
      c_\tau = \sum_t \alpha_{\tau t} a_t$$
    $$s_\tau = \text{GRU}([E_y y_{\tau-1}; c_\tau],\, s_{\tau-1}) \qquad
      \text{logits}_\tau = W_o [s_\tau; c_\tau; E_y y_{\tau-1}] + b_o$$

    Source: Bahdanau et al. 2015, "Neural machine translation by jointly learning to align and translate", appendix
    A.2.2, with a linear output layer in place of their maxout, and $s_0$ the encoder's final states themselves.
    """

    def __init__(
        self,
        source_tokens: int,
        target_tokens: int,
        embedding: int,
        hidden: int,
        attention: int,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__(source_tokens, target_tokens, embedding, hidden, dtype)
        expect.at_least_one(attention=attention)
        self.cell = GRULayer(embedding + hidden, hidden, dtype=dtype)
        self.W_a, self.U_a, self.v_a, self.W_o, self.b_o = (
            nn.Parameter(torch.empty(shape, dtype=dtype))
            for shape in [
                (attention, hidden),
                (attention, hidden),
                (attention,),
                (target_tokens, 2 * hidden + embedding),
                (target_tokens,),
            ]
        )
        start_uniform([self.W_a, self.U_a], hidden)
        start_uniform([self.v_a], attention)
        start_uniform([self.W_o, self.b_o], 2 * hidden + embedding)

    def look(
        self, token: Int[Tensor, " batch"], state: Decoding, weights: Float[Tensor, "batch source"] | None = None
    ) -> Step:
        """Read one token of every row; with the given weights instead of its own, if there are any."""
        if weights is None:
            scores = additive_scores(state.s, state.annotations, self.W_a, self.U_a, self.v_a)
            weights = masked_softmax(scores, state.real)
        context = attend(weights, state.annotations)
        y = self.E_y[token]
        _, s = self.cell(torch.cat([y, context], -1)[:, None], state.s)
        logits = torch.cat([s, context, y], -1) @ self.W_o.T + self.b_o
        return Step(logits, weights, state._replace(s=s))


class LuongTranslator(AttentiveTranslator):
    r"""Move on first, then look with the state *after* the step.

    $$s_\tau = \text{GRU}(E_y y_{\tau-1},\, s_{\tau-1}) \qquad e_{\tau t} = \text{score}(s_\tau, a_t) \qquad
      c_\tau = \sum_t \alpha_{\tau t} a_t$$
    $$\tilde s_\tau = \tanh(W_c [c_\tau; s_\tau]) \qquad \text{logits}_\tau = W_o \tilde s_\tau + b_o$$

    where score is “dot”, “general” or “concat”.

    Source: Luong et al. 2015, "Effective approaches to attention-based neural machine translation", equations 5–8, with
    a GRU in place of their stacked LSTM and without input feeding.
    """

    def __init__(
        self,
        source_tokens: int,
        target_tokens: int,
        embedding: int,
        hidden: int,
        score: Score = "general",
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__(source_tokens, target_tokens, embedding, hidden, dtype)
        expect.one_of("score", score, ("dot", "general", "concat"))
        self.cell = GRULayer(embedding, hidden, dtype=dtype)
        self.score: Score = score
        sizes = {"dot": [], "general": [(hidden, hidden)], "concat": [(hidden, 2 * hidden), (hidden,)]}[score]
        self.scoring = nn.ParameterList(torch.empty(shape, dtype=dtype) for shape in sizes)  # W_a, then v_a
        self.W_c = nn.Parameter(torch.empty(hidden, 2 * hidden, dtype=dtype))
        self.W_o = nn.Parameter(torch.empty(target_tokens, hidden, dtype=dtype))
        self.b_o = nn.Parameter(torch.empty(target_tokens, dtype=dtype))
        start_uniform(self.scoring, hidden)
        start_uniform([self.W_c], 2 * hidden)
        start_uniform([self.W_o, self.b_o], hidden)

    def look(
        self, token: Int[Tensor, " batch"], state: Decoding, weights: Float[Tensor, "batch source"] | None = None
    ) -> Step:
        """Read one token of every row; with the given weights instead of its own, if there are any."""
        _, s = self.cell(self.E_y[token][:, None], state.s)
        if weights is None:
            scores: Callable[..., Tensor] = {"dot": dot_scores, "general": general_scores, "concat": concat_scores}[
                self.score
            ]
            weights = masked_softmax(scores(s, state.annotations, *self.scoring), state.real)
        context = attend(weights, state.annotations)
        logits = torch.tanh(torch.cat([context, s], -1) @ self.W_c.T) @ self.W_o.T + self.b_o
        return Step(logits, weights, state._replace(s=s))
