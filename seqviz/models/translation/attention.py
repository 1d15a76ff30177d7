r"""Attention between two recurrent networks: scores, weights over the source, and what is read with them.

$$e_{\tau t} = \text{score}(s, a_t) \qquad
  \alpha_{\tau t} = \frac{\exp e_{\tau t}}{\sum_{t'} \exp e_{\tau t'}} \qquad
  c_\tau = \sum_t \alpha_{\tau t} a_t$$

where $a_1 … a_{T_x}$ are the *annotations*, the encoder's state at every source step, and s is a state of the decoder:
the one before the step, $s_{\tau-1}$, in Bahdanau et al. 2015, the one after it, $s_\tau$, in Luong et al. 2015.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from seqviz.models import expect

Annotations = Float[Tensor, "batch source annotation"]
Scores = Float[Tensor, "batch source"]


def dot_scores(s: Float[Tensor, "batch annotation"], annotations: Annotations) -> Scores:
    r"""$e_t = s^\top a_t$: nothing to learn, and both must have the same size. Luong et al. 2015, equation 8."""
    _expect_scored(s, annotations)
    expect.shape("s", s, {"batch": len(s), "annotation": annotations.shape[-1]})
    return (annotations @ s[..., None])[..., 0]


def general_scores(
    s: Float[Tensor, "batch hidden"], annotations: Annotations, W_a: Float[Tensor, "hidden annotation"]
) -> Scores:
    r"""$e_t = s^\top W_a a_t$. Luong et al. 2015, equation 8."""
    _expect_scored(s, annotations)
    expect.shape("W_a", W_a, {"hidden": s.shape[-1], "annotation": annotations.shape[-1]})
    return dot_scores(s @ W_a, annotations)


def concat_scores(
    s: Float[Tensor, "batch hidden"],
    annotations: Annotations,
    W_a: Float[Tensor, "attention both"],
    v_a: Float[Tensor, " attention"],
) -> Scores:
    r"""$e_t = v_a^\top \tanh(W_a [s; a_t])$. Luong et al. 2015, equation 8."""
    _expect_scored(s, annotations)
    both = s.shape[-1] + annotations.shape[-1]
    expect.shape("W_a", W_a, {"attention": None, "hidden and annotation": both})
    return additive_scores(s, annotations, W_a[:, : s.shape[-1]], W_a[:, s.shape[-1] :], v_a)


def additive_scores(
    s: Float[Tensor, "batch hidden"],
    annotations: Annotations,
    W_a: Float[Tensor, "attention hidden"],
    U_a: Float[Tensor, "attention annotation"],
    v_a: Float[Tensor, " attention"],
) -> Scores:
    r"""$e_t = v_a^\top \tanh(W_a s + U_a a_t)$.

    The matrix of `concat_scores` in two parts: the second product does not depend on the step of the decoder.

    Source: Bahdanau et al. 2015, "Neural machine translation by jointly learning to align and translate", appendix
    A.1.2, where s is $s_{\tau-1}$.
    """
    _expect_scored(s, annotations)
    expect.shape("W_a", W_a, {"attention": None, "hidden": s.shape[-1]})
    expect.shape("U_a", U_a, {"attention": len(W_a), "annotation": annotations.shape[-1]})
    expect.shape("v_a", v_a, {"attention": len(W_a)})
    return torch.tanh((s @ W_a.T)[:, None] + annotations @ U_a.T) @ v_a


def attend(weights: Scores, annotations: Annotations) -> Float[Tensor, "batch annotation"]:
    r"""Return the context $c = \sum_t \alpha_t a_t$."""
    expect.shape("weights", weights, dict(zip(("batch", "source"), annotations.shape[:2], strict=True)))
    return (weights[:, None] @ annotations)[:, 0]


def _expect_scored(s: Tensor, annotations: Tensor) -> None:
    expect.same_dtype(s=s, annotations=annotations)
    expect.shape("annotations", annotations, {"batch": None, "source": None, "annotation": None})
    expect.shape("s", s, {"batch": len(annotations), "hidden": None})
