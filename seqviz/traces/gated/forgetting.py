"""Ask networks after every token of a sequence: what do they still know?"""

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor

from seqviz.data.tokenizer import Tokenizer
from seqviz.models import expect
from seqviz.models.recurrent_network import RecurrentNetwork
from seqviz.traces.gated.records import ForgettingTrace
from seqviz.traces.reading import to_numpy


def trace_forgetting(
    networks: Mapping[str, RecurrentNetwork],
    vocabulary: Tokenizer,
    tokens: Sequence[str],
    ask: str,
    answers: tuple[str, str],
) -> ForgettingTrace:
    r"""Record, for every network and token, how an answer would be divided if the sequence stopped there.

    $$\frac{P(w_2 \mid y_1 … y_t, a)}{P(w_1 \mid y_1 … y_t, a) + P(w_2 \mid y_1 … y_t, a)}$$

    where $a$ is the token ``ask``, which the network reads after $y_t$ (unless $y_t$ is one itself), and $w_1$ and
    $w_2$ are the two answers. What it reads to be asked, it forgets again.

    Raises ValueError for no token, one that is not known, or a weight that is not finite.
    """
    indices = vocabulary.encode(tuple(tokens))
    asked, first, second = vocabulary.encode((ask, *answers))
    x = vocabulary.one_hot(indices)
    shares = []
    for network in networks.values():
        expect.finite(**dict(network.named_parameters()))
        scores = _when_asked(network, x, vocabulary.one_hot(asked[None]), indices == asked)
        shares.append(to_numpy(torch.sigmoid(scores[:, second] - scores[:, first])))
    return ForgettingTrace(
        tokens=tuple(tokens), networks=tuple(networks), answers=answers, shares=np.stack(shares).astype(float)
    )


@torch.no_grad()
def _when_asked(network: RecurrentNetwork, x: Tensor, question: Tensor, is_question: Tensor) -> Tensor:
    """Return the scores after every step and the question, a row for each step."""
    dtype = network.W_hy.dtype
    memory, memories = network.start(1), []
    for x_t in x.to(dtype):
        memory = network.step(x_t[None], memory)
        memories.append(memory)
    after = tuple(torch.cat(part) for part in zip(*memories, strict=True))
    asked = network.step(question.to(dtype).expand(len(x), -1), after)
    return torch.where(is_question[:, None], network.readout(after), network.readout(asked))
