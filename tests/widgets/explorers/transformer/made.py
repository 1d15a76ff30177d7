"""A small translator that has learned nothing, for the explorers of Transformers."""

import torch

from seqviz.data.translation.parallel import ParallelText
from seqviz.models.transformer.translator import TransformerTranslator

TEXT = ParallelText.of([(tuple("abc"), tuple("xy")), (tuple("cab"), tuple("yz"))])


def made() -> TransformerTranslator:
    torch.manual_seed(0)
    model = TransformerTranslator(len(TEXT.source), len(TEXT.target), 8, 2, 5, 2)
    with torch.no_grad():
        model.W_y *= 5
        model.b_y[:7] -= 9  # no special token
    return model
