"""Checks on self-attention: over another sequence, through a window, with shared keys, backwards, and set by hand.

For instructors only.
"""

import math

import torch

from seqviz.checks import exercise, mistake, normal

from .common import not_allowed, tensors

READY_MADE = (".scaled_dot_product_attention", "seqviz.data", "seqviz.plots")
NOT_ALLOWED = (*not_allowed(autograd=True), *READY_MADE)


def weights_of(scores, allowed):
    """Return the softmax over what is allowed, and zeros where nothing is."""
    allowed = allowed.expand(scores.shape)
    nobody = ~allowed.any(-1, keepdim=True)
    filled = torch.where(allowed, scores, -torch.inf)
    return torch.where(nobody, 0.0, torch.where(nobody, 0.0, filled).softmax(-1))


def bare_exponentials(scores, allowed):
    """Return the softmax without taking the highest score off first: exp of a large one is infinite."""
    powers = scores.exp() * allowed
    total = powers.sum(-1, keepdim=True)
    return powers / torch.where(total == 0, 1.0, total)


def not_low_enough(scores, allowed):
    """Return the softmax with −100 for what is not allowed, and zeros where nothing is."""
    return torch.where(allowed.any(-1, keepdim=True), torch.where(allowed, scores, -100.0).softmax(-1), 0.0)


