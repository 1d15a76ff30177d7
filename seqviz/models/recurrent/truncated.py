r"""Truncated backpropagation through time: the state goes on from chunk to chunk, the gradient does not.

A sequence is cut into chunks of K steps. Forward, every chunk starts from the last state of the one before, so nothing
is forgotten. Backward, that state is a constant: of the double sum of `bptt` only the pairs of a loss at t and a use at
k that lie in the same chunk are left. What the loss says about an earlier chunk is never heard.

Source: Williams & Peng 1990, "An efficient gradient-based algorithm for on-line training of recurrent network
trajectories" (there BPTT(h; h′), of which this is the case h = h′); Sutskever 2013, "Training recurrent neural
networks", section 2.8.6.
"""

from collections.abc import Iterator

from jaxtyping import Float
from torch import Tensor

from seqviz.models.recurrent.rnn import RNN


def chunked_outputs(
    model: RNN,
    x: Float[Tensor, "batch time input"],
    chunk: int,
    h_0: Float[Tensor, "batch hidden"] | None = None,
    carry: bool = True,
) -> Iterator[tuple[slice, Float[Tensor, "batch chunk output"], Float[Tensor, "batch chunk hidden"]]]:
    r"""Run the model over a sequence chunk by chunk; yield each chunk's place, its logits and its states.

    The caller makes a loss of each chunk, calls ``backward`` and may change the weights before it asks for the next.
    The graph never holds more than one chunk. Without carry every chunk starts from zero: a mistake, to compare.

    Raises ValueError when the chunk is shorter than one step.
    """
    if chunk < 1:
        raise ValueError(f"chunk: expected at least 1 step, got {chunk}")
    h = h_0
    for start in range(0, x.shape[1], chunk):
        place = slice(start, min(start + chunk, x.shape[1]))
        logits, states = model(x[:, place], h)
        # detached: the number goes on, the way back to what it was computed from does not
        h = states[:, -1].detach() if carry else None
        yield place, logits, states
