r"""n-grams: the probability of a token from how often it came after the few tokens before it.

$$P(y_t \mid y_1 … y_{t-1}) \approx P(y_t \mid y_{t-n+1} … y_{t-1})$$

The order n counts the token itself: a model of order 1 looks at nothing before, one of order 3 at two tokens.
"""

from typing import Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seqviz.models import expect
from seqviz.models.decoding import DecodeStep

Smoothing = Literal["add one", "Witten–Bell"]
SMOOTHINGS: tuple[Smoothing, ...] = ("add one", "Witten–Bell")

Context = Int[Tensor, "batch context"]


class NGram:
    r"""An n-gram model, smoothed in one of two ways.

    Add one (Laplace):
    $$P(w \mid c) = \frac{N(cw) + 1}{N(c) + V}$$
    Witten–Bell, interpolated down to the uniform distribution:
    $$P(w \mid c) = \frac{N(cw) + T(c)\, P(w \mid c')}{N(c) + T(c)}$$

    where c is the context, the n − 1 tokens before (fewer at the beginning of a text), c′ is c without its first
    token, N(cw) is how often w came after c, N(c) how often anything came after c, T(c) how many *different* tokens
    came after c, and V is the size of the vocabulary. Where no token of the context is left, 1/V stands for
    $P(w \mid c')$. After a context that never came up, Witten–Bell says what c′ says, and add one says 1/V.

    Raises ValueError when sizes do not fit, a token is outside the vocabulary, or a context has too many possible
    values for a 64-bit number.

    Source: Witten & Bell 1991, "The zero-frequency problem", method C, in the interpolated form of Chen & Goodman 1998,
    "An empirical study of smoothing techniques for language modeling", equation 9.
    """

    def __init__(
        self, tokens: Int[Tensor, " time"], vocabulary: int, order: int, smoothing: Smoothing = "Witten–Bell"
    ) -> None:
        expect.at_least_one(vocabulary=vocabulary, order=order)
        expect.one_of("smoothing", smoothing, SMOOTHINGS)
        _check_tokens("tokens", tokens, vocabulary)
        if vocabulary**order >= 2**63:
            raise ValueError(f"order: expected vocabulary ** order below 2 ** 63, got {vocabulary} ** {order}")
        if len(tokens) < order:
            raise ValueError(f"tokens: expected at least as many as the order, {order}, got {len(tokens)}")
        self.vocabulary, self.order, self.smoothing = vocabulary, order, smoothing
        self._tables = [_Table(tokens, vocabulary, before) for before in range(order)]

    def probabilities(self, context: Context) -> Float[Tensor, "batch token"]:
        """Return P(w | c) of every token w, for each row of contexts; of a longer one the last n − 1 tokens count.

        A row may begin with −1 where there was no token, see `no_context`.
        """
        expect.shape("context", context, {"batch": None, "context": None})
        every = torch.arange(self.vocabulary).expand(len(context), -1)
        repeated = context[:, None].expand(-1, self.vocabulary, -1)
        return self._of(repeated.flatten(0, 1), every.flatten()).view(len(context), self.vocabulary)

    def log_probabilities(self, tokens: Int[Tensor, " time"]) -> Float[Tensor, " time"]:
        r"""Return $\log P(y_t \mid \text{the } n-1 \text{ tokens before})$ of every token of a text, in nats."""
        _check_tokens("tokens", tokens, self.vocabulary)
        whole = self.order - 1
        beginning = [self._of(tokens[None, :t], tokens[t : t + 1]) for t in range(min(whole, len(tokens)))]
        rest = tokens.unfold(0, self.order, 1) if len(tokens) >= self.order else tokens.new_zeros(0, self.order)
        return torch.cat([*beginning, self._of(rest[:, :-1], rest[:, -1])]).log()

    def _of(self, context: Context, w: Int[Tensor, " batch"]) -> Float[Tensor, " batch"]:
        """P(w | c) for each row."""
        known = min(context.shape[1], self.order - 1)
        context = context[:, context.shape[1] - known :]
        p = torch.full((len(w),), 1 / self.vocabulary, dtype=torch.float64)
        for length in range(known + 1):
            shorter = context[:, known - length :]
            together, before, types = self._tables[length].counts(shorter, w)
            if self.smoothing == "add one":  # of the longest context there is
                p = torch.where((shorter >= 0).all(1), (together + 1) / (before + self.vocabulary), p)
            else:
                p = torch.where(before > 0, (together + types * p) / (before + types).clamp(min=1), p)
        return p


