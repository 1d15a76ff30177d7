"""Record where <cls> looks in one sentence, in networks that have learned different things."""

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from seqviz.data.tokenizer import Tokenizer
from seqviz.models.transformer.bert import BERT
from seqviz.traces.transformer.hidden_word import packed_text
from seqviz.traces.transformer.records import ClsLookTrace


@torch.no_grad()
def trace_cls_look(
    networks: Mapping[str, BERT],
    tokenizer: Tokenizer,
    text: str,
    head: Callable[[Tensor], Tensor],
    classes: Sequence[str],
) -> ClsLookTrace:
    """Record the weights of <cls> in every layer and head of every network, all of one shape.

    where the head makes logits of the classes from the vector of <cls> of the last network. Raises ValueError as
    `packed_text` and `BERT`, and where the head has another number of classes.
    """
    tokens, segments = packed_text(tokenizer, text)
    found = [model(tokens[None], segments[None]) for model in networks.values()]
    logits = head(found[-1][0][:, 0])[0]
    if len(logits) != len(classes):
        raise ValueError(f"classes: expected {len(logits)} names, as the head has classes, got {len(classes)}")
    return ClsLookTrace(
        tokens=tokenizer.tokens_of(tokens),
        networks=tuple(networks),
        weights=torch.stack([weights[:, 0, :, 0] for _, weights in found]).numpy(),
        classes=tuple(classes),
        probabilities=logits.softmax(-1).numpy(),
    )
