"""Forbid a word to be looked at, one word after the other, and record what is answered then."""

from collections.abc import Sequence

import torch
from jaxtyping import Bool
from torch import Tensor

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.self_attention.attention_only import AttentionOnly
from seqviz.traces.self_attention.records import CutTrace

ALONE, EVERYBODY = "this word alone", "every word"
LIKELIEST = 3  # how many answers of each cut are kept


@torch.no_grad()
def trace_cut(
    model: AttentionOnly,
    tokenizer: Tokenizer,
    text: str,
    asked: int,
    layers: Sequence[int] = (),
    whose: str = ALONE,
) -> CutTrace:
    """Record the answer of a word, counted from 0, with every edge cut in turn in all heads of the layers.

    where no layers means all of them. `ALONE` forbids the asked word to look at another, `EVERYBODY` forbids it to all
    words but that one itself. A word that may look at nothing any more reads zeros. Raises ValueError for a text that
    cannot be read or has no such word, and for anybody else.
    """
    words = tokenizer.encode(text)
    time = len(words)
    if not 0 <= asked < time:
        raise ValueError(f"asked: expected a word from 0 to {time - 1}, got {asked}")
    layers = tuple(layers) or tuple(range(len(model.layers)))
    logits, weights = model(words[None])
    also = torch.ones(len(model.layers), time, 1, time, time, dtype=torch.bool)
    also[list(layers)] = edges_cut(time, asked, whose)[:, None]
    own = logits[0, asked].softmax(-1)
    cut = model(words.expand(time, time), also)[0][:, asked].softmax(-1)
    likely = torch.cat([own[None], cut]).topk(min(LIKELIEST, len(own))).indices.flatten().tolist()
    answers = list(dict.fromkeys(likely))
    answers.sort(key=lambda token: -float(own[token]))
    return CutTrace(
        tokens=tokenizer.tokens_of(words),
        asked=asked,
        whose=whose,
        layers=layers,
        outputs=tuple(tokenizer.tokens[token] for token in answers),
        own_weights=weights[:, 0, :, asked].mean(1).numpy(),
        own=own[answers].numpy(),
        cut=cut[:, answers].numpy(),
    )


def edges_cut(time: int, asked: int, whose: str) -> Bool[Tensor, "cut query key"]:
    """Return, for every word that is cut off in turn, who may look where; a word may always look at itself.

    Raises ValueError for anybody but `ALONE` and `EVERYBODY`.
    """
    if whose not in (ALONE, EVERYBODY):
        raise ValueError(f"whose: expected {ALONE!r} or {EVERYBODY!r}, got {whose!r}")
    may = torch.ones(time, time, time, dtype=torch.bool)
    for word in range(time):
        if whose == EVERYBODY:
            may[word, :, word] = False
            may[word, word, word] = True
        else:
            may[word, asked, word] = word == asked
    return may
