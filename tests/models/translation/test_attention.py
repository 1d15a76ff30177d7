"""Scores against loops, dot against torch's attention, gradients by finite differences, and rows that see nothing."""

import pytest
import torch
from torch.nn.functional import scaled_dot_product_attention

from seqviz.models.masks import masked_softmax
from seqviz.models.translation.attention import (
    additive_scores,
    attend,
    concat_scores,
    dot_scores,
    general_scores,
)

BATCH, SOURCE, HIDDEN, ANNOTATION, ATTENTION = 3, 5, 4, 6, 7
REAL = torch.tensor([[True] * 5, [True, True, False, False, False], [False, True, False, True, True]])


@pytest.fixture
def drawn():
    generator = torch.Generator().manual_seed(0)
    return lambda *shape: torch.randn(*shape, generator=generator, dtype=torch.float64)


def loop(score, s, annotations):
    return torch.stack([torch.stack([score(s_i, a_t) for a_t in a_i]) for s_i, a_i in zip(s, annotations, strict=True)])


def test_dot_scores_softmax_and_context_are_torchs_attention_with_gradients(drawn):
    s, annotations = drawn(BATCH, ANNOTATION).requires_grad_(), drawn(BATCH, SOURCE, ANNOTATION).requires_grad_()
    context = attend(masked_softmax(dot_scores(s, annotations), REAL), annotations)
    theirs = scaled_dot_product_attention(s[:, None], annotations, annotations, attn_mask=REAL[:, None], scale=1.0)[
        :, 0
    ]
    torch.testing.assert_close(context, theirs, rtol=0, atol=1e-12)
    upper = drawn(BATCH, ANNOTATION)
    for ours, other in zip(
        torch.autograd.grad(context, (s, annotations), upper),
        torch.autograd.grad(theirs, (s, annotations), upper),
        strict=True,
    ):
        torch.testing.assert_close(ours, other, rtol=0, atol=1e-12)


def test_general_concat_and_additive_scores_are_their_equations_one_pair_at_a_time(drawn):
    s, annotations = drawn(BATCH, HIDDEN), drawn(BATCH, SOURCE, ANNOTATION)
    W, V, U, v = drawn(HIDDEN, ANNOTATION), drawn(ATTENTION, HIDDEN), drawn(ATTENTION, ANNOTATION), drawn(ATTENTION)
    both = drawn(ATTENTION, HIDDEN + ANNOTATION)
    close = {"rtol": 0, "atol": 1e-12}
    torch.testing.assert_close(
        general_scores(s, annotations, W), loop(lambda s, a: s @ (W @ a), s, annotations), **close
    )
    torch.testing.assert_close(
        additive_scores(s, annotations, V, U, v),
        loop(lambda s, a: v @ torch.tanh(V @ s + U @ a), s, annotations),
        **close,
    )
    torch.testing.assert_close(
        concat_scores(s, annotations, both, v),
        loop(lambda s, a: v @ torch.tanh(both @ torch.cat([s, a])), s, annotations),
        **close,
    )


def test_gradients_of_every_score_agree_with_finite_differences(drawn):
    def leaf(*shape):
        return drawn(*shape).requires_grad_()

    s, annotations, v = leaf(2, 3), leaf(2, 3, 3), leaf(4)
    assert torch.autograd.gradcheck(dot_scores, (s, annotations))
    assert torch.autograd.gradcheck(general_scores, (s, annotations, leaf(3, 3)))
    assert torch.autograd.gradcheck(concat_scores, (s, annotations, leaf(4, 6), v))
    assert torch.autograd.gradcheck(additive_scores, (s, annotations, leaf(4, 3), leaf(4, 3), v))


def test_shapes_and_masks_that_do_not_fit_are_refused(drawn):
    s, annotations = drawn(2, 3), drawn(2, 5, 4)
    with pytest.raises(ValueError, match=r"s: expected shape \(batch=2, annotation=4\), got \(2, 3\)"):
        dot_scores.__wrapped__(s, annotations)
    with pytest.raises(ValueError, match=r"W_a: expected shape \(hidden=3, annotation=4\), got \(4, 3\)"):
        general_scores.__wrapped__(s, annotations, drawn(4, 3))
