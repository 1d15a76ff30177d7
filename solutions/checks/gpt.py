"""Exercises on a small GPT: one step with a cache, writing, one matrix at both ends, windows that slide.

For instructors only.
"""

import math

import torch

from seqviz.checks import exercise, mistake, normal

from .common import not_allowed, tensors

READY_MADE = (".scaled_dot_product_attention", "seqviz.data", "seqviz.plots")
NOT_ALLOWED = (*not_allowed(autograd=True), *READY_MADE)
BY_HAND = (*not_allowed(autograd=False), *READY_MADE)


@exercise(
    returns=("z: batch features", "k: batch head time key", "v: batch head time value"),
    groups={"nothing kept": 1, "rows as they were": 1, "rows in another order": 2},
    forbid=NOT_ALLOWED,
    tolerance=1e-6,  # frequencies made of whole numbers are float32
)
class kv_cache_step:
    "One new token of every row, which reads kept keys and values."

    def inputs(generator):
        yield (
            "rows in another order",
            {
                **tensors(x=[[1.0], [1.0], [1.0]], k=[[[[1.0, 0.0]]], [[[1.0, 0.0]]]], v=[[[[2.0]]], [[[4.0]]]]),
                "parents": torch.tensor([1, 1, 0]),
                **tensors(W_q=[[0.0], [0.0]], W_k=[[1.0], [0.0]], W_v=[[6.0]]),
            },
        )
        for group, rows, batch, heads, time, key, value, size, dtype in [
            ("nothing kept", 2, 2, 3, 0, 4, 5, 6, torch.float64),
            ("nothing kept", 3, 3, 2, 0, 2, 1, 7, torch.float64),
            ("nothing kept", 1, 4, 2, 0, 6, 3, 5, torch.float64),  # a beam begins
            ("rows as they were", 2, 2, 3, 5, 4, 7, 6, torch.float64),
            ("rows as they were", 4, 4, 1, 2, 6, 3, 5, torch.float32),
            ("rows as they were", 1, 1, 2, 1, 2, 4, 3, torch.float64),
            ("rows in another order", 4, 3, 2, 5, 6, 1, 7, torch.float64),
            ("rows in another order", 2, 5, 3, 4, 2, 6, 8, torch.float64),
            ("rows in another order", 3, 4, 1, 6, 4, 5, 2, torch.float32),
            ("rows in another order", 4, 4, 2, 3, 6, 5, 7, torch.float64),
            ("rows in another order", 5, 2, 3, 40, 8, 4, 6, torch.float64),
            ("rows in another order", 3, 2, 2, 40, 4, 3, 5, torch.float64),
            ("rows in another order", 4, 1, 2, 3, 4, 5, 6, torch.float64),  # a beam has narrowed
        ]:
            parents = torch.arange(batch).clamp(max=rows - 1)
            if group == "rows in another order":
                parents = torch.randint(rows, (batch,), generator=generator)
                parents[0], parents[1:2] = rows - 1, 0
            yield (
                group,
                {
                    # of keys of 8 numbers: scores in the thousands
                    "x": normal(generator, batch, size, scale=1000.0 if key == 8 else 1.0, dtype=dtype),
                    "k": normal(generator, rows, heads, time, key, dtype=dtype),
                    "v": normal(generator, rows, heads, time, value, dtype=dtype),
                    "parents": parents,
                    "W_q": normal(generator, heads * key, size, scale=0.8, dtype=dtype),
                    "W_k": normal(generator, heads * key, size, scale=0.8, dtype=dtype),
                    "W_v": normal(generator, heads * value, size, dtype=dtype),
                },
            )

    def reference(x, k, v, parents, W_q, W_k, W_v):
        return stepped(x, k, v, parents, W_q, W_k, W_v)

    @mistake(
        "the new token at position 0",
        hint="With an empty cache you are right. How many tokens stand before the new one?",
    )
    def at_zero(x, k, v, parents, W_q, W_k, W_v):
        return stepped(x, k, v, parents, W_q, W_k, W_v, position=lambda time: 0)

    @mistake("positions from 1 on", hint="Which position has the first token of all? How many are kept then?")
    def from_one(x, k, v, parents, W_q, W_k, W_v):
        return stepped(x, k, v, parents, W_q, W_k, W_v, position=lambda time: time + 1)

    @mistake("the position of the last token kept", hint="Positions begin at 0. Which one is the first that is free?")
    def one_before(x, k, v, parents, W_q, W_k, W_v):
        return stepped(x, k, v, parents, W_q, W_k, W_v, position=lambda time: max(time - 1, 0))

    @mistake(
        "the cache not re-ordered",
        hint="Where the rows stay as they were you are right. Whose past does row 0 go on from?",
    )
    def not_reordered(x, k, v, parents, W_q, W_k, W_v):
        rows = torch.arange(len(x)) % len(k)
        return stepped(x, k, v, rows, W_q, W_k, W_v)

    @mistake("the keys re-ordered and the values not", hint="Of what does a past consist? What has to follow its row?")
    def keys_alone(x, k, v, parents, W_q, W_k, W_v):
        rows = torch.arange(len(x)) % len(v)
        return stepped(x, k[parents], v[rows], torch.arange(len(x)), W_q, W_k, W_v)

    @mistake(
        "the query not turned", hint="A score depends on the distance if both are turned. Which of the two is not?"
    )
    def query_not_turned(x, k, v, parents, W_q, W_k, W_v):
        return stepped(x, k, v, parents, W_q, W_k, W_v, turns=("key",))

    @mistake("the new key not turned", hint="What stands in the cache: keys before they were turned, or after?")
    def key_not_turned(x, k, v, parents, W_q, W_k, W_v):
        return stepped(x, k, v, parents, W_q, W_k, W_v, turns=("query",))

    @mistake(
        "the new key kept before it was turned", hint="Your z is right. What will the next step find in the cache?"
    )
    def kept_too_early(x, k, v, parents, W_q, W_k, W_v):
        z, _, values = stepped(x, k, v, parents, W_q, W_k, W_v)
        return z, stepped(x, k, v, parents, W_q, W_k, W_v, turns=("query",))[1], values

    @mistake(
        "all keys turned again",
        hint="With an empty cache you are right. By which position have the kept keys been turned already?",
    )
    def turned_again(x, k, v, parents, W_q, W_k, W_v):
        time = k.shape[2]
        k = torch.stack([turned(k[:, :, t], time) for t in range(time)], 2) if time else k
        return stepped(x, k, v, parents, W_q, W_k, W_v)

    @mistake("turned in halves", hint="Which two numbers of a query make a pair: neighbours, or one from each half?")
    def in_halves(x, k, v, parents, W_q, W_k, W_v):
        return stepped(x, k, v, parents, W_q, W_k, W_v, turn=turned_in_halves)

    @mistake("turned the other way round", hint="Look at the signs of the two sines.")
    def backwards(x, k, v, parents, W_q, W_k, W_v):
        return stepped(x, k, v, parents, W_q, W_k, W_v, turn=lambda one, position: turned(one, -position))

    @mistake("the new token does not see itself", hint="When are the new key and value appended: before they are read?")
    def not_itself(x, k, v, parents, W_q, W_k, W_v):
        _, keys, values = stepped(x, k, v, parents, W_q, W_k, W_v)
        if not k.shape[2]:
            return torch.zeros(len(x), v.shape[1] * v.shape[-1], dtype=x.dtype), keys, values
        asks = turned((x @ W_q.mT).unflatten(-1, (k.shape[1], -1)), k.shape[2])
        weights = (asks[:, :, None] @ k[parents].mT / math.sqrt(k.shape[-1])).softmax(-1)
        return (weights @ v[parents]).flatten(1), keys, values

    @mistake("not divided by the root of the key's size", hint="What is missing in the exponent?")
    def not_divided(x, k, v, parents, W_q, W_k, W_v):
        return stepped(x, k, v, parents, W_q, W_k, W_v, by=1.0)

    @mistake("divided by the root of the model's size", hint="Of how many products is a score the sum?")
    def by_model(x, k, v, parents, W_q, W_k, W_v):
        return stepped(x, k, v, parents, W_q, W_k, W_v, by=math.sqrt(x.shape[1]))


