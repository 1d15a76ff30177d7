"""Checks on attention between two networks: weights, Luong's and Bahdanau's scores, coverage, alignment error.

For instructors only.
"""

import math

import torch

from seqviz.checks import exercise, mistake, normal

from .common import not_allowed, tensors

NOT_ALLOWED = (*not_allowed(autograd=True), "seqviz.data", "seqviz.plots")


def real_steps(lengths, time):
    """Return True for the first steps of each row."""
    return torch.arange(time) < lengths[:, None]


@exercise(
    returns="weights: batch output source",
    groups={"all real": 1, "padding": 1, "anything in the padding": 1, "nothing to look at": 1},
    forbid=NOT_ALLOWED,
)
class masked_softmax:
    "Weights of every output over the real steps of the source."

    def inputs(generator):
        log = math.log
        yield (
            "padding",
            {
                "scores": tensors(a=[[[log(1), log(3), log(5)], [log(2), log(2), 0.0]]])["a"],
                "real": torch.tensor([[True, True, False]]),
            },
        )
        for group, batch, output, source, dtype in [
            ("all real", 2, 3, 4, torch.float64),
            ("all real", 3, 1, 5, torch.float32),
            ("padding", 3, 4, 5, torch.float64),
            ("padding", 2, 5, 3, torch.float64),
            ("anything in the padding", 2, 3, 5, torch.float64),
            ("anything in the padding", 3, 2, 4, torch.float64),
            ("anything in the padding", 4, 2, 5, torch.float64),
            ("nothing to look at", 3, 2, 4, torch.float64),
            ("nothing to look at", 1, 2, 3, torch.float32),
            ("nothing to look at", 4, 3, 3, torch.float64),
        ]:
            scores = normal(generator, batch, output, source, scale=2.0, dtype=dtype)
            real = torch.ones(batch, source, dtype=torch.bool)
            if group != "all real":
                real = torch.rand(batch, source, generator=generator) < 0.5
                real[:, 1], real[:, 0] = True, False
                real[0, -1] = False
            if group == "nothing to look at":
                real[0 if batch < 4 else 2] = False
            if group == "padding":
                scores -= 2000.0
                scores[:, : output // 2] += 4000.0  # high and low rows side by side: each needs its own largest
            if group == "anything in the padding":
                scores = torch.where(real[:, None], scores, {2: math.nan, 3: math.inf, 4: -math.inf}[batch])
            if group == "nothing to look at" and batch == 4:
                scores = torch.where(real[:, None], scores, math.nan)
            yield group, {"scores": scores, "real": real}

    def reference(scores, real):
        return weights_of(scores, real)

    @mistake(
        "over the outputs instead of the source",
        hint="Whose weights have to sum to 1: those of one output, or those that one source step gets?",
    )
    def over_outputs(scores, real):
        allowed = real[:, None].expand_as(scores)
        return torch.where(allowed, torch.where(allowed, scores, 0.0).softmax(1), 0.0)

    @mistake(
        "masked after the softmax",
        hint="What does a row of yours sum to where there is padding? Who has got the rest?",
    )
    def masked_after(scores, real):
        return torch.where(real[:, None], torch.where(scores.isfinite(), scores, 0.0).softmax(-1), 0.0)

    @mistake("zeros written into the scores", hint="What is exp 0? Does a score of 0 mean that nobody looks there?")
    def zeros_in_scores(scores, real):
        return torch.where(real[:, None], scores, 0.0).softmax(-1)

    @mistake("the mask the wrong way round", hint="What does True mean in real?")
    def inverted(scores, real):
        return weights_of(scores, ~real)

    @mistake("not masked", hint="Without padding you are right. What do you use real for?")
    def not_masked(scores, real):
        return scores.softmax(-1)

    @mistake("NaN where nothing may be looked at", hint="What is the softmax of a row of −∞?")
    def empty_is_nan(scores, real):
        return torch.where(real[:, None], scores, -torch.inf).softmax(-1)

    @mistake(
        "equal weights where nothing may be looked at",
        hint="A row of equal scores, however low, has equal weights. What should a row without a real step get?",
    )
    def empty_is_uniform(scores, real):
        return torch.where(real[:, None], scores, -1e6).softmax(-1)

    @mistake(
        "exponentials too large", hint="Small scores are right. What is exp 2000, and what may be subtracted first?"
    )
    def overflow(scores, real):
        powers = torch.where(real[:, None], torch.where(real[:, None], scores, 0.0).exp(), 0.0)
        total = powers.sum(-1, keepdim=True)
        return powers / torch.where(total > 0, total, 1.0)

    @mistake(
        "multiplied by the mask",
        hint="Where the padding holds numbers you are right. What is 0 · NaN?",
    )
    def times_zero(scores, real):
        largest = torch.where(real[:, None], scores, -torch.inf).amax(-1, keepdim=True)
        powers = (scores - torch.where(largest.isinf(), 0.0, largest)).exp() * real[:, None]
        total = powers.sum(-1, keepdim=True)
        return powers / torch.where(total > 0, total, 1.0)


def weights_of(scores, real):
    """Return the softmax over the real steps, and zeros where there are none."""
    empty = ~real.any(-1)[:, None, None]
    filled = torch.where(real[:, None], scores, -torch.inf)
    return torch.where(empty, 0.0, torch.where(empty, 0.0, filled).softmax(-1))


def states_and_annotations(generator, batch, output, source, hidden, annotation, dtype):
    """Draw the decoder's states s_0 … s_T and the annotations."""
    return {
        "states": normal(generator, batch, output + 1, hidden, dtype=dtype),
        "annotations": normal(generator, batch, source, annotation, dtype=dtype),
    }


SCORED = [
    ("one output", 2, 1, 4, 3, 5, torch.float64),
    ("one output", 3, 1, 2, 4, 2, torch.float32),
    ("several outputs", 2, 3, 5, 4, 6, torch.float64),
    ("several outputs", 3, 4, 2, 5, 3, torch.float64),
    ("several outputs", 1, 2, 3, 4, 5, torch.float32),
    ("states as large as annotations", 2, 3, 4, 5, 5, torch.float64),
    ("states as large as annotations", 3, 2, 5, 4, 4, torch.float64),
]
SCORE_GROUPS = {"one output": 1, "several outputs": 1, "states as large as annotations": 1}


@exercise(returns="scores: batch output source", groups=SCORE_GROUPS, forbid=NOT_ALLOWED)
class general_scores:
    "Luong's general scores of all outputs at once."

    def inputs(generator):
        yield (
            "one output",
            tensors(
                states=[[[7.0, 7.0], [1.0, 2.0]]],
                annotations=[[[1.0, 0.0, 0.0], [0.0, 1.0, 1.0]]],
                W_a=[[1.0, 0.0, 2.0], [0.0, 3.0, 1.0]],
            ),
        )
        for group, batch, output, source, hidden, annotation, dtype in SCORED:
            drawn = states_and_annotations(generator, batch, output, source, hidden, annotation, dtype)
            yield group, drawn | {"W_a": normal(generator, hidden, annotation, dtype=dtype)}

    def reference(states, annotations, W_a):
        return states[:, 1:] @ W_a @ annotations.mT

    @mistake(
        "the states before the steps",
        hint="Does Luong's decoder look before it moves on, or after? Which of the states belongs to the first output?",
    )
    def before(states, annotations, W_a):
        return states[:, :-1] @ W_a @ annotations.mT

    @mistake("a score for the start as well", hint="How many outputs are there, and how many states?")
    def one_more(states, annotations, W_a):
        return states @ W_a @ annotations.mT

    @mistake(
        "W_a on the wrong side", hint="Where states are larger than annotations, does yours run? Which axis is which?"
    )
    def transposed(states, annotations, W_a):
        return states[:, 1:] @ W_a.mT @ annotations.mT

    @mistake("no W_a", hint="That is another of Luong's scores. What do you use W_a for?")
    def dot(states, annotations, W_a):
        return states[:, 1:] @ annotations.mT

    @mistake("divided by a root", hint="Is there a root in the equation?")
    def scaled(states, annotations, W_a):
        return states[:, 1:] @ W_a @ annotations.mT / math.sqrt(annotations.shape[-1])

    @mistake("a tanh too many", hint="Is the general score bounded?")
    def with_tanh(states, annotations, W_a):
        return (states[:, 1:] @ W_a @ annotations.mT).tanh()

    @mistake(
        "the weights instead of the scores", hint="Scores may be negative, and need not sum to 1. What comes later?"
    )
    def weighted(states, annotations, W_a):
        return (states[:, 1:] @ W_a @ annotations.mT).softmax(-1)

    @mistake("source and output exchanged", hint="What does the last axis of the result count?")
    def exchanged(states, annotations, W_a):
        return annotations @ W_a.mT @ states[:, 1:].mT


@exercise(returns="scores: batch output source", groups=SCORE_GROUPS, forbid=NOT_ALLOWED)
class additive_scores:
    "Bahdanau's scores of all outputs at once."

    def inputs(generator):
        yield (
            "one output",
            tensors(
                states=[[[1.0, 2.0], [7.0, 7.0]]],
                annotations=[[[-1.0], [3.0]]],
                W_a=[[1.0, 0.0], [0.0, -1.0]],
                U_a=[[1.0], [0.0]],
                v_a=[2.0, 1.0],
            ),
        )
        for (group, batch, output, source, hidden, annotation, dtype), size in zip(
            SCORED, (2, 5, 7, 1, 3, 2, 6), strict=True
        ):
            drawn = states_and_annotations(generator, batch, output, source, hidden, annotation, dtype)
            yield (
                group,
                drawn
                | {
                    "W_a": normal(generator, size, hidden, dtype=dtype),
                    "U_a": normal(generator, size, annotation, dtype=dtype),
                    "v_a": normal(generator, size, dtype=dtype),
                },
            )

    def reference(states, annotations, W_a, U_a, v_a):
        return sums(states[:, :-1], annotations, W_a, U_a).tanh() @ v_a

    @mistake(
        "the states after the steps",
        hint="Which state has the decoder when it looks for the first output: has it read anything yet?",
    )
    def after(states, annotations, W_a, U_a, v_a):
        return sums(states[:, 1:], annotations, W_a, U_a).tanh() @ v_a

    @mistake(
        "the first state for every output", hint="The first output is right. With which state does the second look?"
    )
    def always_first(states, annotations, W_a, U_a, v_a):
        first = states[:, :1].expand(-1, states.shape[1] - 1, -1)
        return sums(first, annotations, W_a, U_a).tanh() @ v_a

    @mistake(
        "no tanh",
        hint="Without it, the state adds the same to every score of an output. What does a softmax make of that?",
    )
    def linear(states, annotations, W_a, U_a, v_a):
        return sums(states[:, :-1], annotations, W_a, U_a) @ v_a

    @mistake("v_a inside the tanh", hint="Yours lie between −1 and 1. What is v_a multiplied with?")
    def v_inside(states, annotations, W_a, U_a, v_a):
        return (sums(states[:, :-1], annotations, W_a, U_a) @ v_a).tanh()

    @mistake("a tanh for each of the two", hint="What is added first, and what is squashed then?")
    def two_tanh(states, annotations, W_a, U_a, v_a):
        return ((states[:, :-1] @ W_a.mT).tanh()[:, :, None] + (annotations @ U_a.mT).tanh()[:, None]) @ v_a

    @mistake("the state left out", hint="Does yours change from output to output?")
    def no_state(states, annotations, W_a, U_a, v_a):
        return sums(0 * states[:, :-1], annotations, W_a, U_a).tanh() @ v_a

    @mistake("the annotations left out", hint="Does yours change from one source step to the next?")
    def blind(states, annotations, W_a, U_a, v_a):
        return sums(states[:, :-1], 0 * annotations, W_a, U_a).tanh() @ v_a

    @mistake(
        "the weights instead of the scores", hint="Scores may be negative, and need not sum to 1. What comes later?"
    )
    def weighted(states, annotations, W_a, U_a, v_a):
        return (sums(states[:, :-1], annotations, W_a, U_a).tanh() @ v_a).softmax(-1)


def sums(states, annotations, W_a, U_a):
    """Return W_a s + U_a a for every state and every annotation."""
    return (states @ W_a.mT)[:, :, None] + (annotations @ U_a.mT)[:, None]


@exercise(
    returns=("coverage: batch output source", "loss"),
    groups={"one length": 1, "padded": 2, "anything in the padding": 1},
    forbid=NOT_ALLOWED,
)
class coverage:
    "What earlier outputs have spent on each source step, and what looking twice costs."

    def inputs(generator):
        yield (
            "one length",
            {
                "weights": tensors(a=[[[0.75, 0.25], [0.5, 0.5], [0.0, 1.0]]])["a"],
                "lengths": torch.tensor([3]),
            },
        )
        for group, lengths, source, dtype in [
            ("one length", [4, 4], 3, torch.float64),
            ("one length", [5], 2, torch.float32),
            ("padded", [4, 2, 1], 5, torch.float64),
            ("padded", [1, 5], 3, torch.float64),
            ("padded", [3, 1, 4], 2, torch.float32),
            ("anything in the padding", [2, 4], 3, torch.float64),
            ("anything in the padding", [1, 3, 2], 4, torch.float64),
        ]:
            lengths = torch.tensor(lengths)
            output = int(lengths.max())
            weights = normal(generator, len(lengths), output, source, scale=1.5, dtype=dtype).softmax(-1)
            if group == "anything in the padding":
                weights[~real_steps(lengths, output)] = math.nan
            yield group, {"weights": weights, "lengths": lengths}

    def reference(weights, lengths):
        return covered(weights, lengths)

    @mistake("the step itself counted", hint="What has been spent *before* the first output?")
    def with_itself(weights, lengths):
        return covered(weights, lengths, shift=0)

    @mistake("the mean of the earlier steps", hint="The second output is right, and the third is not. Is it a sum?")
    def mean_so_far(weights, lengths):
        steps = torch.arange(weights.shape[1]).clamp(min=1)[:, None]
        return covered(weights, lengths, change=lambda c: c / steps)

    @mistake("only the step before", hint="The second output is right. What has the third to add?")
    def last_one(weights, lengths):
        kept = torch.where(real_steps(lengths, weights.shape[1])[..., None], weights, 0.0)
        before = torch.cat([torch.zeros_like(kept[:, :1]), kept[:, :-1]], 1)
        return covered(weights, lengths, change=lambda c: torch.where(c > 0, before, c))

    @mistake("the padding's coverage kept", hint="Look at a step behind the end of a row. What should stand there?")
    def padding_covered(weights, lengths):
        kept = torch.where(real_steps(lengths, weights.shape[1])[..., None], weights, 0.0)
        return kept.cumsum(1) - kept, covered(weights, lengths)[1]

    @mistake("divided by all outputs", hint="Without padding you are right. By how many outputs do you divide?")
    def over_all(weights, lengths):
        found, loss = covered(weights, lengths)
        return found, loss * lengths.sum() / (len(lengths) * weights.shape[1])

    @mistake("the larger of the two", hint="What should the loss be where nothing is looked at twice?")
    def larger(weights, lengths):
        return covered(weights, lengths, compare=torch.maximum)

    @mistake("the product of the two", hint="Look twice with weight ½: what is the loss, and what is yours?")
    def product(weights, lengths):
        return covered(weights, lengths, compare=torch.mul)

    @mistake("the sum, not the mean", hint="Your coverage is right. What is the loss of twice as many sentences?")
    def summed(weights, lengths):
        found, loss = covered(weights, lengths)
        return found, loss * lengths.sum()

    @mistake(
        "the mean of the sentences",
        hint="Where all have one length you are right. Does an output of a short sentence count for more?",
    )
    def by_sentence(weights, lengths):
        rows = [covered(w[None], length[None])[1] for w, length in zip(weights, lengths, strict=True)]
        return covered(weights, lengths)[0], torch.stack(rows).mean()

    @mistake("the mean over the source as well", hint="Over what is the loss a sum, and over what is it a mean?")
    def mean_over_source(weights, lengths):
        found, loss = covered(weights, lengths)
        return found, loss / weights.shape[2]

    @mistake("padding multiplied by zero", hint="Where the padding holds numbers you are right. What is 0 · NaN?")
    def times_zero(weights, lengths):
        real = real_steps(lengths, weights.shape[1])[..., None]
        kept = weights * real
        found = (kept.cumsum(1) - kept) * real
        return found, torch.minimum(kept, found).sum() / lengths.sum()


def covered(weights, lengths, *, shift=1, change=lambda c: c, compare=torch.minimum):
    """Return the coverage and its loss; how they are made may be changed."""
    real = real_steps(lengths, weights.shape[1])[..., None]
    kept = torch.where(real, weights, 0.0)
    found = kept.cumsum(1)
    if shift:
        found = torch.cat([torch.zeros_like(found[:, :1]), found[:, :-1]], 1)
    found = torch.where(real, change(found), 0.0)
    return found, torch.where(real, compare(kept, found), 0.0).sum() / lengths.sum()


@exercise(
    returns="error",
    groups={"one length": 1, "padded": 1, "not everything is known": 1},
    forbid=NOT_ALLOWED,
)
class alignment_error:
    "The share of outputs that look most at something other than what is known to say them."

    def inputs(generator):
        yield (
            "not everything is known",
            {
                "weights": tensors(
                    a=[[[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.2, 0.5, 0.3], [0.1, 0.6, 0.3], [0.0, 0.9, 0.1]]]
                )["a"],
                "spans": torch.tensor([[[1, 1], [1, 2], [2, 3], [0, 0], [1, 2]]]),
                "lengths": torch.tensor([5]),
            },
        )
        for group, lengths, source, dtype in [
            ("one length", [6, 6, 6], 4, torch.float64),
            ("one length", [9, 9], 5, torch.float32),
            ("padded", [8, 3, 1], 4, torch.float64),
            ("padded", [2, 9, 7], 5, torch.float64),
            ("padded", [1, 8], 3, torch.float32),
            ("not everything is known", [7, 3, 9], 4, torch.float64),
            ("not everything is known", [9, 4], 6, torch.float64),
        ]:
            lengths = torch.tensor(lengths)
            batch, output = len(lengths), int(lengths.max())
            weights = normal(generator, batch, output, source, scale=1.5, dtype=dtype).softmax(-1)
            spans = torch.randint(1, source + 1, (batch, output, 2), generator=generator).sort(-1)[0]
            # outputs that look at the last step of their span, at its first, and at the one before it
            for place, step in ((0, spans[:, 0, 1] - 1), (-1, spans[:, -1, 0] - 1)):
                weights[:, place] = weights[:, place] * 0.1
                weights[torch.arange(batch), place, step] += 0.9
            behind = ~real_steps(lengths, output)
            spans[behind] = torch.tensor([1, source])
            if group == "not everything is known":
                unknown = torch.rand(batch, output, generator=generator) < 0.4
                unknown[:, 0], unknown[:, 1] = False, True
                spans[unknown] = 0
            yield group, {"weights": weights, "spans": spans, "lengths": lengths}

    def reference(weights, spans, lengths):
        return missed(weights, spans, lengths)

    @mistake(
        "the output that looks most at a source step",
        hint="For each output you want the step at which it looks most. Over which axis is your maximum?",
    )
    def over_outputs(weights, spans, lengths):
        looked = weights.argmax(1)
        picked = looked[:, torch.arange(weights.shape[1]) % weights.shape[2]]
        return missed(weights, spans, lengths, looked=picked)

    @mistake("steps counted from 0", hint="The spans count from 1. From which number does argmax count?")
    def from_zero(weights, spans, lengths):
        return missed(weights, spans, lengths, looked=weights.argmax(-1) - 1)

    @mistake("the last step left out", hint="Does the last step of a span belong to it? What is a span of one step?")
    def half_open(weights, spans, lengths):
        spans = torch.stack([spans[..., 0], spans[..., 1] - 1], -1)
        return missed(weights, spans, lengths, known=spans[..., 0] > 0)

    @mistake("padding counted", hint="Without padding you are right. Which outputs do you count?")
    def padding_counted(weights, spans, lengths):
        return missed(weights, spans, torch.full_like(lengths, weights.shape[1]))

    @mistake(
        "what nobody knows counted as missed",
        hint="Where all is known you are right. Can an output be wrong if nobody knows what says it?",
    )
    def unknown_missed(weights, spans, lengths):
        return missed(weights, spans, lengths, known=torch.ones_like(spans[..., 0], dtype=torch.bool))

    @mistake(
        "divided by all outputs",
        hint="Where all is known you are right. Of how many outputs is yours the share?",
    )
    def divided_by_all(weights, spans, lengths):
        known = (spans[..., 0] > 0) & real_steps(lengths, weights.shape[1])
        return missed(weights, spans, lengths) * known.sum() / lengths.sum()

    @mistake("the share that is right", hint="Is a perfect map one with an error of 1?")
    def right_share(weights, spans, lengths):
        return 1 - missed(weights, spans, lengths)

    @mistake(
        "the weight outside",
        hint="That is a number worth knowing, and another one. What does an output count that looks *most* inside?",
    )
    def weight_outside(weights, spans, lengths):
        steps = torch.arange(1, weights.shape[2] + 1)
        inside = (spans[..., :1] <= steps) & (steps <= spans[..., 1:])
        counted = (spans[..., 0] > 0) & real_steps(lengths, weights.shape[1])
        return 1 - (weights * inside).sum(-1)[counted].mean()

    @mistake(
        "the mean of the sentences",
        hint="Where all have one length you are right. Does an output of a short sentence count for more?",
    )
    def by_sentence(weights, spans, lengths):
        rows = [missed(w[None], s[None], n[None]) for w, s, n in zip(weights, spans, lengths, strict=True)]
        return torch.stack(rows).mean()


def missed(weights, spans, lengths, *, looked=None, known=None):
    """Return the share of known, real outputs that look beside their span; parts may be given."""
    looked = weights.argmax(-1) if looked is None else looked
    known = spans[..., 0] > 0 if known is None else known
    counted = known & real_steps(lengths, weights.shape[1])
    inside = (spans[..., 0] <= looked + 1) & (looked + 1 <= spans[..., 1])
    return (~inside)[counted].to(weights.dtype).mean()
