"""What the ear cannot decide, a language model can: candidates of a recogniser, scored again."""

from jaxtyping import Float, Int
from torch import Tensor

from seqviz.models import expect


def rescore(
    heard: Float[Tensor, " candidate"],
    language: Float[Tensor, " candidate"],
    words: Int[Tensor, " candidate"],
    weight: float = 1.0,
    bonus: float = 0.0,
) -> Float[Tensor, " candidate"]:
    r"""Return the score of each candidate; the largest wins.

    $$\log P(\text{sound} \mid \text{words}) + \lambda \log P(\text{words}) + \beta\, n$$

    where heard is the first term, language the log-probability of the candidate's words, λ the weight of the language
    model, n the number of words and β a bonus for each: every further word makes a sentence less probable, so without
    a bonus the shorter candidate is favoured.

    Source: Hannun et al. 2014, "Deep Speech", equation 12.
    """
    size = {"candidate": len(heard)}
    expect.shape("language", language, size)
    expect.shape("words", words, size)
    return heard + weight * language + bonus * words
