"""Hide one token of a text after the other, and record what is expected in its place."""

import torch
from jaxtyping import Int
from torch import Tensor

from seqviz.data.tokenizer import MASK, Tokenizer
from seqviz.data.transformer.packing import Packed, pack_pair
from seqviz.models.transformer.bert import BERT
from seqviz.traces.transformer.records import HiddenWordTrace

LIKELIEST = 3  # how many answers of each gap are kept
BETWEEN = "/"


def packed_text(tokenizer: Tokenizer, text: str) -> Packed:
    """Return one sentence, or two with a stroke between them, as a sequence without padding.

    Raises ValueError for more sentences, one without words, and words that are not known.
    """
    sentences = text.split(BETWEEN)
    if len(sentences) > 2:
        raise ValueError(f"expected one or two sentences, with “{BETWEEN}” between them, got {len(sentences)}")
    encoded = [tokenizer.encode(sentence) for sentence in sentences]
    second = encoded[1] if len(encoded) == 2 else None
    return pack_pair(encoded[0], second, sum(len(one) + 1 for one in encoded) + 1)


@torch.no_grad()
def trace_hidden_word(model: BERT, tokenizer: Tokenizer, text: str) -> HiddenWordTrace:
    """Record what is expected at every place of a text, special tokens included. Raises as `packed_text` and `BERT`."""
    tokens, segments = packed_text(tokenizer, text)
    time = len(tokens)
    each = torch.eye(time, dtype=torch.bool)
    z, weights = model(tokens.expand(time, -1).masked_fill(each, MASK), segments.expand(time, -1))
    probabilities = model.words(z[each]).softmax(-1)
    answers = _likely(probabilities, tokens)
    return HiddenWordTrace(
        tokens=tokenizer.tokens_of(tokens),
        outputs=tuple(tokenizer.tokens[answer] for answer in answers),
        probabilities=probabilities[:, answers].numpy(),
        own=probabilities.gather(1, tokens[:, None])[:, 0].numpy(),
        weights=weights[-1].mean(1)[each].numpy(),
    )


def _likely(probabilities: Tensor, tokens: Int[Tensor, " time"]) -> list[int]:
    """Return the tokens of the text and the likeliest ones of every gap, in the order in which they come up."""
    best = probabilities.topk(min(LIKELIEST, probabilities.shape[1])).indices
    return list(dict.fromkeys(torch.cat([tokens[:, None], best], 1).flatten().tolist()))
