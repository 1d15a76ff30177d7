"""What was recorded of a Transformer, as numpy arrays. This file loads no torch."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int


@dataclass(frozen=True, eq=False)
class TranslationStepsTrace:
    """What a translator fed back, where every head looked, and what it expected next, at every output step."""

    source: tuple[str, ...]
    fed: tuple[str, ...]  # the start, and then what was said
    said: tuple[str, ...]  # with the end, where it came to one
    outputs: tuple[str, ...]  # the tokens that may be said
    probabilities: Float[np.ndarray, "step token"]
    in_source: Float[np.ndarray, "layer head step source"]
    in_fed: Float[np.ndarray, "layer head step fed"]


@dataclass(frozen=True, eq=False)
class ResidualStreamTrace:
    """The running sum of a decoder, part by part, at every output step, and what would be said if it stopped there."""

    source: tuple[str, ...]
    said: tuple[str, ...]
    parts: tuple[str, ...]  # what is added: the token read, its position, then every sublayer
    likeliest: Int[np.ndarray, "part step"]  # a token, read from the sum up to a part
    tokens: tuple[str, ...]
    probabilities: Float[np.ndarray, "part step"]  # of what is said in the end, read from the sum up to a part
    rivals: tuple[str, ...]  # the second likeliest token of every step
    # log P(said) − log P(rival) is the sum of these and of the constant
    shares: Float[np.ndarray, "part step"]
    constant: Float[np.ndarray, " step"]
    lengths: Float[np.ndarray, "part step"]  # of the vectors that were added


@dataclass(frozen=True, eq=False)
class GradientDepthTrace:
    """How large the gradient of every decoder layer is before training, with the norm first and last."""

    names: tuple[str, ...]
    norms: Float[np.ndarray, "kind seed layer"]


@dataclass(frozen=True, eq=False)
class CacheTrace:
    """What went through the blocks while a text was continued, with a cache and without one."""

    tokens: tuple[str, ...]  # the prompt, and what was said after it but for the last token
    prompt: int  # how many of them were given
    said: tuple[str, ...]  # one token at every step
    again: Int[np.ndarray, " step"]  # tokens that went through a block, without a cache
    cached: Int[np.ndarray, " step"]  # and with one
    apart: Float[np.ndarray, " step"]  # the largest difference of a log-probability between the two
    numbers: int  # that the cache keeps for every token


@dataclass(frozen=True, eq=False)
class HiddenWordTrace:
    """What an encoder expects at every place of a text if the token there, and no other, is hidden."""

    tokens: tuple[str, ...]  # of one or two sentences, special ones included
    outputs: tuple[str, ...]  # what may be expected, those that are likely somewhere
    probabilities: Float[np.ndarray, "hidden output"]
    own: Float[np.ndarray, " hidden"]  # of the token that stood there
    weights: Float[np.ndarray, "hidden time"]  # of the gap in the last layer, the mean of its heads


@dataclass(frozen=True, eq=False)
class ClsLookTrace:
    """Where <cls> looks in a sentence in several networks, and the class that the last of them gives."""

    tokens: tuple[str, ...]
    networks: tuple[str, ...]
    weights: Float[np.ndarray, "network layer head time"]
    classes: tuple[str, ...]
    probabilities: Float[np.ndarray, " class"]
