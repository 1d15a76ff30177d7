"""Set the weights of one output step by hand, and see what is said then."""

import torch
from torch import Tensor

from seqviz.data.tokenizer import BOS, EOS, SPECIAL_TOKENS
from seqviz.data.translation.parallel import ParallelText
from seqviz.models.translation.attention_decoder import AttentiveTranslator, Decoding
from seqviz.traces.translation.alignment import read_source, speak
from seqviz.traces.translation.records import RedirectTrace


@torch.no_grad()
def trace_redirect(
    model: AttentiveTranslator, text: ParallelText, source: str, step: int, share: float, *, max_length: int = 20
) -> RedirectTrace:
    r"""Record what is said at an output step where a chosen source step t gets a weight by hand, for every t.

    $$\alpha'_t = \text{share} \qquad \alpha'_k = (1 - \text{share}) \frac{\alpha_k}{1 - \alpha_t} \quad (k \ne t)$$

    where step counts from 0; a later one than the output has is its last. After it the model goes on by itself, with
    its own weights. Raises ValueError for a share outside 0 … 1, and as `read_source`.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share: expected a weight from 0 to 1, got {share}")
    indices, start = read_source(model, text, source)
    said, _ = speak(model, start, [], max_length)
    step = min(step, len(said) - 1)
    token, state = _before(model, start, said, step)
    own = model.look(token, state)
    weights = redirected(own.weights[0], share)
    chosen = len(weights)
    many = Decoding(*(part.expand(chosen, *part.shape[1:]) for part in state))
    looked = model.look(token.expand(chosen), many, weights)
    shown = [*range(len(SPECIAL_TOKENS), len(text.target)), EOS]
    wholes = []
    for t in range(chosen):
        after = Decoding(*(part[t : t + 1] for part in looked.state))
        wholes.append(speak(model, after, [*said[:step], int(looked.logits[t].argmax())], max_length)[0])
    return RedirectTrace(
        source=text.source.tokens_of(indices),
        outputs=tuple(text.target.tokens[index] for index in shown),
        said=tuple(text.target.tokens[index] for index in said),
        step=step,
        share=share,
        own_weights=own.weights[0].numpy(),
        own_probabilities=own.logits[0].softmax(-1)[shown].numpy(),
        weights=weights.numpy(),
        probabilities=looked.logits.softmax(-1)[:, shown].numpy(),
        goes_on=tuple(tuple(text.target.tokens[index] for index in whole) for whole in wholes),
    )


def redirected(own: Tensor, share: float) -> Tensor:
    """Return the weights by hand, a row for every chosen source step; what is left is shared as it was.

    Where the others had nothing to share, they get equal parts.
    """
    count = len(own)
    chosen = torch.eye(count, dtype=torch.bool)
    others = own.expand(count, count).masked_fill(chosen, 0.0)
    sums = others.sum(-1, keepdim=True)
    equal = (~chosen).to(own.dtype) / max(count - 1, 1)
    others = torch.where(sums > 0, others / sums.clamp_min(torch.finfo(own.dtype).tiny), equal)
    given = share if count > 1 else 1.0
    return torch.where(chosen, torch.as_tensor(given, dtype=own.dtype), (1 - given) * others)


def _before(model: AttentiveTranslator, state: Decoding, said: list[int], step: int) -> tuple[Tensor, Decoding]:
    """Return the token that is read at a step, and the state there."""
    token = torch.tensor([BOS])
    for spoken in said[:step]:
        state = model.look(token, state).state
        token = torch.tensor([spoken])
    return token, state