def frequencies(key):
    return 10_000.0 ** (-torch.arange(0, key, 2, dtype=torch.float64) / key)


def turned(one, position):
    """Turn pairs of neighbours, [..., key], by the angles of a position."""
    angle = position * frequencies(one.shape[-1])
    cos, sin = angle.cos().to(one.dtype), angle.sin().to(one.dtype)
    first, second = one[..., 0::2], one[..., 1::2]
    return torch.stack([first * cos - second * sin, first * sin + second * cos], -1).flatten(-2)


def turned_in_halves(one, position):
    angle = position * frequencies(one.shape[-1])
    cos, sin = angle.cos().to(one.dtype), angle.sin().to(one.dtype)
    first, second = one.chunk(2, -1)
    return torch.cat([first * cos - second * sin, first * sin + second * cos], -1)


def stepped(
    x, k, v, parents, W_q, W_k, W_v, *, position=lambda time: time, turns=("query", "key"), turn=turned, by=None
):
    """Return z and both caches; position, what is turned, how, and the divisor may be changed."""
    heads, at = k.shape[1], position(k.shape[2])
    asks, key, value = ((x @ W.mT).unflatten(-1, (heads, -1)) for W in (W_q, W_k, W_v))
    asks = turn(asks, at) if "query" in turns else asks
    key = turn(key, at) if "key" in turns else key
    k, v = torch.cat([k[parents], key[:, :, None]], 2), torch.cat([v[parents], value[:, :, None]], 2)
    scores = asks[:, :, None] @ k.mT / (math.sqrt(k.shape[-1]) if by is None else by)
    return (scores.softmax(-1) @ v).flatten(1), k, v


