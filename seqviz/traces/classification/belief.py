"""Let classifiers read a text and record what they believe after every word, and without each word."""

from collections.abc import Mapping

import torch

from seqviz.data.tokenizer import Tokenizer
from seqviz.models import expect
from seqviz.models.classification.classifier import SequenceClassifier
from seqviz.traces.classification.records import BeliefTrace
from seqviz.traces.reading import to_numpy


@torch.no_grad()
def trace_belief(classifiers: Mapping[str, SequenceClassifier], tokenizer: Tokenizer, text: str) -> BeliefTrace:
    r"""Record $P(\text{yes})$, the sigmoid of the one logit, after every token; and again with each token left out.

    A token is left out of the text: the classifiers read what remains from the start. Raises ValueError for an empty
    text, for unknown tokens where there is no ``<unk>``, and where a weight is not finite.
    """
    indices = tokenizer.encode(text)
    time = len(indices)
    beliefs, without = torch.empty(len(classifiers), time), torch.full((len(classifiers), time, time), torch.nan)
    for number, classifier in enumerate(classifiers.values()):
        expect.finite(**dict(classifier.named_parameters()))
        x = tokenizer.one_hot(indices)
        beliefs[number] = _after_every_token(classifier, x)
        for left_out in range(time if time > 1 else 0):
            rest = _after_every_token(classifier, torch.cat([x[:left_out], x[left_out + 1 :]]))
            without[number, left_out, :left_out] = rest[:left_out]
            without[number, left_out, max(left_out, 1) :] = rest[max(left_out, 1) - 1 :]
    return BeliefTrace(
        tokens=tokenizer.split(text), models=tuple(classifiers), beliefs=to_numpy(beliefs), without=to_numpy(without)
    )


def _after_every_token(classifier: SequenceClassifier, x: torch.Tensor) -> torch.Tensor:
    return classifier.after_every_step(x)[:, 0].sigmoid()
