r"""How good is a language model? Scores made of the log-probabilities that it gave to the tokens of a text.

All of them are $\sum_t \log P(y_t \mid y_1 … y_{t-1})$, divided by something: that is what to look at when two models
are compared.
"""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqviz.models import expect
from seqviz.models.masks import real_steps


def sequence_log_probability(
    log_probabilities: Float[Tensor, "batch time"], lengths: Int[Tensor, " batch"] | None = None
) -> Float[Tensor, " batch"]:
    r"""The log-probability of each sequence in nats, by the chain rule.

    $$\log P(y_1 … y_T) = \sum_{t=1}^{T} \log P(y_t \mid y_1 … y_{t-1})$$

    where past a row's length nothing counts, whatever stands there.
    """
    expect.shape("log_probabilities", log_probabilities, {"batch": None, "time": None})
    if lengths is None:
        return log_probabilities.sum(1)
    # where, not a product: 0 · −inf is NaN
    return torch.where(real_steps(lengths, *log_probabilities.shape), log_probabilities, 0.0).sum(1)


def perplexity(
    log_probabilities: Float[Tensor, "batch time"], lengths: Int[Tensor, " batch"] | None = None
) -> Float[Tensor, ""]:
    r"""The perplexity over all tokens of all sequences.

    $$\operatorname{PP} = \exp\Bigl(-\frac{1}{\sum_i T_i} \sum_i \sum_{t=1}^{T_i} \log P(y_t^{(i)} \mid …)\Bigr)$$

    A model that cannot decide between K equally likely tokens has perplexity K. It is the exponential of a mean, not
    the mean of exponentials, and every token weighs the same, in long sequences and in short ones.
    """
    tokens = log_probabilities.numel() if lengths is None else int(lengths.sum())
    return (-sequence_log_probability(log_probabilities, lengths).sum() / tokens).exp()


def bits_per_character(log_probabilities: Float[Tensor, "*axes"], characters: int) -> float:
    r"""The bits that a text costs for each of its characters, whatever the tokens of the model are.

    $$-\frac{1}{C \log 2} \sum_t \log P(y_t \mid y_1 … y_{t-1})$$

    where C is the number of characters of the text. Hence models of words and of characters can be compared. The sum
    must hold *everything* that was predicted: a model of words that is told where each word ends has to pay for the
    spaces too.
    """
    expect.at_least_one(characters=characters)
    return -float(log_probabilities.sum()) / (characters * math.log(2))
