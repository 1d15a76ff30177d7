"""Checks on positions: sinusoidal vectors, the matrix of a shift, rotary, ALiBi's bias, scores by offset.

For instructors only.
"""

import math

import torch

from seqviz.checks import exercise, mistake, normal

from .common import not_allowed, tensors

NOT_ALLOWED = (*not_allowed(autograd=True), "seqviz.data", "seqviz.plots")


def frequencies(size, base, exponent=None):
    """Return the frequency of every pair; the exponents may be given, without their minus."""
    i = torch.arange(size // 2, dtype=torch.float64)
    return base ** -(2 * i / size if exponent is None else exponent)


def laid_out(first, second, layout):
    """Put the first and the second number of every pair side by side, or in two halves."""
    return torch.stack([first, second], -1).flatten(-2) if layout == "pairs" else torch.cat([first, second], -1)


def parts(x, layout):
    """Return the first and the second number of every pair."""
    return (x[..., 0::2], x[..., 1::2]) if layout == "pairs" else x.chunk(2, -1)


def other(layout):
    """Return the other layout."""
    return "halves" if layout == "pairs" else "pairs"


@exercise(
    returns="encoding: batch step column",
    groups={"from 0 on": 1, "any positions": 1, "halves": 1},
    forbid=NOT_ALLOWED,
)
class sinusoidal_encoding:
    "Sines and cosines of given positions, in both layouts."

    def inputs(generator):
        yield "from 0 on", {"positions": torch.tensor([[0, 1]]), "size": 4, "base": 100.0, "layout": "pairs"}
        yield "from 0 on", {"positions": torch.arange(7).expand(3, -1), "size": 6, "base": 10_000.0, "layout": "pairs"}
        yield "from 0 on", {"positions": torch.tensor([[0]]), "size": 2, "base": 50.0, "layout": "pairs"}
        for group, batch, time, size, base, layout, largest in [
            ("any positions", 3, 5, 8, 100.0, "pairs", 90),
            ("any positions", 2, 4, 2, 10_000.0, "pairs", 90),
            ("any positions", 4, 1, 6, 30.0, "pairs", 90),
            ("any positions", 2, 3, 6, 2.5, "pairs", 6000),
            ("halves", 3, 5, 8, 100.0, "halves", 90),
            ("halves", 1, 6, 4, 10_000.0, "halves", 400),
            ("halves", 2, 3, 2, 30.0, "halves", 90),
        ]:
            positions = torch.randint(0, largest, (batch, time), generator=generator)
            positions[-1, -1] = largest
            yield group, {"positions": positions, "size": size, "base": base, "layout": layout}

    def reference(positions, size, base, layout):
        return encoded(positions, frequencies(size, base), layout)

    @mistake(
        "2i counted twice", hint="Your first pair is right. In the exponent, is it i, or the column, that grows by 1?"
    )
    def twice(positions, size, base, layout):
        return encoded(positions, frequencies(size, base, 4 * torch.arange(size // 2).double() / size), layout)

    @mistake(
        "the wavelengths of tensor2tensor",
        hint="Your first pair is right, your last turns by exactly 1/base a step. What does the equation divide by?",
    )
    def other_wavelengths(positions, size, base, layout):
        return encoded(
            positions, frequencies(size, base, torch.arange(size // 2).double() / max(size / 2 - 1, 1)), layout
        )

    @mistake("positions from 1", hint="What is the sine at the first position of the worked example?")
    def from_one(positions, size, base, layout):
        return encoded(positions + 1, frequencies(size, base), layout)

    @mistake("the positions of the batch axis", hint="Is it the number of the row that a position should come from?")
    def of_rows(positions, size, base, layout):
        rows = torch.arange(len(positions))[:, None].expand_as(positions)
        return encoded(rows, frequencies(size, base), layout)

    @mistake("always from 0 on", hint="From 0 on you are right. Where do you use the positions that are given?")
    def from_zero(positions, size, base, layout):
        return encoded(torch.arange(positions.shape[1]).expand_as(positions), frequencies(size, base), layout)

    @mistake("always pairs", hint="In pairs you are right. Where do you use the layout?")
    def always_pairs(positions, size, base, layout):
        return encoded(positions, frequencies(size, base), "pairs")

    @mistake("always halves", hint="In halves you are right. Where do you use the layout?")
    def always_halves(positions, size, base, layout):
        return encoded(positions, frequencies(size, base), "halves")

    @mistake("sine and cosine exchanged", hint="What is the first number of position 0?")
    def exchanged(positions, size, base, layout):
        angles = positions[..., None] * frequencies(size, base)
        return laid_out(angles.cos(), angles.sin(), layout)


def encoded(positions, omega, layout):
    """Return the encodings of positions with these frequencies."""
    angles = positions[..., None] * omega
    return laid_out(angles.sin(), angles.cos(), layout)


@exercise(
    returns="matrix: column column",
    groups={"pairs": 1, "back": 1, "halves": 1},
    forbid=NOT_ALLOWED,
)
class shift_matrix:
    "The matrix that moves every position by so many steps."

    def inputs(generator):
        yield "pairs", {"steps": 1, "size": 2, "base": 10_000.0, "layout": "pairs"}
        for group, steps, size, base, layout in [
            ("pairs", 3, 6, 100.0, "pairs"),
            ("pairs", 0, 4, 10_000.0, "pairs"),
            ("pairs", 11, 8, 30.0, "pairs"),
            ("pairs", 500, 6, 2.5, "pairs"),
            ("back", -2, 4, 50.0, "pairs"),
            ("back", -7, 6, 10_000.0, "pairs"),
            ("back", -300, 4, 100.0, "pairs"),
            ("halves", 5, 6, 100.0, "halves"),
            ("halves", -3, 8, 10_000.0, "halves"),
            ("halves", 2, 2, 30.0, "halves"),
            ("halves", 0, 6, 100.0, "halves"),
            ("halves", 400, 4, 30.0, "halves"),
        ]:
            yield group, {"steps": steps, "size": size, "base": base, "layout": layout}

    def reference(steps, size, base, layout):
        return turning(steps * frequencies(size, base), layout)

    @mistake(
        "turned the wrong way",
        hint="Put your matrix *before* the encoding of position 0, as a column. Do you get that of position s?",
    )
    def backwards(steps, size, base, layout):
        return turning(-steps * frequencies(size, base), layout)

    @mistake(
        "one frequency for all pairs", hint="With one pair you are right. Does every clock turn as fast as the first?"
    )
    def one_block(steps, size, base, layout):
        return turning(steps * torch.ones(size // 2, dtype=torch.float64), layout)

    @mistake("always pairs", hint="In pairs you are right. In halves, where do the two numbers of one pair stand?")
    def always_pairs(steps, size, base, layout):
        return turning(steps * frequencies(size, base), "pairs")

    @mistake("only forward", hint="Forward you are right. Which way do the hands turn for −2 steps?")
    def only_forward(steps, size, base, layout):
        return turning(abs(steps) * frequencies(size, base), layout)

    @mistake("2i counted twice", hint="Your first pair is right. How fast does the second one turn?")
    def twice(steps, size, base, layout):
        return turning(steps * frequencies(size, base, 4 * torch.arange(size // 2).double() / size), layout)


def turning(angles, layout):
    """Return the matrix that turns every pair of a sine and a cosine by its angle."""
    size = 2 * len(angles)
    first, second = parts(torch.arange(size), layout)
    matrix = torch.zeros(size, size, dtype=torch.float64)
    matrix[first, first] = matrix[second, second] = angles.cos()
    matrix[first, second], matrix[second, first] = angles.sin(), -angles.sin()
    return matrix


@exercise(
    returns="z: batch head new size",
    groups={"the whole sequence": 1, "one step more": 2, "halves": 1, "several steps more": 1},
    forbid=(*NOT_ALLOWED, "torch.nn.functional.scaled_dot_product_attention"),
)
class rotary:
    "What the last steps read, with rotary positions."

    def inputs(generator):
        yield (
            "one step more",
            tensors(q=[[[[1.0, 0.0]]]], k=[[[[0.0, 0.0], [0.0, 0.0]]]], v=[[[[1.0, 2.0], [3.0, 6.0]]]])
            | {"base": 100.0, "layout": "pairs"},
        )
        for group, batch, head, new, time, size, base, layout, dtype, *large in [
            ("the whole sequence", 2, 3, 5, 5, 4, 100.0, "pairs", torch.float64),
            ("the whole sequence", 1, 1, 1, 1, 2, 10_000.0, "pairs", torch.float32),
            ("the whole sequence", 3, 2, 4, 4, 6, 10.0, "pairs", torch.float32),
            ("one step more", 3, 2, 1, 6, 8, 100.0, "pairs", torch.float64),
            ("one step more", 2, 4, 1, 5, 2, 30.0, "pairs", torch.float64),
            ("one step more", 2, 2, 1, 6, 4, 100.0, "pairs", torch.float32),
            ("halves", 2, 3, 4, 4, 8, 100.0, "halves", torch.float64),
            ("halves", 3, 2, 1, 5, 4, 10.0, "halves", torch.float64),
            ("halves", 2, 2, 3, 3, 6, 50.0, "halves", torch.float32),
            ("several steps more", 2, 3, 3, 7, 6, 50.0, "pairs", torch.float64),
            ("several steps more", 3, 1, 2, 5, 4, 100.0, "halves", torch.float64),
            ("several steps more", 2, 2, 2, 6, 4, 50.0, "halves", torch.float32),
            ("several steps more", 1, 2, 3, 20, 4, 100.0, "pairs", torch.float64),
            ("several steps more", 1, 1, 2, 60, 4, 10.0, "halves", torch.float64),
            ("several steps more", 2, 2, 2, 5, 4, 100.0, "pairs", torch.float64, 40.0),  # scores in the thousands
        ]:
            scale = large[0] if large else 1.5
            drawn = {
                "q": normal(generator, batch, head, new, size, scale=scale, dtype=dtype),
                "k": normal(generator, batch, head, time, size, scale=scale, dtype=dtype),
                "v": normal(generator, batch, head, time, size, dtype=dtype),
            }
            yield group, drawn | {"base": base, "layout": layout}

    def reference(q, k, v, base, layout):
        return read(q, k, v, base, layout)

    @mistake("the values turned too", hint="Who is compared, and so has to be turned? What are the values for?")
    def values_turned(q, k, v, base, layout):
        return read(q, k, turned(v, torch.arange(v.shape[2]), base, layout), base, layout)

    @mistake(
        "queries from position 0 on",
        hint="For a whole sequence you are right. At which position does the first of the new steps stand?",
    )
    def offset_ignored(q, k, v, base, layout):
        return read(q, k, v, base, layout, queries=torch.arange(q.shape[2]))

    @mistake("always pairs", hint="In pairs you are right. Where do you use the layout?")
    def always_pairs(q, k, v, base, layout):
        return read(q, k, v, base, "pairs")

    @mistake("the layouts of queries and keys differ", hint="Are queries and keys laid out in the same way?")
    def mixed(q, k, v, base, layout):
        return read(q, k, v, base, layout, of_keys=other(layout))

    @mistake(
        "not turned by the position",
        hint="Exchange two earlier steps: does what is read change? Which axis of q holds the steps, and is it turned?",
    )
    def by_head(q, k, v, base, layout):
        heads = torch.arange(q.shape[1])
        by_heads = [turned(x.transpose(1, 2), heads, base, layout).transpose(1, 2) for x in (q, k)]
        return attended(*by_heads, v)

    @mistake("only the keys turned", hint="Does your score depend on j − i, or on j alone?")
    def only_keys(q, k, v, base, layout):
        return attended(q, turned(k, torch.arange(k.shape[2]), base, layout), v)

    @mistake(
        "queries and keys turned against each other",
        hint="Two angles: is their sum left in a product, or their difference?",
    )
    def against(q, k, v, base, layout):
        time, new = k.shape[2], q.shape[2]
        here = torch.arange(time - new, time)
        return attended(turned(q, here, base, layout), turned(k, -torch.arange(time), base, layout), v)

    @mistake("not scaled", hint="What are the scores divided by?")
    def not_scaled(q, k, v, base, layout):
        return read(q * q.shape[-1] ** 0.5, k, v, base, layout)

    @mistake("looks ahead", hint="With one new step you are right. May a step look at those after it?")
    def looks_ahead(q, k, v, base, layout):
        return read(q, k, v, base, layout, ahead=True)

    @mistake(
        "the mask without the offset",
        hint="For a whole sequence you are right. How many keys may the first of the new steps look at?",
    )
    def mask_from_zero(q, k, v, base, layout):
        return read(q, k, v, base, layout, mask_from=0)


def turned(x, positions, base, layout):
    """Turn every pair of numbers by its frequency times the position."""
    angles = (positions[:, None] * frequencies(x.shape[-1], base)).to(x.dtype)
    one, two = parts(x, layout)
    return laid_out(one * angles.cos() - two * angles.sin(), one * angles.sin() + two * angles.cos(), layout)


def attended(q, k, v, ahead=False, mask_from=None):
    """Return what the last steps read of all; nobody looks ahead."""
    new, time = q.shape[2], k.shape[2]
    start = time - new if mask_from is None else mask_from
    scores = q @ k.mT / math.sqrt(q.shape[-1])
    later = torch.arange(time) > torch.arange(start, start + new)[:, None]
    return (scores if ahead else scores.masked_fill(later, -torch.inf)).softmax(-1) @ v


def read(q, k, v, base, layout, *, queries=None, of_keys=None, ahead=False, mask_from=None):
    """Turn queries and keys by their positions, and attend; parts may be given."""
    new, time = q.shape[2], k.shape[2]
    here = torch.arange(time - new, time) if queries is None else queries
    there = turned(k, torch.arange(time), base, of_keys or layout)
    return attended(turned(q, here, base, layout), there, v, ahead, mask_from)


@exercise(
    returns="bias: head query key",
    groups={"causal": 1, "both ways": 1, "one step more": 1},
    forbid=NOT_ALLOWED,
)
class alibi_bias:
    "The bias of every head, for queries and keys at given positions."

    def inputs(generator):
        yield (
            "causal",
            {"heads": 2, "queries": torch.tensor([0, 1, 2]), "keys": torch.tensor([0, 1, 2]), "causal": True},
        )
        for group, heads, queries, keys, causal in [
            ("causal", 8, torch.arange(5), torch.arange(5), True),
            ("causal", 1, torch.arange(4), torch.arange(4), True),
            ("causal", 4, torch.arange(1), torch.arange(1), True),
            ("both ways", 4, torch.arange(5), torch.arange(7), False),
            ("both ways", 2, torch.arange(6), torch.arange(3), False),
            ("one step more", 4, torch.tensor([6]), torch.arange(7), True),
            ("one step more", 2, torch.tensor([3, 4, 5]), torch.arange(6), True),
            ("one step more", 8, torch.tensor([9, 4]), torch.tensor([2, 7, 3]), False),
            # what is later is told by the positions, not by the places
            ("one step more", 4, torch.tensor([4]), torch.arange(7), True),
            ("one step more", 3, torch.tensor([9, 4]), torch.tensor([2, 7, 3]), True),
            ("one step more", 2, torch.tensor([2, 3]), torch.tensor([3, 4, 5]), True),
            ("one step more", 12, torch.tensor([40, 1000]), torch.tensor([0, 35, 1000]), True),
            ("both ways", 3, torch.tensor([60, 7]), torch.tensor([500, 7]), False),
        ]:
            yield group, {"heads": heads, "queries": queries, "keys": keys, "causal": causal}

    def reference(heads, queries, keys, causal):
        return biased(heads, queries, keys, causal)

    @mistake("slopes from h = 0", hint="What is the slope of your first head? What is the first h?")
    def from_zero(heads, queries, keys, causal):
        return biased(heads, queries, keys, causal, h=torch.arange(heads))

    @mistake("far is better than near", hint="Which key should get the higher score: one that is near, or far?")
    def wrong_sign(heads, queries, keys, causal):
        bias = biased(heads, queries, keys, False)
        return masked(-bias, queries, keys, causal)

    @mistake("the future not masked", hint="What must be added to a score so that its weight is exactly 0?")
    def not_masked(heads, queries, keys, causal):
        return biased(heads, queries, keys, False)

    @mistake(
        "a distance with a sign",
        hint="In the causal case you are right. Is a key that stands 3 steps ahead at the distance −3?",
    )
    def signed(heads, queries, keys, causal):
        distance = queries[:, None] - keys
        return masked(-slopes(heads)[:, None, None] * distance, queries, keys, causal)

    @mistake(
        "nothing for keys ahead", hint="In the causal case you are right. How far is a key that stands 3 steps ahead?"
    )
    def one_sided(heads, queries, keys, causal):
        distance = (queries[:, None] - keys).clamp(min=0)
        return masked(-slopes(heads)[:, None, None] * distance, queries, keys, causal)

    @mistake("always causal", hint="In the causal case you are right. What does causal=False allow?")
    def always_causal(heads, queries, keys, causal):
        return biased(heads, queries, keys, True)

    @mistake(
        "positions from 0 on",
        hint="From 0 on you are right. Where do you use the positions that are given?",
    )
    def offset_ignored(heads, queries, keys, causal):
        return biased(heads, torch.arange(len(queries)), torch.arange(len(keys)), causal)

    @mistake("one slope for all heads", hint="With one head you are right. Do all heads see equally far?")
    def one_slope(heads, queries, keys, causal):
        return biased(heads, queries, keys, causal, h=torch.full((heads,), heads))

    @mistake("queries across, keys down", hint="Whose position is the row of a table of scores?")
    def transposed(heads, queries, keys, causal):
        return biased(heads, queries, keys, causal).mT.contiguous()


def slopes(heads, h=None):
    """Return the slope of every head; their numbers may be given."""
    h = torch.arange(1, heads + 1) if h is None else h
    return 2.0 ** (-8 * h.double() / heads)


def masked(bias, queries, keys, causal):
    """Put −∞ where a key is later than its query, if that is not allowed."""
    return bias.masked_fill(keys > queries[:, None], -torch.inf) if causal else bias


def biased(heads, queries, keys, causal, h=None):
    """Return the bias; the numbers of the heads may be given."""
    distance = (queries[:, None] - keys).abs()
    return masked(-slopes(heads, h)[:, None, None] * distance, queries, keys, causal)


@exercise(
    returns=("curve: offset", "spread: offset"),
    groups={"as many keys": 1, "other numbers": 1, "only the offset counts": 1},
    forbid=NOT_ALLOWED,
)
class relative_offset_curve:
    "Scores by offset: their mean, and how far they are from knowing the offset alone."

    def inputs(generator):
        yield "as many keys", tensors(scores=[[1.0, 5.0], [4.0, 3.0]])
        for group, query, key, dtype in [
            ("as many keys", 5, 5, torch.float64),
            ("as many keys", 1, 1, torch.float64),
            ("other numbers", 3, 6, torch.float64),
            ("other numbers", 6, 2, torch.float32),
            ("other numbers", 1, 4, torch.float64),
            ("other numbers", 5, 1, torch.float64),
        ]:
            yield group, {"scores": normal(generator, query, key, scale=2.0, dtype=dtype)}
        yield "other numbers", {"scores": normal(generator, 4, 5, scale=100.0)}
        for query, key in ((4, 7), (6, 5)):
            along = normal(generator, query + key - 1, scale=2.0)
            places = torch.arange(key) - torch.arange(query)[:, None] + query - 1
            yield "only the offset counts", {"scores": along[places]}

    def reference(scores):
        return by_offset(scores)

    @mistake(
        "offsets the other way round",
        hint="Is it the query's position minus the key's, or the key's minus the query's?",
    )
    def reversed_offsets(scores):
        return tuple(part.flip(0) for part in by_offset(scores))

    @mistake("divided by all queries", hint="How many pairs are there with the greatest offset?")
    def divided_by_all(scores):
        query, key = scores.shape
        counts = torch.tensor([len(scores.diagonal(o)) for o in range(1 - query, key)], dtype=scores.dtype)
        curve, spread = by_offset(scores)
        return curve * counts / query, spread

    @mistake("offsets that go round", hint="Does the last key stand before the first one?")
    def circular(scores):
        query, key = scores.shape
        found = [torch.stack([scores[i, (i + o) % key] for i in range(query)]) for o in range(1 - query, key)]
        return torch.stack([one.mean() for one in found]), torch.stack([one.max() - one.min() for one in found])

    @mistake("the standard deviation", hint="How far is the greatest from the least?")
    def deviation(scores):
        curve, _ = by_offset(scores)
        query, key = scores.shape
        return curve, torch.stack([scores.diagonal(o).std(correction=0) for o in range(1 - query, key)])

    @mistake("only what is behind", hint="Which offset does the key after the query have?")
    def only_behind(scores):
        curve, spread = by_offset(scores)
        count = scores.shape[0]
        return curve[:count], spread[:count]


def by_offset(scores):
    """Return the mean and the range of every diagonal, from the lowest one on."""
    query, key = scores.shape
    lines = [scores.diagonal(offset) for offset in range(1 - query, key)]
    return torch.stack([one.mean() for one in lines]), torch.stack([one.max() - one.min() for one in lines])
