"""Encoder and decoder: blocks on top of each other, and a last norm where the blocks have theirs first."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from seqviz.models import expect
from seqviz.models.transformer.blocks import DecoderBlock, EncoderBlock, MayAttend, Memory, Sequence
from seqviz.models.transformer.layer_norm import LayerNorm


class _Stack(nn.Module):
    block: type[EncoderBlock] | type[DecoderBlock]

    def __init__(
        self,
        layers: int,
        size: int,
        heads: int,
        inner: int,
        norm_first: bool = True,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        expect.at_least_one(layers=layers)
        self.blocks = nn.ModuleList(self.block(size, heads, inner, norm_first, dtype) for _ in range(layers))
        self.norm = LayerNorm(size, dtype) if norm_first else nn.Identity()

    def _through(self, x: Tensor, *read: Tensor | None) -> tuple[Tensor, Tensor]:
        weights = []
        for block in self.blocks:
            x, of_block = block(x, *read)
            weights.append(of_block)
        return self.norm(x), torch.stack(weights)


class TransformerEncoder(_Stack):
    """As many encoder blocks as there are layers.

    With the norm first, what leaves the last block was never normalised: a last norm does it. Raises ValueError for no
    layer, and as `EncoderBlock` does.
    """

    block = EncoderBlock

    def forward(
        self, x: Sequence, may_attend: Bool[Tensor, "... #time time"] | None = None
    ) -> tuple[Sequence, Float[Tensor, "layer batch head time time"]]:
        """Return every step's vector, and the weights of every head of every layer."""
        return self._through(x, may_attend)


class TransformerDecoder(_Stack):
    """As many decoder blocks as there are layers, which read the same memory; otherwise as `TransformerEncoder`."""

    block = DecoderBlock

    def forward(
        self, y: Sequence, memory: Memory, may_attend: MayAttend | None = None
    ) -> tuple[Sequence, Float[Tensor, "layer batch head time source"]]:
        """Return every step's vector, and the weights that every head of every layer gives to the memory."""
        return self._through(y, memory, may_attend)
