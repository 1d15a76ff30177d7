"""The plain network of 64 units that predicts the next character of the prose."""

from torch import Generator

from seqviz.data.text import PROSE_ALPHABET, prose, windows
from seqviz.models.losses import step_cross_entropy
from seqviz.models.recurrent.rnn import RNN
from seqviz.training import History
from seqviz.training import train as descend


def build() -> RNN:
    """Return the network untrained."""
    return RNN(len(PROSE_ALPHABET), 64, len(PROSE_ALPHABET))


def train(network: RNN, seed: int, steps: int = 600) -> History:
    """Train it on windows of 40 characters, drawn with the seed."""
    text, draws = PROSE_ALPHABET.encode(prose()), Generator().manual_seed(seed)

    def loss_of(_step: int):
        x, y = windows(text, batch=32, time=40, generator=draws)
        logits, _ = network(PROSE_ALPHABET.one_hot(x))
        return step_cross_entropy(logits, y).mean()

    return descend(network, loss_of, steps=steps, learning_rate=5e-3, clip_norm=1.0)
