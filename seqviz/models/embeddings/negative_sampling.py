"""Tell the word that was there from words that were not: the loss of word2vec, and the words that were not."""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import logsigmoid

from seqviz.models import expect


def negative_sampling_loss(
    e: Float[Tensor, "batch size"], o: Float[Tensor, "batch size"], negatives: Float[Tensor, "batch negative size"]
) -> Float[Tensor, " batch"]:
    r"""The loss of each pair and its negatives.

    $$-\log \sigma(e \cdot o) - \sum_{k=1}^{K} \log \sigma(-e \cdot o_k)$$

    where e is the vector of the word, o that of the context word which stood there, and $o_k$ those of K words that
    were drawn. $\log \sigma$ is taken as one function: the logarithm of a sigmoid that has rounded to 0 is −∞.

    Raises ValueError when shapes do not fit.

    Source: Mikolov et al. 2013, "Distributed representations of words and phrases and their compositionality",
    equation 4.
    """
    expect.shape("e", e, {"batch": None, "size": None})
    batch, size = e.shape
    expect.shape("o", o, {"batch": batch, "size": size})
    expect.shape("negatives", negatives, {"batch": batch, "negative": None, "size": size})
    right = logsigmoid((e * o).sum(-1))
    wrong = logsigmoid(-(negatives @ e[:, :, None])[..., 0]).sum(-1)
    return -right - wrong


def noise_distribution(counts: Float[Tensor, " word"], power: float = 0.75) -> Float[Tensor, " word"]:
    r"""Return how likely each word is to be drawn as a negative, $P_n(w) \propto N(w)^{3/4}$.

    where N(w) is how often w came up. With the power 1 it is the frequency, with 0 all words are alike.

    Raises ValueError for negative counts, or none above 0.
    """
    if bool((counts < 0).any()) or not bool((counts > 0).any()):
        raise ValueError(f"counts: expected none below 0 and one above, got {counts.tolist()}")
    weights = torch.where(counts > 0, counts**power, 0.0)  # 0 to the power 0 is 1
    return weights / weights.sum()


def expected_loss(
    E: Float[Tensor, "word size"],
    O: Float[Tensor, "context size"],
    X: Float[Tensor, "word context"],
    noise: Float[Tensor, " context"],
    K: int,
) -> Float[Tensor, ""]:
    r"""The mean of `negative_sampling_loss` over all pairs of a text and all draws: what the samples estimate.

    $$-\frac{1}{\sum X} \sum_{w,c} \bigl[X_{wc} \log \sigma(e_w \cdot o_c)
    + K\, X_w P_n(c) \log \sigma(-e_w \cdot o_c)\bigr]$$

    where $X_{wc}$ counts the pairs, $X_w = \sum_c X_{wc}$, and $P_n$ is the noise. Each entry has its own minimum at
    $e_w \cdot o_c = \log \frac{X_{wc}}{K X_w P_n(c)}$, see `pmi.shifted_pmi`.

    Source: Levy & Goldberg 2014, "Neural word embedding as implicit matrix factorization", section 3.1.
    """
    scores = E @ O.T
    drawn = K * X.sum(1, keepdim=True) * noise
    return -(X * logsigmoid(scores) + drawn * logsigmoid(-scores)).sum() / X.sum()
