"""One step of a decoder, and what runs on it: the same step serves training's check, sampling and every search.

A *decode step* is a function of a batch of tokens and a state, which returns the log-probabilities of the next token
and the new state. What the state holds is the decoder's own business; its first axis, or that of each of its tensors,
is the batch.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor, nn

from seqviz.models import expect
from seqviz.models.recurrent_network import Memory, RecurrentNetwork
from seqviz.models.sampling import adjust

State = TypeVar("State")
DecodeStep = Callable[[Int[Tensor, " batch"], State], tuple[Float[Tensor, "batch token"], State]]


class RecurrentDecodeStep(nn.Module):
    r"""The decode step of a network that reads tokens one-hot and scores the next one.

    $$\log p(y_{t+1} \mid y_1 … y_t) = \log\text{softmax}(\text{readout}(m_t)) \qquad m_t = \text{step}(y_t, m_{t-1})$$
    """

    def __init__(self, network: RecurrentNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, token: Int[Tensor, " batch"], memory: Memory) -> tuple[Float[Tensor, "batch token"], Memory]:
        """Read one token of every row."""
        one_hot = nn.functional.one_hot(token, self.network.inputs).to(self.network.W_hy.dtype)
        memory = self.network.step(one_hot, memory)
        return self.network.readout(memory).log_softmax(-1), memory


def recurrent_decode_step(network: RecurrentNetwork) -> DecodeStep[Memory]:
    """Return the decode step of a network."""
    return RecurrentDecodeStep(network)


@torch.no_grad()
def next_log_probabilities(
    step: DecodeStep[Any], state: Any, read: Int[Tensor, " time"]
) -> Float[Tensor, "time token"]:
    r"""Return, for every token of a text, the log-probabilities of the token after it.

    $$\log P(w \mid y_1 … y_t) \quad \text{of every token } w \text{, for } t = 1 … T$$

    where state is the one before the first token is read.
    """
    said = []
    for token in read:
        log_probabilities, state = step(token[None], state)
        said.append(log_probabilities[0])
    return torch.stack(said)


@torch.no_grad()
def sample(
    step: DecodeStep[Any],
    state: Any,
    first: Int[Tensor, " batch"],
    length: int,
    generator: Generator | None = None,
    **cut: Any,
) -> Int[Tensor, "batch time"]:
    """Draw ``length`` tokens after the first, each from the probabilities of the step before it.

    where state is the one before the first token is read, and ``temperature``, ``top_k`` and ``top_p`` are those of
    `sampling.adjust`. Raises ValueError for a length below 1, and as that function does.
    """
    expect.at_least_one(length=length)
    token, drawn = first, []
    for _ in range(length):
        log_probabilities, state = step(token, state)
        token = torch.multinomial(adjust(log_probabilities, **cut), 1, generator=generator)[:, 0]
        drawn.append(token)
    return torch.stack(drawn, 1)