def ngram_decode_step(model: NGram) -> DecodeStep[Tensor]:
    """Return the decode step of an n-gram model; its state is the last tokens that were read, at first `no_context`."""

    def step(
        token: Int[Tensor, " batch"], before: Int[Tensor, "batch before"]
    ) -> tuple[Float[Tensor, "batch token"], Int[Tensor, "batch after"]]:
        context = torch.cat([before, token[:, None]], 1)[:, -max(model.order - 1, 1) :]
        return model.probabilities(context).log(), context

    return step


def no_context(batch: int, order: int = 1) -> Context:
    """Return the state before the first token: nothing was read, which is −1 at every place.

    With the model's ``order`` the state is as long as it will ever be: what runs a fixed graph needs that.
    """
    return torch.full((batch, order - 1), -1)


class _Table:
    """How often each token came after each context of one length; a context is one number, its tokens as digits."""

    def __init__(self, tokens: Int[Tensor, " time"], vocabulary: int, length: int) -> None:
        self.base = vocabulary
        pairs = tokens.unfold(0, length + 1, 1)
        self.pairs, self.together = self._digits(pairs).unique(return_counts=True)
        self.contexts, index, self.types = (self.pairs // vocabulary).unique_consecutive(
            return_inverse=True, return_counts=True
        )
        self.before = torch.zeros_like(self.contexts).scatter_add(0, index, self.together)

    def counts(self, context: Context, w: Int[Tensor, " batch"]) -> tuple[Tensor, Tensor, Tensor]:
        """Return N(cw), N(c) and T(c) for each row."""
        number = self._digits(context)
        together = _found(self.pairs, self.together, number * self.base + w)
        return together, _found(self.contexts, self.before, number), _found(self.contexts, self.types, number)

    def _digits(self, tokens: Int[Tensor, "batch tokens"]) -> Int[Tensor, " batch"]:
        powers = self.base ** torch.arange(tokens.shape[1] - 1, -1, -1)
        return (tokens * powers).sum(1)


def _found(keys: Int[Tensor, " keys"], values: Int[Tensor, " keys"], wanted: Int[Tensor, " batch"]) -> Tensor:
    """Return the value of each wanted key, 0 where there is none; keys are sorted."""
    search = _searchsorted if torch.onnx.is_in_onnx_export() else torch.searchsorted
    place = search(keys, wanted).clamp(max=len(keys) - 1)
    return torch.where(keys[place] == wanted, values[place], 0).double()


def _searchsorted(keys: Int[Tensor, " keys"], wanted: Int[Tensor, " batch"]) -> Int[Tensor, " batch"]:
    """Return how many keys are less than each number, by halving: torch.searchsorted has no counterpart in ONNX."""
    low = torch.zeros_like(wanted)  # that many are known to be less
    for power in reversed(range(len(keys).bit_length())):
        probe = low + 2**power
        less = keys[(probe - 1).clamp(max=len(keys) - 1)] < wanted
        low = torch.where((probe <= len(keys)) & less, probe, low)
    return low


def _check_tokens(name: str, tokens: Tensor, vocabulary: int) -> None:
    expect.shape(name, tokens, {"time": None})
    if tokens.dtype.is_floating_point:
        raise TypeError(f"{name}: expected whole numbers (indices of tokens), got {tokens.dtype}")
    if not len(tokens) or int(tokens.min()) < 0 or int(tokens.max()) >= vocabulary:
        came = f"{int(tokens.min())} … {int(tokens.max())}" if len(tokens) else "none"
        raise ValueError(f"{name}: expected one or more indices in 0 … {vocabulary - 1}, got {came}")
