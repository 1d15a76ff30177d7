r"""Answers to questions about a picture: the question says where to look, and what of it to read."""

from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.stacked.recurrent_layers import GRULayer
from seqviz.models.torch_weights import start_uniform


class Answer(NamedTuple):
    """What is answered to every question, and where each glimpse looked."""

    logits: Float[Tensor, "batch answer"]
    weights: Float[Tensor, "batch glimpse cell"]


class QuestionAnswerer(nn.Module):
    r"""Read the question, take a few glimpses of the picture, and name the answer.

    $$q = \text{GRU}(E\, w_1 … w_T) \qquad e_{gi} = v_g^\top \tanh(W_g q + U_g a_i) \qquad
      \alpha_g = \text{softmax}(e_g) \qquad c_g = \sum_i \alpha_{gi} a_i$$
    $$u = [c_1 \odot M_1 q;\; …;\; c_G \odot M_G q] \qquad
      \text{logits} = W_o \operatorname{relu}(W_u [q; u] + b_u) + b_o$$

    where q is the state after the last real word, G the number of glimpses, and the question decides by $M_g q$, number
    by number, how what was seen counts. With annotations of zeros the question is answered blind, from its words alone.

    Source: Yang et al. 2016, "Stacked attention networks for image question answering", equations 15–17, with all
    glimpses from one query, and the product of picture and question of Antol et al. 2015, "VQA: visual question
    answering", section 4.
    """

    def __init__(
        self,
        tokens: int,
        answers: int,
        embedding: int,
        hidden: int,
        annotation: int,
        attention: int,
        glimpses: int = 2,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        expect.at_least_one(tokens=tokens, answers=answers, annotation=annotation, attention=attention)
        expect.at_least_one(glimpses=glimpses)
        self.E = nn.Parameter(torch.randn(tokens, embedding, dtype=dtype))
        self.reader = GRULayer(embedding, hidden, dtype=dtype)
        both = hidden + glimpses * annotation
        shapes = {
            "W": (glimpses, attention, hidden),
            "U": (glimpses, attention, annotation),
            "v": (glimpses, attention),
            "M": (glimpses, annotation, hidden),
            "W_u": (hidden, both),
            "b_u": (hidden,),
            "W_o": (answers, hidden),
            "b_o": (answers,),
        }
        self.W, self.U, self.v, self.M, self.W_u, self.b_u, self.W_o, self.b_o = (
            nn.Parameter(torch.empty(shape, dtype=dtype)) for shape in shapes.values()
        )
        start_uniform([self.W, self.M, self.W_o, self.b_o], hidden)
        start_uniform([self.U], annotation)
        start_uniform([self.v], attention)
        start_uniform([self.W_u, self.b_u], both)

    def forward(
        self,
        annotations: Float[Tensor, "batch cell annotation"],
        words: Int[Tensor, "batch time"],
        lengths: Int[Tensor, " batch"],
        weights: Float[Tensor, "batch glimpse cell"] | None = None,
    ) -> Answer:
        """Answer every question; with the given weights instead of its own, if there are any."""
        _, q = self.reader(self.E[words], None, lengths)
        if weights is None:
            asked = torch.einsum("gkh,bh->bgk", self.W, q)
            offered = torch.einsum("gka,bca->bgck", self.U, annotations)
            scores = torch.tanh(asked[:, :, None] + offered) * self.v[:, None]
            weights = scores.sum(-1).softmax(-1)
        seen = weights @ annotations  # batch, glimpse, annotation
        read = seen * torch.einsum("gah,bh->bga", self.M, q)
        inner = torch.relu(torch.cat([q, read.flatten(1)], -1) @ self.W_u.T + self.b_u)
        return Answer(inner @ self.W_o.T + self.b_o, weights)
