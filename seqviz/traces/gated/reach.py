"""For several networks, the gradient of every loss with respect to every earlier memory."""

import copy
from collections.abc import Mapping, Sequence

import numpy as np
import torch
from torch import Tensor, nn

from seqviz.data.tokenizer import Tokenizer
from seqviz.models import expect
from seqviz.models.recurrent_network import RecurrentNetwork
from seqviz.traces.gated.records import ReachTrace


def trace_reach(networks: Mapping[str, RecurrentNetwork], vocabulary: Tokenizer, tokens: Sequence[str]) -> ReachTrace:
    r"""Record $\lVert \partial \mathcal L_t / \partial h_k \rVert$ while the networks read all but the last token.

    where each next token is the target, and the memory of an LSTM is its cell: there it is
    $\lVert \partial \mathcal L_t / \partial c_k \rVert$. What the loss says to the state that it reads,
    $\lVert \partial \mathcal L_t / \partial h_t \rVert$, is recorded beside it for all. All of it is in float64.

    Raises ValueError for fewer than two tokens, one that is not known, or a weight that is not finite.
    """
    if len(tokens) < 2:
        raise ValueError(f"expected at least two tokens, one to read and one to predict, got {list(tokens)}")
    indices = vocabulary.encode(tuple(tokens))
    x = vocabulary.one_hot(indices[:-1], torch.float64)
    norms, at_loss = zip(*(_norms(network, x, indices[1:]) for network in networks.values()), strict=True)
    return ReachTrace(
        tokens=tuple(tokens[:-1]),
        targets=tuple(tokens[1:]),
        networks=tuple(networks),
        norms=np.stack(norms),
        at_loss=np.stack(at_loss),
    )


def _norms(network: RecurrentNetwork, x: Tensor, targets: Tensor) -> tuple[np.ndarray, np.ndarray]:
    expect.finite(**dict(network.named_parameters()))
    exact = copy.deepcopy(network).double()
    time = len(x)
    # The same sequence once for each loss: one backward pass then gives the gradients of every row's own loss.
    logits, shown, memories = _run(exact, x.expand(time, -1, -1))
    own = logits[torch.arange(time), torch.arange(time)]
    loss = nn.functional.cross_entropy(own, targets, reduction="sum")
    gradients = torch.autograd.grad(loss, [*memories, *shown])
    norms = torch.stack([gradient.norm(dim=-1) for gradient in gradients], dim=1).numpy()  # (loss, step)
    return norms[:, :time], norms[:, time:].diagonal()


def _run(network: RecurrentNetwork, x: Tensor) -> tuple[Tensor, list[Tensor], list[Tensor]]:
    """Return the logits and, for every step, the state that is read and the tensor that carries the memory on."""
    memory, logits, shown, carried = network.start(len(x)), [], [], []
    for x_t in x.unbind(1):
        memory = network.step(x_t, memory)
        logits.append(network.readout(memory))
        shown.append(memory[0])
        carried.append(memory[-1])
    return torch.stack(logits, 1), shown, carried