@exercise(
    returns="said: batch new",
    groups={"the likeliest": 1, "drawn": 1, "longer than can be read": 1, "rows that end": 1},
    forbid=NOT_ALLOWED,
)
class generate:
    "What a model writes after a prompt, row by row, with the numbers given."

    def inputs(generator):
        # the worked example: token 0 is followed by 1 or 2, 1 by 0 or 2, 2 by anything; nothing but the last counts
        table = torch.tensor(
            [[0.0, 0.75, 0.25, 0.0], [0.5, 0.0, 0.5, 0.0], [0.25, 0.25, 0.25, 0.25], [0.0, 0.0, 0.0, 1.0]]
        )
        yield (
            "rows that end",
            {
                "prompt": torch.tensor([[1, 0], [0, 1]]),
                "new": 3,
                "longest": 5,
                "temperature": 1.0,
                **tensors(u=[[0.8, 0.3, 0.9], [0.4, 0.5, 0.6]]),
                "end": 2,
                "pad": 3,
                "E": torch.zeros(4, 4, dtype=torch.float64),
                "P": torch.zeros(5, 4, dtype=torch.float64),
                "V": table.double().clamp(min=1e-9).log().T.contiguous(),
            },
        )
        for group, batch, before, new, longest, vocabulary, temperature in [
            ("the likeliest", 3, 2, 4, 9, 5, 0.0),
            ("the likeliest", 4, 1, 5, 8, 6, 0.0),
            ("the likeliest", 1, 3, 4, 9, 6, 0.0),
            ("the likeliest", 4, 3, 1, 7, 8, 0.0),
            ("drawn", 4, 3, 5, 10, 6, 1.0),
            ("drawn", 5, 2, 6, 9, 7, 0.5),
            ("drawn", 3, 4, 5, 11, 8, 2.0),
            ("drawn", 3, 2, 4, 7, 5, 0.0002),
            ("drawn", 2, 3, 4, 8, 5, 0.6),
            ("drawn", 1, 2, 5, 8, 7, 1.5),
            ("drawn", 6, 3, 1, 9, 7, 0.8),
            ("longer than can be read", 4, 6, 5, 4, 7, 0.7),
            ("longer than can be read", 3, 2, 7, 5, 6, 0.0),
            ("longer than can be read", 5, 3, 6, 3, 5, 1.5),
            ("longer than can be read", 2, 3, 4, 1, 6, 1.0),
            ("rows that end", 6, 2, 5, 9, 4, 1.0),
            ("rows that end", 5, 3, 6, 12, 3, 1.3),
            ("rows that end", 8, 3, 7, 4, 4, 0.8),
            ("rows that end", 4, 2, 9, 12, 3, 0.9),
            ("rows that end", 7, 2, 5, 8, 5, 1.2),
            ("rows that end", 6, 4, 7, 9, 4, 0.0),
        ]:
            ends, size = group == "rows that end", 5
            dtype = torch.float32 if (batch, before) in ((5, 2), (5, 3)) else torch.float64
            u = torch.rand(batch, new, generator=generator, dtype=torch.float64) * 0.99
            V = normal(generator, vocabulary, vocabulary, dtype=dtype)
            end, pad = (1, 0) if ends else (vocabulary, 0)  # an end that never comes
            if (batch, before, new) == (2, 3, 4) and longest == 8:  # token 0 is impossible, and the number is 0
                u, V[0] = torch.zeros_like(u), -10_000.0
            if temperature == 0.0002:  # two tokens whose exponentials no float holds; the second is the likelier
                V[-2:] += torch.tensor([[10.0], [20.0]], dtype=dtype)
            if ends and new == 9:  # the end is likely: all rows are finished long before the last column
                V[1] += 4.0
                pad = 2
            if ends and temperature == 0:  # after k comes k - 1: all rows end, and not all at once
                V = V + 30.0 * torch.eye(vocabulary, dtype=dtype).roll(-1, 0)
                pad = 2
            if ends and batch == 7:
                end, pad = 0, 2
            yield (
                group,
                {
                    "prompt": torch.randint(vocabulary, (batch, before), generator=generator),
                    "new": new,
                    "longest": longest,
                    "temperature": temperature,
                    "u": u.to(dtype),
                    "end": end,
                    "pad": pad,
                    "E": normal(generator, vocabulary, size, dtype=dtype),
                    "P": normal(generator, longest, size, dtype=dtype),
                    "V": V,
                },
            )

    def drive(student, prompt, new, longest, temperature, u, end, pad, E, P, V):
        """Let a small causal model be asked: it reads at most as many tokens as P has rows, and knows places."""
        import torch

        def logits_of(tokens):
            if tokens.ndim != 2 or not 1 <= tokens.shape[1] <= len(P):
                raise ValueError(
                    f"the model reads 1 to {len(P)} steps, [batch, time]; it was given {list(tokens.shape)}"
                )
            seen = torch.cumsum(E[tokens] * P[: tokens.shape[1]], 1)
            return V.mT[tokens] + torch.tanh(seen) @ E.mT

        return student(logits_of, prompt, new, longest, temperature, u, end, pad)

    def reference(logits_of, prompt, new, longest, temperature, u, end, pad):
        return write(logits_of, prompt, new, longest, temperature, u, end, pad)

    @mistake(
        "the first position taken", hint="The model answers at every step. Which answer is that to the whole text?"
    )
    def first_position(logits_of, prompt, new, longest, temperature, u, end, pad):
        return write(logits_of, prompt, new, longest, temperature, u, end, pad, place=0)

    @mistake(
        "the answers taken from the end of the prompt",
        hint="The first new token is right. After it, of which step do you take the answer?",
    )
    def end_of_prompt(logits_of, prompt, new, longest, temperature, u, end, pad):
        return write(logits_of, prompt, new, longest, temperature, u, end, pad, place=min(prompt.shape[1], longest) - 1)

    @mistake(
        "more read than the model can",
        hint="As long as the text is short you are right. How many steps may the model be given?",
    )
    def not_cropped(logits_of, prompt, new, longest, temperature, u, end, pad):
        return write(logits_of, prompt, new, 10**6, temperature, u, end, pad)

    @mistake(
        "the beginning kept instead of the end",
        hint="As long as the text is short you are right. If not all of it can be read: which part do you read?",
    )
    def beginning_kept(logits_of, prompt, new, longest, temperature, u, end, pad):
        return write(logits_of, prompt, new, longest, temperature, u, end, pad, crop=lambda text: text[:, :longest])

    @mistake("the last token alone read", hint="The model has no cache. What does it know of the earlier tokens?")
    def no_context(logits_of, prompt, new, longest, temperature, u, end, pad):
        return write(logits_of, prompt, new, longest, temperature, u, end, pad, crop=lambda text: text[:, -1:])

    @mistake(
        "the same number for every token",
        hint="The first new token is right. Which of the numbers belongs to the second?",
    )
    def same_number(logits_of, prompt, new, longest, temperature, u, end, pad):
        return write(logits_of, prompt, new, longest, temperature, u[:, :1].expand(-1, new), end, pad)

    @mistake(
        "multiplied by the temperature", hint="At the temperature 1 you are right. Is a hot text more even, or less?"
    )
    def multiplied(logits_of, prompt, new, longest, temperature, u, end, pad):
        return write(logits_of, prompt, new, longest, 1 / temperature if temperature else 0.0, u, end, pad)

    @mistake("the temperature without effect", hint="At the temperature 1 you are right. Where do you use it?")
    def no_temperature(logits_of, prompt, new, longest, temperature, u, end, pad):
        return write(logits_of, prompt, new, longest, 1.0 if temperature else 0.0, u, end, pad)

    @mistake(
        "divided by a temperature of 0",
        hint="Above 0 you are right. What is a score divided by 0? What should be said at the temperature 0?",
    )
    def by_zero(logits_of, prompt, new, longest, temperature, u, end, pad):
        return write(logits_of, prompt, new, longest, temperature, u, end, pad, always_drawn=True)

    @mistake(
        "drawn at the temperature 0",
        hint="Above 0 you are right. Which token is left as the temperature falls to 0?",
    )
    def drawn_at_zero(logits_of, prompt, new, longest, temperature, u, end, pad):
        return write(logits_of, prompt, new, longest, temperature or 1.0, u, end, pad)

    @mistake("the end ignored", hint="Where no row ends you are right. What comes after the end token?")
    def never_ends(logits_of, prompt, new, longest, temperature, u, end, pad):
        return write(logits_of, prompt, new, longest, temperature, u, -1, pad)

    @mistake(
        "all rows end with the first that does",
        hint="Where no row ends you are right. May the others go on when one has ended?",
    )
    def all_end(logits_of, prompt, new, longest, temperature, u, end, pad):
        return write(logits_of, prompt, new, longest, temperature, u, end, pad, together=True)

    @mistake("the end token itself not said", hint="Where no row ends you are right. What stands where a row ends?")
    def end_not_said(logits_of, prompt, new, longest, temperature, u, end, pad):
        said = write(logits_of, prompt, new, longest, temperature, u, end, pad)
        return torch.where(said == end, pad, said)

    @mistake("the prompt returned, too", hint="How many columns has the result?")
    def with_prompt(logits_of, prompt, new, longest, temperature, u, end, pad):
        return torch.cat([prompt, write(logits_of, prompt, new, longest, temperature, u, end, pad)], 1)


