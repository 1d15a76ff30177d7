"""What a network reads of a text, one-hot, and what it should say next."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int
from torch import Tensor

from seqviz.data.tokenizer import Tokenizer
from seqviz.models import expect
from seqviz.models.recurrent_network import RecurrentNetwork


def one_hot_input(
    network: RecurrentNetwork, tokenizer: Tokenizer, tokens: str | Sequence[str]
) -> Float[Tensor, "batch=1 time input"]:
    """Return the tokens one-hot, as a batch of one sequence.

    Raises ValueError when a token is unknown, there is none, the network reads another number of tokens, or a weight
    is not finite.
    """
    if len(tokenizer) != network.inputs:
        raise ValueError(
            f"expected a tokenizer of {network.inputs} {tokenizer.unit}s, as the network reads, got {len(tokenizer)}"
        )
    weights = dict(network.named_parameters())
    expect.finite(**weights)
    return tokenizer.one_hot(tokenizer.encode(tokens), next(iter(weights.values())).dtype)[None]


def input_and_targets(
    network: RecurrentNetwork, tokenizer: Tokenizer, text: str
) -> tuple[Float[Tensor, "batch=1 time input"], Int[Tensor, "batch=1 time"]]:
    """Return all but the last token one-hot, and the index of each next one.

    Raises ValueError as `one_hot_input`, and for fewer than two tokens.
    """
    if len(tokenizer.split(text)) < 2:
        raise ValueError(f"expected at least two {tokenizer.unit}s, one to read and one to predict, got {text!r}")
    return one_hot_input(network, tokenizer, text)[:, :-1], tokenizer.encode(text)[None, 1:]


def expect_unit(unit: int, hidden: int) -> None:
    """Raise ValueError for a unit that a state of so many does not have."""
    if not 0 <= unit < hidden:
        raise ValueError(f"unit: expected 0 … {hidden - 1}, got {unit}")


def to_numpy(tensor: Tensor) -> np.ndarray:
    """Return the numbers of a tensor, without its history."""
    return tensor.detach().numpy()