def both_signs(large):
    """Return large numbers of which every other step has the opposite ones: scores far above and far below 0."""
    large[..., 1::2, :] = -large[..., ::2, :][..., : large.shape[-2] // 2, :]
    return large


@exercise(
    returns="z: batch time value",
    groups={"all real": 1, "padding": 1, "anything in the padding": 1, "nothing to look at": 1},
    forbid=NOT_ALLOWED,
)
class cross_attention:
    "One head whose queries come from one sequence, and whose keys and values from another."

    def inputs(generator):
        yield (
            "padding",
            {
                **tensors(x=[[[math.log(3)]]], memory=[[[1.0, 0.0], [0.0, 1.0], [5.0, 5.0]]]),
                "real": torch.tensor([[True, True, False]]),
                **tensors(
                    W_q=[[1.0], [1.0], [0.0], [0.0]],
                    W_k=[[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.0, 0.0]],
                    W_v=[[4.0, 0.0], [0.0, 8.0]],
                ),
            },
        )
        for group, batch, query, source, size, memory_size, key, value, dtype, padding, empty in [
            ("all real", 2, 4, 3, 5, 6, 7, 8, torch.float64, None, None),
            ("all real", 3, 4, 4, 6, 6, 2, 5, torch.float32, None, None),
            ("all real", 2, 1, 1, 3, 2, 1, 4, torch.float64, None, None),
            ("padding", 2, 5, 4, 3, 6, 8, 7, torch.float64, None, None),
            ("padding", 3, 4, 4, 5, 5, 3, 2, torch.float64, None, None),
            ("anything in the padding", 2, 3, 5, 4, 6, 7, 8, torch.float64, math.nan, None),
            ("anything in the padding", 3, 2, 4, 5, 3, 2, 6, torch.float32, math.inf, None),
            ("anything in the padding", 2, 4, 3, 2, 5, 4, 3, torch.float64, -math.inf, None),
            ("anything in the padding", 3, 2, 4, 3, 2, 5, 2, torch.float64, math.nan, 1),
            ("nothing to look at", 3, 2, 4, 5, 6, 7, 1, torch.float64, None, 0),
            ("nothing to look at", 1, 2, 3, 4, 5, 6, 7, torch.float64, None, 0),
            ("nothing to look at", 3, 4, 2, 5, 3, 6, 4, torch.float64, None, 2),
        ]:
            real = torch.ones(batch, source, dtype=torch.bool)
            if group != "all real":
                real = torch.rand(batch, source, generator=generator) < 0.5
                real[:, 0], real[:, 1], real[0, -1] = False, True, False
            if empty is not None:
                real[empty] = False
            drawn = drawn_crossing(generator, real, query, size, memory_size, key, value, dtype)
            if padding is not None:
                drawn["memory"] = torch.where(real[..., None], drawn["memory"], padding)
            yield group, drawn
        real = torch.tensor([[False, True, False], [True, True, False]])
        drawn = drawn_crossing(generator, real, query=4, size=5, memory_size=6, key=7, value=8, dtype=torch.float64)
        yield "padding", drawn | {"x": both_signs(1000 * drawn["x"])}

    def reference(x, memory, real, W_q, W_k, W_v):
        return crossed(x, memory, real, W_q, W_k, W_v)

    @mistake(
        "the roles exchanged", hint="Who asks, and who is read? How many rows has the result: one for each of whom?"
    )
    def exchanged(x, memory, real, W_q, W_k, W_v):
        return crossed(memory, x, real, W_q, W_k, W_v)

    @mistake(
        "padded queries left out instead of padded keys",
        hint="Does real speak of x or of the memory? Which axis of the scores belongs to that?",
    )
    def queries_masked(x, memory, real, W_q, W_k, W_v):
        return crossed(x, memory, real, W_q, W_k, W_v, mask=lambda real: real[:, :, None])

    @mistake("the mask the wrong way round", hint="What does True mean in real? Torch has both conventions.")
    def inverted(x, memory, real, W_q, W_k, W_v):
        return crossed(x, memory, real, W_q, W_k, W_v, mask=lambda real: ~real[:, None])

    @mistake("not masked", hint="Without padding you are right. What do you use real for?")
    def not_masked(x, memory, real, W_q, W_k, W_v):
        return (x @ W_q.mT @ (memory @ W_k.mT).mT / math.sqrt(len(W_k))).softmax(-1) @ (memory @ W_v.mT)

    @mistake(
        "divided by the root of the model's size",
        hint="Of how many products is a score the sum? Is that the size of x, or of something computed from it?",
    )
    def by_model(x, memory, real, W_q, W_k, W_v):
        return crossed(x, memory, real, W_q, W_k, W_v, by=math.sqrt(x.shape[-1]))

    @mistake(
        "divided by the root of the value's size", hint="Values have no part in a score. Whose size grows its variance?"
    )
    def by_value(x, memory, real, W_q, W_k, W_v):
        return crossed(x, memory, real, W_q, W_k, W_v, by=math.sqrt(len(W_v)))

    @mistake(
        "divided by the size, not its root",
        hint="With keys of size 1 you are right. Is the variance d_k, or its square?",
    )
    def by_size(x, memory, real, W_q, W_k, W_v):
        return crossed(x, memory, real, W_q, W_k, W_v, by=len(W_k))

    @mistake("not divided", hint="With keys of size 1 you are right. What is missing in the exponent?")
    def not_divided(x, memory, real, W_q, W_k, W_v):
        return crossed(x, memory, real, W_q, W_k, W_v, by=1.0)

    @mistake("masked after the softmax", hint="What do your weights sum to where there is padding? Who has the rest?")
    def masked_after(x, memory, real, W_q, W_k, W_v):
        return crossed(x, memory, real, W_q, W_k, W_v, weigh=lambda s, real: torch.where(real, s.softmax(-1), 0.0))

    @mistake("the weights over the queries", hint="Which weights sum to 1: those of a query, or those that a key gets?")
    def over_queries(x, memory, real, W_q, W_k, W_v):
        return crossed(x, memory, real, W_q, W_k, W_v, weigh=lambda s, real: torch.where(real, s.softmax(1), 0.0))

    @mistake("the keys read instead of the values", hint="Where do you use W_v? How long is a row of the result?")
    def keys_read(x, memory, real, W_q, W_k, W_v):
        return crossed(x, memory, real, W_q, W_k, W_k)

    @mistake("NaN where nothing may be looked at", hint="What is the softmax of a row of −∞?")
    def empty_is_nan(x, memory, real, W_q, W_k, W_v):
        return crossed(
            x, memory, real, W_q, W_k, W_v, weigh=lambda s, real: torch.where(real, s, -torch.inf).softmax(-1)
        )

    @mistake(
        "equal weights where nothing may be looked at",
        hint="A row of equal scores, however low, has equal weights. What should a row without a real step get?",
    )
    def empty_is_uniform(x, memory, real, W_q, W_k, W_v):
        def low(scores, real):
            return torch.where(real, scores, -1e6).softmax(-1)

        # what stands in the padding is left alone, as whoever writes this leaves it
        q, k, v = x @ W_q.mT, memory @ W_k.mT, memory @ W_v.mT
        return low(q @ k.mT / math.sqrt(len(W_k)), real[:, None]) @ v

    @mistake(
        "exp of the scores as they are",
        hint="Small scores give you the right weights. What is exp 1000? What may be taken off all scores of a row?",
    )
    def of_large_scores(x, memory, real, W_q, W_k, W_v):
        return crossed(x, memory, real, W_q, W_k, W_v, weigh=bare_exponentials)

    @mistake(
        "a score for padding that is not low enough",
        hint="Small scores give you the right weights. How low must a score be if the others may stand at −1000?",
    )
    def not_low(x, memory, real, W_q, W_k, W_v):
        return crossed(x, memory, real, W_q, W_k, W_v, weigh=not_low_enough)

    @mistake(
        "padding multiplied by zero", hint="Where the padding holds numbers you are right. What is 0 · NaN, in A V?"
    )
    def times_zero(x, memory, real, W_q, W_k, W_v):
        q, k, v = x @ W_q.mT, memory @ W_k.mT, memory @ W_v.mT
        return weights_of(q @ k.mT / math.sqrt(len(W_k)), real[:, None]) @ v


def drawn_crossing(generator, real, query, size, memory_size, key, value, dtype):
    """Draw all that a query sequence and a memory with these real steps need."""
    return {
        "x": normal(generator, len(real), query, size, dtype=dtype),
        "memory": normal(generator, *real.shape, memory_size, dtype=dtype),
        "real": real,
        "W_q": normal(generator, key, size, scale=0.8, dtype=dtype),
        "W_k": normal(generator, key, memory_size, scale=0.8, dtype=dtype),
        "W_v": normal(generator, value, memory_size, dtype=dtype),
    }


def crossed(x, memory, real, W_q, W_k, W_v, *, by=None, mask=lambda real: real[:, None], weigh=weights_of):
    """Return what the queries read of the memory; divisor, mask and weights may be changed."""
    if len(real) == len(memory) and real.shape[1] == memory.shape[1]:
        memory = torch.where(real[..., None], memory, 0.0)
    scores = x @ W_q.mT @ (memory @ W_k.mT).mT / (math.sqrt(len(W_k)) if by is None else by)
    return weigh(scores, mask(real)) @ (memory @ W_v.mT)


@exercise(
    returns="mask: query key",
    groups={"back": 1, "both sides": 1, "fewer queries than keys": 2},
    forbid=NOT_ALLOWED,
)
class sliding_window_mask:
    "Who may look at whom, through a window, when only the last steps ask."

    def inputs(generator):
        yield "fewer queries than keys", {"queries": 2, "keys": 4, "window": 2, "causal": True}
        some, more = (int(torch.randint(3, 6, (), generator=generator)) for _ in range(2))
        for group, queries, keys, window, causal in [
            ("back", 1, 1, 1, True),
            ("back", 5, 5, 1, True),
            ("back", some + 3, some + 3, 3, True),
            ("back", 4, 4, 4 + some, True),
            ("both sides", 4, 4, 1, False),
            ("both sides", more + 3, more + 3, 2, False),
            ("both sides", 7, 7, 3, False),
            ("both sides", 3, 3, 3 + more, False),
            ("fewer queries than keys", 1, some + 3, 3, True),
            ("fewer queries than keys", 3, 9, 4, True),
            ("fewer queries than keys", 2, more + 4, 3, False),
            ("fewer queries than keys", 4, 5, 1, False),
            ("fewer queries than keys", 2, 5, 7, True),
            ("fewer queries than keys", 2, 5, 7, False),
            ("fewer queries than keys", 2, 5, 1, True),
            ("fewer queries than keys", 1, 6, 3, False),
        ]:
            yield group, {"queries": queries, "keys": keys, "window": window, "causal": causal}

    def reference(queries, keys, window, causal):
        return seen(queries, keys, window, causal)

    @mistake(
        "one step too many", hint="Does the query's own step count among the window? How many are True with window 1?"
    )
    def too_many(queries, keys, window, causal):
        return seen(queries, keys, window + 1, causal)

    @mistake("one step too few", hint="What does a step see with window 1?")
    def too_few(queries, keys, window, causal):
        return seen(queries, keys, window - 1, causal)

    @mistake("the future seen", hint="Without causal you are right. What must a step not see that generates text?")
    def causal_lost(queries, keys, window, causal):
        return seen(queries, keys, window, False)

    @mistake("the whole past seen", hint="You leave out what is to come. What does the window leave out?")
    def no_window(queries, keys, window, causal):
        back = distances(queries, keys)
        return back >= 0 if causal else torch.ones_like(back, dtype=torch.bool)

    @mistake("one side only", hint="With causal you are right. What do the bars in |p − j| do when causal is False?")
    def one_sided(queries, keys, window, causal):
        return seen(queries, keys, window, True)

    @mistake("cut on the side of the past alone", hint="Without causal, how far does yours see ahead?")
    def open_ahead(queries, keys, window, causal):
        back = distances(queries, keys)
        return (back < window) & (back >= 0) if causal else back < window

    @mistake("the mask the wrong way round", hint="What does True mean here? Torch has both conventions.")
    def inverted(queries, keys, window, causal):
        return ~seen(queries, keys, window, causal)

    @mistake(
        "queries counted from the first key",
        hint="With as many queries as keys you are right. At which step does the first query stand otherwise?",
    )
    def from_the_start(queries, keys, window, causal):
        return seen(queries, keys, window, causal, first=0)

    @mistake(
        "the past and the future exchanged",
        hint="Who may see whom: is it the row or the column that stands for a query?",
    )
    def turned(queries, keys, window, causal):
        back = -distances(queries, keys)
        return (back < window) & (back >= 0) if causal else back.abs() < window

    @mistake("rows and columns exchanged", hint="What does the first axis of the result count?")
    def transposed(queries, keys, window, causal):
        return seen(queries, keys, window, causal).T

    @mistake(
        "half the window on each side", hint="With causal you are right. How many steps ahead does the equation allow?"
    )
    def halved(queries, keys, window, causal):
        return seen(queries, keys, window, True) if causal else distances(queries, keys).abs() <= window // 2


def distances(queries, keys, first=None):
    """Return how many steps each key lies behind each query, the first of which stands at a given step."""
    first = keys - queries if first is None else first
    return torch.arange(first, first + queries)[:, None] - torch.arange(keys)


def seen(queries, keys, window, causal, first=None):
    """Return who may look at whom."""
    back = distances(queries, keys, first)
    return (back < window) & (back >= 0) if causal else back.abs() < window


@exercise(
    returns="z: batch query features",
    groups={"one group": 1, "as many groups as heads": 1, "shared": 2},
    forbid=NOT_ALLOWED,
)
class grouped_query_attention:
    "Several query heads that share the keys and the values of one group."

    def inputs(generator):
        log3 = math.log(3)
        yield (
            "shared",
            tensors(
                q=[[[[0.0]], [[log3]], [[0.0]], [[log3]]]],
                k=[[[[1.0], [0.0]], [[0.0], [1.0]]]],
                v=[[[[4.0], [8.0]], [[0.0], [16.0]]]],
            ),
        )
        for group, batch, heads, groups, query, source, key, value, dtype, *times in [
            ("one group", 2, 3, 1, 4, 5, 6, 7, torch.float64),
            ("one group", 3, 1, 1, 2, 4, 5, 2, torch.float32),
            ("as many groups as heads", 3, 2, 2, 4, 5, 6, 7, torch.float64),
            ("as many groups as heads", 2, 3, 3, 1, 4, 3, 1, torch.float64),
            ("shared", 3, 4, 2, 5, 6, 7, 8, torch.float64),
            ("shared", 2, 6, 3, 4, 4, 5, 3, torch.float64),
            ("shared", 1, 6, 2, 3, 4, 2, 5, torch.float32),
            ("shared", 2, 4, 2, 1, 1, 3, 2, torch.float64),
            ("shared", 2, 4, 2, 4, 5, 6, 3, torch.float64, 1000),
        ]:
            yield (
                group,
                {
                    "q": normal(generator, batch, heads, query, key, scale=math.prod(times), dtype=dtype),
                    "k": normal(generator, batch, groups, source, key, dtype=dtype),
                    "v": normal(generator, batch, groups, source, value, dtype=dtype),
                },
            )

    def reference(q, k, v):
        return grouped(q, k, v)

    @mistake(
        "the groups dealt out in turn",
        hint="With one group, or as many as heads, you are right. Which heads share a group: neighbours?",
    )
    def in_turn(q, k, v):
        return grouped(q, k, v, share=lambda one, times: one.repeat(1, times, 1, 1))

    @mistake(
        "the first group for all heads", hint="With one group you are right. Does your last head use the last group?"
    )
    def first_group(q, k, v):
        return grouped(q, k[:, :1], v[:, :1])

    @mistake("the mean of the groups", hint="With one group you are right. Does a head read one group, or all of them?")
    def mean_group(q, k, v):
        return grouped(q, k.mean(1, keepdim=True), v.mean(1, keepdim=True))

    @mistake(
        "values shared in another way than keys",
        hint="Your weights are right. Do keys and values of a head belong together?",
    )
    def keys_alone(q, k, v):
        times = q.shape[1] // k.shape[1]
        return grouped(q, k.repeat_interleave(times, 1), v.repeat(1, times, 1, 1))

    @mistake("not divided", hint="What is missing in the exponent?")
    def not_divided(q, k, v):
        return grouped(q, k, v, by=1.0)

    @mistake("divided by the root of all heads' size", hint="Of how many products is the score of one head the sum?")
    def by_all(q, k, v):
        return grouped(q, k, v, by=math.sqrt(q.shape[1] * q.shape[-1]))

    @mistake(
        "divided by the root of all groups' size", hint="With one group you are right. Does sharing change a score?"
    )
    def by_groups(q, k, v):
        return grouped(q, k, v, by=math.sqrt(k.shape[1] * q.shape[-1]))

    @mistake("the weights over the queries", hint="Which weights sum to 1: those of a query, or those that a key gets?")
    def over_queries(q, k, v):
        return grouped(q, k, v, axis=-2)

    @mistake(
        "exp of the scores as they are",
        hint="Small scores give you the right weights. What is exp 1000? What may be taken off all scores of a row?",
    )
    def of_large_scores(q, k, v):
        return grouped(q, k, v, weigh=lambda scores: bare_exponentials(scores, torch.ones_like(scores).bool()))

    @mistake(
        "heads and steps mixed",
        hint="A row of the result belongs to one step. Which axis has to stand beside the values first?",
    )
    def mixed(q, k, v):
        return grouped(q, k, v, merge=lambda z: z.reshape(len(z), z.shape[2], -1))

    @mistake(
        "the features of the heads shuffled",
        hint="Each head's features stand together, the first head's first. Do yours?",
    )
    def shuffled(q, k, v):
        return grouped(q, k, v, merge=lambda z: z.permute(0, 2, 3, 1).flatten(2))

    @mistake("the heads added up", hint="How long is a row of the result, and how long is one head's?")
    def added(q, k, v):
        return grouped(q, k, v, merge=lambda z: z.sum(1))


def neighbours(one, times):
    """Give each group to so many neighbouring heads."""
    return one.repeat_interleave(times, 1)


def merged(z):
    """Put the heads of every step beside each other."""
    return z.transpose(1, 2).flatten(2)


def grouped(q, k, v, *, share=neighbours, by=None, axis=-1, weigh=None, merge=merged):
    """Return what the heads read; how groups are shared, the divisor, the weights and the end may be changed."""
    k, v = (share(one, q.shape[1] // one.shape[1]) for one in (k, v))
    scores = q @ k.mT / (math.sqrt(q.shape[-1]) if by is None else by)
    weights = scores.softmax(axis) if weigh is None else weigh(scores)
    return merge(weights @ v)


@exercise(
    returns=("grad_q: batch head query key_size", "grad_k: batch source key_size", "grad_v: batch source value_size"),
    groups={"one head": 1, "several heads": 1, "masked": 1, "nothing to look at": 1},
    forbid=(*not_allowed(autograd=False), *READY_MADE),
)
class attention_backward:
    "Back through attention whose heads share one set of keys and values."

    def inputs(generator):
        yield (
            "several heads",
            {
                **tensors(
                    grad_z=[[[[1.0]], [[2.0]]]],
                    q=[[[[1.0]], [[0.0]]]],
                    k=[[[math.log(3)], [0.0]]],
                    v=[[[0.0], [16.0]]],
                ),
                "may_attend": torch.tensor([[[True, True]]]),
            },
        )
        for group, batch, heads, query, source, key, value, dtype, *empty in [
            ("one head", 2, 1, 3, 4, 5, 6, torch.float64),
            ("one head", 3, 1, 4, 4, 2, 5, torch.float32),
            ("one head", 1, 1, 2, 1, 3, 2, torch.float64),
            ("several heads", 2, 3, 4, 5, 6, 7, torch.float64),
            ("several heads", 3, 2, 5, 5, 4, 1, torch.float64),
            ("masked", 2, 3, 4, 5, 6, 7, torch.float64),
            ("masked", 1, 2, 4, 4, 3, 5, torch.float32),
            ("nothing to look at", 2, 3, 4, 5, 6, 7, torch.float64, (0, 1)),
            ("nothing to look at", 2, 1, 3, 3, 2, 4, torch.float64, (1, 0), (1, 2)),
            ("nothing to look at", 3, 2, 2, 4, 3, 5, torch.float64, (2, 0), (2, 1)),
        ]:
            may_attend = torch.ones(batch, query, source, dtype=torch.bool)
            if group in ("masked", "nothing to look at"):
                may_attend = torch.rand(batch, query, source, generator=generator) < 0.5
                may_attend[..., 1], may_attend[:, 0, :2] = True, True
                may_attend[:, -1, -1] = False
            for sentence, step in empty:
                may_attend[sentence, step] = False
            yield group, drawn_way_back(generator, may_attend, heads, key, value, dtype)
        may_attend = torch.rand(2, 4, 3, generator=generator) < 0.5
        may_attend[..., 1], may_attend[:, :2, ::2] = True, False  # two queries with one key each
        drawn = drawn_way_back(generator, may_attend, heads=3, key=5, value=6, dtype=torch.float64)
        yield "masked", drawn | {"q": both_signs(1000 * drawn["q"])}

    def reference(grad_z, q, k, v, may_attend):
        return back(grad_z, q, k, v, may_attend)

    @mistake(
        "the softmax's Jacobian taken as diagonal",
        hint="If one weight grows, what happens to the others? grad_v is right.",
    )
    def diagonal(grad_z, q, k, v, may_attend):
        return back(grad_z, q, k, v, may_attend, jacobian=lambda a, g: a * g)

    @mistake(
        "α (1 − α), as of a sigmoid",
        hint="That is how a weight moves with its own score. With how many scores does it move?",
    )
    def like_sigmoid(grad_z, q, k, v, may_attend):
        return back(grad_z, q, k, v, may_attend, jacobian=lambda a, g: a * (1 - a) * g)

    @mistake("the sum over the queries", hint="The softmax ran over an axis. Over which one is your sum?")
    def sum_over_queries(grad_z, q, k, v, may_attend):
        return back(grad_z, q, k, v, may_attend, jacobian=lambda a, g: a * (g - (a * g).sum(-2, keepdim=True)))

    @mistake("the mean instead of the sum", hint="What does α weigh in the sum, and by how many is it divided?")
    def plain_mean(grad_z, q, k, v, may_attend):
        return back(grad_z, q, k, v, may_attend, jacobian=lambda a, g: a * (g - g.mean(-1, keepdim=True)))

    @mistake(
        "the root forgotten on the way back",
        hint="With keys of size 1 you are right. Is the divided score, or its dividend, q · k?",
    )
    def no_root(grad_z, q, k, v, may_attend):
        grad_q, grad_k, grad_v = back(grad_z, q, k, v, may_attend)
        return grad_q * math.sqrt(q.shape[-1]), grad_k * math.sqrt(q.shape[-1]), grad_v

    @mistake("the root forgotten in grad_q", hint="grad_k and grad_v are right. What do q and k have in common?")
    def no_root_in_q(grad_z, q, k, v, may_attend):
        grad_q, grad_k, grad_v = back(grad_z, q, k, v, may_attend)
        return grad_q * math.sqrt(q.shape[-1]), grad_k, grad_v

    @mistake("the root forgotten in grad_k", hint="grad_q and grad_v are right. What do q and k have in common?")
    def no_root_in_k(grad_z, q, k, v, may_attend):
        grad_q, grad_k, grad_v = back(grad_z, q, k, v, may_attend)
        return grad_q, grad_k * math.sqrt(q.shape[-1]), grad_v

    @mistake("the root forgotten on the way there", hint="grad_v is wrong too: are your weights those of the equation?")
    def no_root_at_all(grad_z, q, k, v, may_attend):
        return back(grad_z, q, k, v, may_attend, by=1.0)

    @mistake(
        "one head's gradient alone", hint="With one head you are right. Who else has read the same keys and values?"
    )
    def last_head(grad_z, q, k, v, may_attend):
        return back(grad_z, q, k, v, may_attend, over_heads=lambda one: one[:, -1])

    @mistake("the heads' mean", hint="With one head you are right. Do gradients from several users add up?")
    def mean_of_heads(grad_z, q, k, v, may_attend):
        return back(grad_z, q, k, v, may_attend, over_heads=lambda one: one.mean(1))

    @mistake("a gradient for each head", hint="How many axes have k and v? What became of the heads that share them?")
    def heads_kept(grad_z, q, k, v, may_attend):
        return back(grad_z, q, k, v, may_attend, over_heads=lambda one: one)

    @mistake(
        "A instead of its transpose",
        hint="Only grad_v is wrong. z_i is a sum over j. Over what is the gradient of v_j a sum?",
    )
    def not_turned(grad_z, q, k, v, may_attend):
        weights = weights_of(q @ k[:, None].mT / math.sqrt(q.shape[-1]), may_attend[:, None])
        return (*back(grad_z, q, k, v, may_attend)[:2], (weights @ grad_z).sum(1))

    @mistake(
        "exp of the scores as they are",
        hint="Small scores give you the right weights. What is exp 1000? What may be taken off all scores of a row?",
    )
    def of_large_scores(grad_z, q, k, v, may_attend):
        return back(grad_z, q, k, v, may_attend, weigh=bare_exponentials)

    @mistake(
        "a score under the mask that is not low enough",
        hint="Small scores give you the right weights. How low must a score be if the others may stand at −1000?",
    )
    def not_low(grad_z, q, k, v, may_attend):
        return back(grad_z, q, k, v, may_attend, weigh=not_low_enough)

    @mistake("the mask forgotten", hint="Where all may be attended to you are right. Which weights are 0?")
    def unmasked(grad_z, q, k, v, may_attend):
        return back(grad_z, q, k, v, torch.ones_like(may_attend))

    @mistake("NaN where nothing may be looked at", hint="What is the softmax of a row of −∞? It spreads to grad_k.")
    def empty_is_nan(grad_z, q, k, v, may_attend):
        return back(grad_z, q, k, v, may_attend, weigh=lambda s, m: torch.where(m, s, -torch.inf).softmax(-1))

    @mistake(
        "equal weights where nothing may be looked at",
        hint="Whoever may look nowhere hands nothing back. What are your weights there?",
    )
    def empty_is_uniform(grad_z, q, k, v, may_attend):
        return back(grad_z, q, k, v, may_attend, weigh=lambda s, m: torch.where(m, s, -1e6).softmax(-1))


def drawn_way_back(generator, may_attend, heads, key, value, dtype):
    """Draw a gradient, queries, keys and values for this mask."""
    batch, query, source = may_attend.shape
    return {
        "grad_z": normal(generator, batch, heads, query, value, dtype=dtype),
        "q": normal(generator, batch, heads, query, key, dtype=dtype),
        "k": normal(generator, batch, source, key, dtype=dtype),
        "v": normal(generator, batch, source, value, dtype=dtype),
        "may_attend": may_attend,
    }


def whole_jacobian(weights, grad):
    """Return the gradient of the scores from that of the weights."""
    return weights * (grad - (weights * grad).sum(-1, keepdim=True))


def back(
    grad_z,
    q,
    k,
    v,
    may_attend,
    *,
    by=None,
    jacobian=whole_jacobian,
    over_heads=lambda one: one.sum(1),
    weigh=weights_of,
):
    """Return the gradients of q, k and v; single steps of the way back may be changed."""
    by = math.sqrt(q.shape[-1]) if by is None else by
    weights = weigh(q @ k[:, None].mT / by, may_attend[:, None])
    grad_scores = jacobian(weights, grad_z @ v[:, None].mT) / by
    return grad_scores @ k[:, None], over_heads(grad_scores.mT @ q), over_heads(weights.mT @ grad_z)


@exercise(
    returns=("looked: sentence step", "sure: sentence step", "copied: sentence step"),
    groups={"few steps": 1, "one word several times": 1, "many steps": 1},
    forbid=NOT_ALLOWED,
)
class set_the_weights:
    "Three matrices by which a head copies the word before."

    def inputs(generator):
        yield "few steps", {"words": 2, "time": 3, "sentences": torch.tensor([[1, 0, 0]])}
        for group, words, time, sentences in [
            ("few steps", 5, 4, 3),
            ("few steps", 3, 1, 4),
            ("few steps", 6, 2, 3),
            ("one word several times", 2, 6, 4),
            ("one word several times", 1, 5, 2),
            ("many steps", 9, 30, 3),
            ("many steps", 3, 60, 2),
            ("many steps", 4, 400, 1),
        ]:
            drawn = torch.randint(words, (sentences, time), generator=generator)
            if group == "one word several times":
                drawn[:, 1:3] = drawn[:, 3:4]
            yield group, {"words": words, "time": time, "sentences": drawn}

    def drive(student, words, time, sentences):
        """Let one head read the sentences, each step itself and what stands before it.

        Return the place each step looks at most, whether that has 99 % of its weight, and the word that comes out, −1
        for none.
        """
        import torch

        found = student(words, time)
        if found is None:
            return None
        if not isinstance(found, (tuple, list)) or len(found) != 3:
            raise ValueError("asked for are three matrices, W_q, W_k and W_v")
        W_q, W_k, W_v = (torch.as_tensor(one).double() for one in found)
        for name, one in (("W_q", W_q), ("W_k", W_k), ("W_v", W_v)):
            if one.ndim != 2 or one.shape[1] != words + time:
                shape = list(one.shape)
                raise ValueError(f"{name} has the shape {shape}; its last axis should have {words + time} columns")
        if len(W_q) != len(W_k):
            raise ValueError(f"queries of {len(W_q)} numbers and keys of {len(W_k)} have no product")
        if len(W_v) != words:
            raise ValueError(f"W_v has {len(W_v)} rows; asked for is one for each of {words} words")
        places = torch.eye(time).double().expand(len(sentences), -1, -1)
        x = torch.cat([torch.eye(words).double()[sentences], places], -1)
        q, k, v = x @ W_q.mT, x @ W_k.mT, x @ W_v.mT
        later = torch.ones(time, time).triu(1).bool()
        # without a number in a key, as one step needs none, all products are 0
        scores = (q @ k.mT / max(len(W_q), 1) ** 0.5).masked_fill(later, -torch.inf)
        weights = scores.softmax(-1)
        z = weights @ v
        largest = z.argmax(-1)
        clear = (z - torch.eye(words).double()[largest]).abs().amax(-1) < 0.02
        looked = weights.mul(1e6).round().argmax(-1)  # equal weights: the first
        return looked, weights.amax(-1) >= 0.99, torch.where(clear, largest, -1)

    def reference(words, time):
        return by_place(words, time)

    @mistake("each step copies itself", hint="Which key does the query of step 3 fit? Which one should it?")
    def itself(words, time):
        return by_place(words, time, asked=torch.eye(time))

    @mistake("the step after", hint="Your queries fit a key that the causal mask takes away. Which way did you shift?")
    def after(words, time):
        return by_place(words, time, asked=torch.diag(torch.ones(time - 1), -1))

    @mistake("two steps before", hint="Which step does the third look at? By how many did you shift?")
    def two_before(words, time):
        return by_place(words, time, asked=torch.eye(time).roll(2, 1).triu(2) if time > 2 else torch.zeros(time, time))

    @mistake("always the first step", hint="The second step is right. Where should the third look?")
    def always_first(words, time):
        asked = torch.zeros(time, time)
        asked[0] = 1.0
        return by_place(words, time, asked=asked)

    @mistake("too weak to choose", hint="Each looks at the right step most. How large must a score be for 99 %?")
    def weak(words, time):
        return by_place(words, time, score=1 / math.sqrt(time))

    @mistake(
        "strong enough for short sentences alone",
        hint="What happens to a score when d_k grows, and to the sum in the softmax when there are more keys?",
    )
    def weak_if_long(words, time):
        return by_place(words, time, score=12 / math.sqrt(time))

    @mistake(
        "the place copied, not the word", hint="You look where you should. Which part of x_t should the value hold?"
    )
    def place_copied(words, time):
        W_q, W_k, _ = by_place(words, time)
        return W_q, W_k, torch.cat([torch.zeros(words, words), torch.eye(words, time)], 1)

    @mistake(
        "the word found, not the place", hint="Whom does yours look at if a word stands twice? Which part of x_t asks?"
    )
    def by_word(words, time):
        W = torch.cat([torch.eye(words), torch.zeros(words, time)], 1)
        return 40 * math.sqrt(words) * W, W, W

    @mistake("values as strong as scores", hint="You look where you should. How long is the one-hot vector of a word?")
    def strong_values(words, time):
        W_q, W_k, W_v = by_place(words, time)
        return W_q, W_k, 40 * W_v


def by_place(words, time, *, asked=None, score=40.0):
    """Return matrices whose query at a step fits the key of a place with that score: row key, column query."""
    asked = torch.diag(torch.ones(time - 1), 1) if asked is None else asked
    W_q = torch.cat([torch.zeros(time, words), score * math.sqrt(time) * asked], 1)
    W_k = torch.cat([torch.zeros(time, words), torch.eye(time)], 1)
    return W_q, W_k, torch.cat([torch.eye(words), torch.zeros(words, time)], 1)