def write(
    logits_of,
    prompt,
    new,
    longest,
    temperature,
    u,
    end,
    pad,
    *,
    place=-1,
    crop=None,
    always_drawn=False,
    together=False,
):
    """Return what is said; which answer is taken, what is read, and how rows end may be changed."""
    text, ended, said = prompt, torch.zeros(len(prompt), dtype=torch.bool), []
    for step in range(new):
        scores = logits_of(text[:, -longest:] if crop is None else crop(text))[:, place]
        if temperature == 0 and not always_drawn:
            token = scores.argmax(-1)
        else:
            ends = (scores / temperature).softmax(-1).cumsum(-1)
            token = (ends <= u[:, step, None]).sum(-1)
        token = torch.where(ended, pad, token)
        ended = ended | (token == end)
        if together and bool(ended.any()):
            ended = torch.ones_like(ended)
        said.append(token)
        # what has no row in the tables is said, and something else read
        text = torch.cat([text, token[:, None]], 1)
    return torch.stack(said, 1)


@exercise(
    returns=("loss", "grad_E: token size"),
    groups={"each token once": 1, "tokens that repeat": 2, "sizes": 1},
    forbid=BY_HAND,
    tolerance=1e-6,  # the root of a whole number is float32
)
class tie_weights:
    "The loss of a small model with one matrix at both ends, and the gradient of that matrix."

    def inputs(generator):
        log_3 = math.log(3)
        yield (
            "each token once",
            tensors(E=[[0.0], [log_3]], A=[[1 / log_3]], tokens=[[1]], targets=[[0]]),
        )
        for group, batch, time, vocabulary, size, dtype in [
            ("each token once", 2, 3, 7, 4, torch.float64),
            ("each token once", 1, 4, 5, 3, torch.float64),
            ("tokens that repeat", 2, 6, 4, 5, torch.float64),
            ("tokens that repeat", 3, 4, 5, 2, torch.float64),
            ("tokens that repeat", 4, 5, 3, 6, torch.float32),
            ("sizes", 3, 5, 6, 1, torch.float64),
            ("sizes", 5, 1, 4, 9, torch.float64),
            ("sizes", 2, 7, 5, 3, torch.float64),
        ]:
            many = batch * time
            drawn = torch.randperm(vocabulary, generator=generator)[:many]
            if group != "each token once":
                drawn = torch.randint(vocabulary - 1, (many,), generator=generator)  # the last is never read
                drawn[-1] = drawn[0]
            # in five steps, the last is not to be said either
            targets = torch.randint(vocabulary - (time == 5), (many,), generator=generator)
            yield (
                group,
                {
                    # of 7 steps: scores in the thousands
                    "E": normal(generator, vocabulary, size, scale=30.0 if time == 7 else size**-0.5, dtype=dtype),
                    "A": normal(generator, size, size, scale=size**-0.5, dtype=dtype),
                    "tokens": drawn.view(batch, time),
                    "targets": targets.view(batch, time),
                },
            )

    def reference(E, A, tokens, targets):
        return both_ends(E, A, tokens, targets)

    @mistake("the use at the output alone", hint="The loss is right. At how many places of the equations does E stand?")
    def output_alone(E, A, tokens, targets):
        return both_ends(E, A, tokens, targets, read=0.0)

    @mistake(
        "the use at the input alone", hint="The loss is right. Does the output layer have no part in the gradient?"
    )
    def input_alone(E, A, tokens, targets):
        return both_ends(E, A, tokens, targets, said=0.0)

    @mistake(
        "the mean of both uses", hint="The loss is right. Two ways lead from E to the loss: what is done with them?"
    )
    def mean_of_both(E, A, tokens, targets):
        return both_ends(E, A, tokens, targets, read=0.5, said=0.5)

    @mistake(
        "the last step that read a token takes the place of the others",
        hint="Where each token is read once you are right. What does an assignment to E[tokens] do with a token that"
        " comes up twice?",
    )
    def overwritten(E, A, tokens, targets):
        loss, of_output = both_ends(E, A, tokens, targets, read=0.0)
        of_input = torch.zeros_like(E)
        for token, one in zip(tokens.flatten(), gradient_of_input(E, A, tokens, targets).flatten(0, 1), strict=True):
            of_input[token] = one
        return loss, of_output + of_input

    @mistake(
        "the factor left out on the way back",
        hint="With vectors of one number you are right. What multiplies E on the way in?",
    )
    def factor_lost(E, A, tokens, targets):
        return both_ends(E, A, tokens, targets, read=E.shape[1] ** -0.5)

    @mistake("the factor left out", hint="With vectors of one number you are right. By what is E multiplied to be x?")
    def no_factor(E, A, tokens, targets):
        return both_ends(E, A, tokens, targets, factor=1.0)

    @mistake("the factor not the root", hint="With vectors of one number you are right. Is the factor d, or its root?")
    def not_the_root(E, A, tokens, targets):
        return both_ends(E, A, tokens, targets, factor=float(E.shape[1]))

    @mistake("A not transposed back", hint="h = A x. By what does the gradient of h become that of x?")
    def wrong_way(E, A, tokens, targets):
        loss, of_output = both_ends(E, A, tokens, targets, read=0.0)
        read = torch.eye(len(E), dtype=E.dtype)[tokens].flatten(0, 1)
        back = E.shape[1] ** 0.5 * gradient_of_scores(E, A, tokens, targets)[0] @ E @ A.mT
        return loss, of_output + read.mT @ back.flatten(0, 1)

    @mistake("A left out on the way back", hint="Between the scores and x stands A. Where is it in your gradient?")
    def without_A(E, A, tokens, targets):
        loss, of_output = both_ends(E, A, tokens, targets, read=0.0)
        read = torch.eye(len(E), dtype=E.dtype)[tokens].flatten(0, 1)
        back = E.shape[1] ** 0.5 * gradient_of_scores(E, A, tokens, targets)[0] @ E
        return loss, of_output + read.mT @ back.flatten(0, 1)

    @mistake("the output reads x, not h", hint="Which vectors are multiplied by E at the output?")
    def reads_x(E, A, tokens, targets):
        loss, of_input = both_ends(E, A, tokens, targets, said=0.0)
        scores, _ = gradient_of_scores(E, A, tokens, targets)
        return loss, of_input + torch.einsum("btv,btd->vd", scores, E.shape[1] ** 0.5 * E[tokens])

    @mistake("summed over the steps", hint="With a single step you are right. Is the loss a sum or a mean?")
    def summed(E, A, tokens, targets):
        loss, gradient = both_ends(E, A, tokens, targets)
        return loss * tokens.numel(), gradient * tokens.numel()

    @mistake(
        "a mean as the loss, a sum as the gradient",
        hint="The loss is right, and with a single step all is. What is the mean of many terms divided by?",
    )
    def gradient_summed(E, A, tokens, targets):
        loss, gradient = both_ends(E, A, tokens, targets)
        return loss, gradient * tokens.numel()


def gradient_of_scores(E, A, tokens, targets, factor=None):
    """Return the gradient of the mean loss by the scores, and the loss."""
    factor = E.shape[1] ** 0.5 if factor is None else factor
    log_p = (factor * E[tokens] @ A.mT @ E.mT).log_softmax(-1)
    said = torch.eye(len(E), dtype=E.dtype)[targets]
    return (log_p.exp() - said) / targets.numel(), -(said * log_p).sum(-1).mean()


def gradient_of_input(E, A, tokens, targets, factor=None):
    """Return what each step that reads a token adds to its row."""
    factor = E.shape[1] ** 0.5 if factor is None else factor
    return factor * gradient_of_scores(E, A, tokens, targets, factor)[0] @ E @ A


def both_ends(E, A, tokens, targets, *, read=1.0, said=1.0, factor=None):
    """Return loss and gradient; the two uses and the factor may be weighed."""
    factor = E.shape[1] ** 0.5 if factor is None else factor
    scores, loss = gradient_of_scores(E, A, tokens, targets, factor)
    of_output = torch.einsum("btv,btd->vd", scores, factor * E[tokens] @ A.mT)
    once = torch.eye(len(E), dtype=E.dtype)[tokens]
    of_input = torch.einsum("btv,btd->vd", once, gradient_of_input(E, A, tokens, targets, factor))
    return loss, said * of_output + read * of_input


@exercise(
    returns="perplexity",
    groups={"no overlap": 1, "overlap": 2, "a last window that is not full": 1},
    forbid=NOT_ALLOWED,
)
class perplexity_sliding:
    "The perplexity of a text that is read in windows."

    def inputs(generator):
        halves = torch.full((6, 6), -9.0, dtype=torch.float64)
        halves[0, 1:4], halves[2, 4:6] = torch.tensor([-1.0, -2.0, -3.0]), torch.tensor([-3.0, -1.0])
        halves[torch.ones(6, 6).tril().bool()] = math.nan
        yield "overlap", {"log_p": halves * math.log(2), "window": 3, "stride": 2}
        for group, time, window, stride in [
            ("no overlap", 9, 4, 4),
            ("no overlap", 7, 6, 6),
            ("no overlap", 6, 1, 1),
            ("no overlap", 13, 3, 3),
            ("overlap", 10, 5, 2),
            ("overlap", 12, 8, 3),
            ("overlap", 9, 4, 1),
            ("overlap", 11, 4, 3),
            ("overlap", 60, 16, 5),
            ("overlap", 8, 5, 2),
            ("a last window that is not full", 10, 4, 4),
            ("a last window that is not full", 11, 6, 3),
            ("a last window that is not full", 9, 5, 2),
            ("a last window that is not full", 5, 7, 4),
            ("a last window that is not full", 2, 3, 2),
        ]:
            log_p = torch.rand(time, time, generator=generator, dtype=torch.float64).clamp(min=0.05).log()
            log_p[torch.ones(time, time).tril().bool()] = math.nan
            log_p = log_p - 20 if time == 60 else log_p  # the product of all is below the smallest float
            if time == 8:  # one of the tokens is impossible
                log_p[:6, 6] = -math.inf
            dtype = torch.float32 if time == 11 else torch.float64
            yield group, {"log_p": log_p.to(dtype), "window": window, "stride": stride}

    def reference(log_p, window, stride):
        return (-scored(log_p, window, stride)).mean().exp()

    @mistake(
        "the overlap scored twice", hint="Without overlap you are right. How many terms has your mean, of how many?"
    )
    def twice(log_p, window, stride):
        terms = torch.cat([of_window(log_p, begin, window) for begin in begins(log_p, window, stride)])
        return (-terms).mean().exp()

    @mistake(
        "a window moved by its whole length", hint="Without overlap you are right. Where does the second window begin?"
    )
    def no_overlap(log_p, window, stride):
        return (-scored(log_p, window, window)).mean().exp()

    @mistake("moved by one step", hint="What does the stride say, and where do you use it?")
    def by_one(log_p, window, stride):
        return (-scored(log_p, window, 1)).mean().exp()

    @mistake(
        "scored by the last window that holds a token",
        hint="Without overlap you are right. A token is in several windows: in which of them is it told most?",
    )
    def least_context(log_p, window, stride):
        tokens = torch.arange(1, len(log_p))
        latest = (tokens - 1) // stride * stride
        last = begins(log_p, window, stride)[-1]
        return (-log_p[latest.clamp(max=last), tokens]).mean().exp()

    @mistake(
        "the predicted token counted as one that is read",
        hint="A window of w reads w tokens. How many does it predict?",
    )
    def one_short(log_p, window, stride):
        if window == 1:
            return (-log_p[torch.arange(len(log_p) - 1), torch.arange(1, len(log_p))]).sum().exp()
        return (-scored(log_p, window - 1, min(stride, window - 1))).mean().exp()

    @mistake(
        "a last window that is not full dropped",
        hint="Where all windows are full you are right. Which tokens have you not scored?",
    )
    def dropped(log_p, window, stride):
        full = max((len(log_p) - 1 - window) // stride * stride + window, 0)
        terms = scored(log_p, window, stride)[:full]
        return (-terms).mean().exp() if len(terms) else torch.tensor(math.nan, dtype=log_p.dtype)

    @mistake(
        "everything before read",
        hint="You are right as long as the first window lasts. What may the last token not see?",
    )
    def everything(log_p, window, stride):
        return (-log_p[0, 1:]).mean().exp()

    @mistake("the mean of exponentials", hint="Is it the exponential of the mean, or the mean of exponentials?")
    def mean_of_exp(log_p, window, stride):
        return (-scored(log_p, window, stride)).exp().mean()

    @mistake("the mean of the windows' perplexities", hint="Does a token of a short window count as much as others?")
    def mean_of_windows(log_p, window, stride):
        parts = parts_of(log_p, window, stride)
        return torch.stack([(-part).mean().exp() for part in parts]).mean()

    @mistake("the cross-entropy, not the perplexity", hint="What is still to be done with the mean?")
    def nats(log_p, window, stride):
        return (-scored(log_p, window, stride)).mean()

    @mistake(
        "divided by the number of all tokens", hint="The first token is scored by nobody. How many terms are there?"
    )
    def over_all(log_p, window, stride):
        return (-scored(log_p, window, stride).sum() / len(log_p)).exp()


def begins(log_p, window, stride):
    """Return where windows begin, until all tokens are scored."""
    starts = [0]
    while starts[-1] + window < len(log_p) - 1:
        starts.append(starts[-1] + stride)
    return starts


def of_window(log_p, begin, window):
    """Return the log-probabilities of all that a window predicts."""
    return log_p[begin, begin + 1 : begin + window + 1]


def parts_of(log_p, window, stride):
    """Return for each window what no window before it has scored."""
    parts, done = [], 1
    for begin in begins(log_p, window, stride):
        part = log_p[begin, done : begin + window + 1]
        parts.append(part)
        done += len(part)
    return parts


def scored(log_p, window, stride):
    return torch.cat(parts_of(log_p, window, stride))
