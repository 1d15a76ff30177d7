"""Checks of chapter 02: one joint matrix, a leaky unit, a padded batch, one to many. For instructors only."""

import torch

from seqviz.checks import exercise, mistake, normal

from .common import not_allowed, tensors, weights

NOT_ALLOWED = not_allowed("torch.rnn_tanh", "torch.rnn_tanh_cell", autograd=True)


def step(x_t, h, W_xh, W_hh, b_h):
    return torch.tanh(x_t @ W_xh.T + h @ W_hh.T + b_h)


@exercise(
    returns=("h_t: batch unit", "W: unit joint"),
    groups={"several sequences": 2, "one sequence of one number": 1},
    forbid=NOT_ALLOWED,
)
class compact_step:
    "One joint matrix over the state, the input and a one: W = [W_hh | W_xh | b_h]."

    def inputs(generator):
        yield (
            "several sequences",
            tensors(
                x_t=[[0.3]],
                h=[[0.2, 0.4]],
                W_xh=[[2.0], [1.0]],
                W_hh=[[0.5, -1.0], [0.0, 1.0]],
                b_h=[0.1, -0.2],
            ),
        )
        for group, batch, feature, unit, dtype in [
            ("several sequences", 2, 3, 5, torch.float64),
            ("several sequences", 3, 4, 4, torch.float64),
            ("several sequences", 4, 5, 3, torch.float32),
            ("one sequence of one number", 1, 1, 3, torch.float64),
        ]:
            drawn = weights(generator, feature, unit, dtype)
            yield (
                group,
                {
                    "x_t": normal(generator, batch, feature, dtype=dtype),
                    "h": normal(generator, batch, unit, dtype=dtype),
                    **drawn,
                },
            )

    def reference(x_t, h, W_xh, W_hh, b_h):
        W = torch.cat([W_hh, W_xh, b_h[:, None]], dim=1)
        joint = torch.cat([h, x_t, torch.ones_like(h[:, :1])], dim=1)
        return torch.tanh(joint @ W.T), W

    @mistake(
        "blocks of the joint matrix swapped",
        hint="Multiply the first row of your W with [h; x_t; 1] on paper: which numbers does each weight of W_xh meet?",
    )
    def swapped(x_t, h, W_xh, W_hh, b_h):
        W = torch.cat([W_xh, W_hh, b_h[:, None]], dim=1)
        return torch.tanh(torch.cat([h, x_t, torch.ones_like(h[:, :1])], dim=1) @ W.T), W

    @mistake(
        "the other order of the blocks, in the matrix and in the vector",
        hint="h_t is right: matrix and vector agree. The equation asks for another order of the blocks.",
    )
    def both_swapped(x_t, h, W_xh, W_hh, b_h):
        W = torch.cat([W_xh, W_hh, b_h[:, None]], dim=1)
        return torch.tanh(torch.cat([x_t, h, torch.ones_like(h[:, :1])], dim=1) @ W.T), W

    @mistake(
        "joint matrix transposed",
        hint="h_t is right. In the equation W multiplies a column: how many rows has it then, and how many columns?",
    )
    def transposed(x_t, h, W_xh, W_hh, b_h):
        W = torch.cat([W_hh.T, W_xh.T, b_h[None]], dim=0)
        return torch.tanh(torch.cat([h, x_t, torch.ones_like(h[:, :1])], dim=1) @ W), W

    @mistake(
        "block W_hh transposed",
        hint="W is right. A batch has its states in rows, the equation in columns: follow W_hh through the product.",
    )
    def transposed_block(x_t, h, W_xh, W_hh, b_h):
        W = torch.cat([W_hh, W_xh, b_h[:, None]], dim=1)
        return torch.tanh(h @ W_hh + x_t @ W_xh.T + b_h), W

    @mistake(
        "bias added a second time",
        hint="Count how often b_h reaches h_t. What does the last column of W already do?",
    )
    def bias_twice(x_t, h, W_xh, W_hh, b_h):
        W = torch.cat([W_hh, W_xh, b_h[:, None]], dim=1)
        return torch.tanh(torch.cat([h, x_t, torch.ones_like(h[:, :1])], dim=1) @ W.T + b_h), W

    @mistake("tanh missing", hint="W is right. Can a state of this network be larger than 1? Are yours?")
    def linear(x_t, h, W_xh, W_hh, b_h):
        W = torch.cat([W_hh, W_xh, b_h[:, None]], dim=1)
        return torch.cat([h, x_t, torch.ones_like(h[:, :1])], dim=1) @ W.T, W


@exercise(
    returns="h_t: batch unit",
    groups={"one α": 2, "α = 1": 1, "one α for each unit": 1},
    forbid=NOT_ALLOWED,
)
class leaky_step:
    "One step of a leaky integrator: h_t = (1 − α) h_{t−1} + α tanh(W_xh x_t + W_hh h_{t−1} + b_h)."

    def inputs(generator):
        worked = {"x_t": [[1.0]], "h": [[0.8]], "W_xh": [[0.5]], "W_hh": [[-1.0]], "b_h": [0.8], "alpha": 0.25}
        yield "one α", tensors(**worked)
        for group, batch, feature, unit, alpha, dtype in [
            ("one α", 2, 3, 5, 0.3, torch.float64),
            ("one α", 3, 4, 4, 0.6, torch.float64),
            ("one α", 4, 2, 3, 0.3, torch.float32),
            ("one α", 2, 3, 4, 0.0, torch.float64),
            ("α = 1", 3, 2, 4, 1.0, torch.float64),
            ("one α for each unit", 2, 5, 3, None, torch.float64),
            ("one α for each unit", 3, 2, 3, None, torch.float64),
        ]:
            drawn = weights(generator, feature, unit, dtype)
            shares = torch.rand(unit, generator=generator, dtype=dtype)
            if batch == unit:  # then a share for each sequence raises no error
                shares[0], shares[1] = 0.0, 1.0
            yield (
                group,
                {
                    "x_t": normal(generator, batch, feature, dtype=dtype),
                    "h": normal(generator, batch, unit, dtype=dtype),
                    **drawn,
                    "alpha": shares if alpha is None else alpha,
                },
            )

    def reference(x_t, h, W_xh, W_hh, b_h, alpha):
        return (1 - alpha) * h + alpha * step(x_t, h, W_xh, W_hh, b_h)

    @mistake(
        "leak on the wrong term",
        hint="With α = 1 nothing of the old state should be left; with α = 0 nothing new should come in. Try both.",
    )
    def swapped_leak(x_t, h, W_xh, W_hh, b_h, alpha):
        return alpha * h + (1 - alpha) * step(x_t, h, W_xh, W_hh, b_h)

    @mistake(
        "leak inside the tanh",
        hint="The tanh squeezes everything within its brackets. Is the part that is kept squeezed in the equation?",
    )
    def leak_inside(x_t, h, W_xh, W_hh, b_h, alpha):
        return torch.tanh((1 - alpha) * h + alpha * (x_t @ W_xh.T + h @ W_hh.T + b_h))

    @mistake(
        "nothing leaks out",
        hint="Let the tanh be 1 at every step. To what value should the state settle? Does yours settle?",
    )
    def no_leak(x_t, h, W_xh, W_hh, b_h, alpha):
        return h + alpha * step(x_t, h, W_xh, W_hh, b_h)

    @mistake(
        "α missing before the tanh",
        hint="With α = 1 you are right. With α = 0 nothing new should come in: does the tanh still come in?",
    )
    def whole_tanh(x_t, h, W_xh, W_hh, b_h, alpha):
        return (1 - alpha) * h + step(x_t, h, W_xh, W_hh, b_h)

    @mistake(
        "the tanh reads what is left of the state",
        hint="With α = 0 you are right. Does W_hh multiply the whole old state in the equation, or a share of it?",
    )
    def leaked_state_inside(x_t, h, W_xh, W_hh, b_h, alpha):
        return (1 - alpha) * h + alpha * step(x_t, (1 - alpha) * h, W_xh, W_hh, b_h)

    @mistake(
        "α inside the bracket of the tanh",
        hint="With α = 1 you are right. Let the tanh be 1: which share of it comes in, in the equation and in yours?",
    )
    def share_inside(x_t, h, W_xh, W_hh, b_h, alpha):
        return (1 - alpha) * h + torch.tanh(alpha * (x_t @ W_xh.T + h @ W_hh.T + b_h))

    @mistake(
        "α inside the bracket of the tanh and before it",
        hint="With α = 1 you are right. How many times does α act on what is new, in the equation and in yours?",
    )
    def share_twice(x_t, h, W_xh, W_hh, b_h, alpha):
        return (1 - alpha) * h + alpha * torch.tanh(alpha * (x_t @ W_xh.T + h @ W_hh.T + b_h))

    @mistake(
        "a tanh around everything",
        hint="The tanh squeezes everything within its brackets. Is the part that is kept squeezed in the equation?",
    )
    def all_squashed(x_t, h, W_xh, W_hh, b_h, alpha):
        return torch.tanh((1 - alpha) * h + alpha * step(x_t, h, W_xh, W_hh, b_h))

    @mistake("a plain step", hint="This is the step of the chapter. Where does α enter?")
    def plain(x_t, h, W_xh, W_hh, b_h, alpha):
        return step(x_t, h, W_xh, W_hh, b_h)

    @mistake(
        "state not carried into the tanh",
        hint="The state appears twice in the equation. One of the two places lets the units talk to each other.",
    )
    def not_carried(x_t, h, W_xh, W_hh, b_h, alpha):
        return (1 - alpha) * h + alpha * torch.tanh(x_t @ W_xh.T + b_h)

    @mistake(
        "W_hh transposed",
        hint="A batch has its states in rows, the equation in columns. Which of the two is multiplied by W_hh.T?",
    )
    def transposed(x_t, h, W_xh, W_hh, b_h, alpha):
        return (1 - alpha) * h + alpha * torch.tanh(x_t @ W_xh.T + h @ W_hh + b_h)


@exercise(
    returns="states: batch time unit",
    groups={"no padding": 1, "padding at the end": 2, "padding anywhere": 1},
    forbid=NOT_ALLOWED,
)
class masked_forward:
    "All states of a padded batch: where the mask is False, a sequence keeps the state it has."

    def inputs(generator):
        one_unit = {"W_xh": [[1.0]], "W_hh": [[0.5]], "b_h": [0.0]}
        worked = {"x": [[[0.5], [9.0], [-0.5]]], "mask": [[True, False, True]], "h_0": [[0.0]]}
        yield "padding anywhere", tensors(**worked, **one_unit)
        nothing_real = {"x": [[[0.5]], [[2.0]]], "mask": [[False], [True]], "h_0": [[0.3], [-0.2]]}
        yield "padding anywhere", tensors(**nothing_real, **one_unit)
        for group, batch, time, feature, unit, dtype in [
            ("no padding", 2, 4, 3, 5, torch.float64),
            ("no padding", 3, 1, 2, 4, torch.float64),
            ("padding at the end", 4, 6, 3, 5, torch.float64),
            ("padding at the end", 3, 5, 2, 4, torch.float32),
            ("padding anywhere", 3, 7, 4, 2, torch.float64),
        ]:
            drawn = weights(generator, feature, unit, dtype)
            yield (
                group,
                {
                    "x": normal(generator, batch, time, feature, dtype=dtype),
                    "mask": draw_mask(generator, group, batch, time),
                    "h_0": normal(generator, batch, unit, dtype=dtype),
                    **drawn,
                },
            )

    def reference(x, mask, h_0, W_xh, W_hh, b_h):
        h, states = h_0, []
        for t in range(x.shape[1]):
            h = torch.where(mask[:, t, None], step(x[:, t], h, W_xh, W_hh, b_h), h)
            states.append(h)
        return torch.stack(states, dim=1)

    @mistake(
        "padding allowed to change the state",
        hint="Give the function a batch whose last steps are padding. Do the last states of that sequence stand still?",
    )
    def moved(x, mask, h_0, W_xh, W_hh, b_h):
        return masked_forward.reference(x, torch.ones_like(mask), h_0, W_xh, W_hh, b_h)

    @mistake(
        "input set to zero, state still moves",
        hint="With x_t = 0 a step still is tanh(W_hh h + b_h). Is that the state unchanged?",
    )
    def zero_input(x, mask, h_0, W_xh, W_hh, b_h):
        return masked_forward.reference(x * mask[..., None], torch.ones_like(mask), h_0, W_xh, W_hh, b_h)

    @mistake(
        "state set to zero in the padding",
        hint="A sequence that is over has something to say: its last state. What is left of it in yours?",
    )
    def zero_state(x, mask, h_0, W_xh, W_hh, b_h):
        h, states = h_0, []
        for t in range(x.shape[1]):
            h = step(x[:, t], h, W_xh, W_hh, b_h) * mask[:, t, None]
            states.append(h)
        return torch.stack(states, dim=1)

    @mistake(
        "padding of the states to zero after the run",
        hint="The states where the mask is True are right. What should stand where it is False?",
    )
    def zero_output(x, mask, h_0, W_xh, W_hh, b_h):
        return masked_forward.reference(x, mask, h_0, W_xh, W_hh, b_h) * mask[..., None]

    @mistake(
        "mask read the other way round", hint="True means: here is a real step. Which of your two states takes it?"
    )
    def inverted(x, mask, h_0, W_xh, W_hh, b_h):
        return masked_forward.reference(x, ~mask, h_0, W_xh, W_hh, b_h)

    @mistake(
        "one mask for the whole batch",
        hint="Sequences end at different steps. Which sequence's mask do the others follow in yours?",
    )
    def first_mask(x, mask, h_0, W_xh, W_hh, b_h):
        return masked_forward.reference(x, mask[:1].expand_as(mask), h_0, W_xh, W_hh, b_h)

    @mistake(
        "stopped for good at the first padding",
        hint="Padding need not be at the end. What happens at a real step that follows a padded one?",
    )
    def frozen(x, mask, h_0, W_xh, W_hh, b_h):
        return masked_forward.reference(x, mask.cumprod(1).bool(), h_0, W_xh, W_hh, b_h)

    @mistake(
        "the mask taken for lengths",
        hint="Padding at the end is right. The number of real steps does not say which ones are real.",
    )
    def as_lengths(x, mask, h_0, W_xh, W_hh, b_h):
        behind = torch.arange(x.shape[1]) < mask.sum(1, keepdim=True)
        return masked_forward.reference(x, behind, h_0, W_xh, W_hh, b_h)

    @mistake(
        "h_0 ignored",
        hint="You start from zero. What is the state of a sequence before its first step?",
    )
    def start_at_zero(x, mask, h_0, W_xh, W_hh, b_h):
        return masked_forward.reference(x, mask, torch.zeros_like(h_0), W_xh, W_hh, b_h)

    @mistake(
        "state not carried",
        hint="Print what each step gets as its old state. Does it ever change?",
    )
    def not_carried(x, mask, h_0, W_xh, W_hh, b_h):
        states = [torch.where(mask[:, t, None], step(x[:, t], h_0, W_xh, W_hh, b_h), h_0) for t in range(x.shape[1])]
        return torch.stack(states, dim=1)


def draw_mask(generator, group, batch, time):
    if group == "no padding":
        return torch.ones(batch, time, dtype=torch.bool)
    if group == "padding anywhere":  # in front, between two real steps, and a sequence of nothing else
        mask = torch.rand(batch, time, generator=generator) < 0.6
        mask[0, :3], mask[0, 3:5] = False, True
        mask[1, :4] = torch.tensor([True, False, False, True])
        mask[2] = False
        return mask
    lengths = torch.randperm(time, generator=generator)[:batch] + 1
    lengths[1] = 2  # not the longest, so that time goes on without it
    return torch.arange(time) < lengths[:, None]


@exercise(
    returns="y: batch time feature",
    groups={"one step": 1, "several steps": 3},
    forbid=NOT_ALLOWED,
)
class one_to_many:
    "Feed the output back: x_{t+1} = ŷ_t = W_hy h_t + b_y, for as many steps as asked."

    def inputs(generator):
        worked = {"x_1": [[0.5]], "h_0": [[0.0]], "W_xh": [[1.0]], "W_hh": [[0.0]], "b_h": [0.0]}
        yield "several steps", tensors(**worked, W_hy=[[2.0]], b_y=[0.0], steps=3)
        for group, batch, steps, feature, unit, dtype in [
            ("one step", 1, 1, 2, 3, torch.float64),
            ("several steps", 1, 2, 3, 2, torch.float64),
            ("one step", 2, 1, 3, 5, torch.float64),
            ("several steps", 3, 4, 2, 5, torch.float64),
            ("several steps", 2, 5, 4, 4, torch.float64),
            ("several steps", 4, 3, 5, 2, torch.float32),
        ]:
            drawn = weights(generator, feature, unit, dtype)
            yield (
                group,
                {
                    "x_1": normal(generator, batch, feature, dtype=dtype),
                    "h_0": normal(generator, batch, unit, dtype=dtype),
                    **drawn,
                    "W_hy": normal(generator, feature, unit, scale=0.7, dtype=dtype),
                    "b_y": normal(generator, feature, scale=0.7, dtype=dtype),
                    "steps": steps,
                },
            )

    def reference(x_1, h_0, W_xh, W_hh, b_h, W_hy, b_y, steps):
        x_t, h, outputs = x_1, h_0, []
        for _ in range(steps):
            h = step(x_t, h, W_xh, W_hh, b_h)
            x_t = h @ W_hy.T + b_y
            outputs.append(x_t)
        return torch.stack(outputs, dim=1)

    @mistake(
        "output read from h_{t−1}",
        hint="Your first output does not depend on x_1 at all. Which state has already seen the input of its step?",
    )
    def old_state(x_1, h_0, W_xh, W_hh, b_h, W_hy, b_y, steps):
        x_t, h, outputs = x_1, h_0, []
        for _ in range(steps):
            y_t = h @ W_hy.T + b_y
            h = step(x_t, h, W_xh, W_hh, b_h)
            x_t = y_t
            outputs.append(y_t)
        return torch.stack(outputs, dim=1)

    @mistake(
        "the first input at every step",
        hint="The first output is right. What does the second step read in your loop, and what should it read?",
    )
    def same_input(x_1, h_0, W_xh, W_hh, b_h, W_hy, b_y, steps):
        h, outputs = h_0, []
        for _ in range(steps):
            h = step(x_1, h, W_xh, W_hh, b_h)
            outputs.append(h @ W_hy.T + b_y)
        return torch.stack(outputs, dim=1)

    @mistake(
        "no input after the first",
        hint="The first output is right. Zeros after it would be another network; this one listens to itself.",
    )
    def zero_input(x_1, h_0, W_xh, W_hh, b_h, W_hy, b_y, steps):
        x_t, h, outputs = x_1, h_0, []
        for _ in range(steps):
            h = step(x_t, h, W_xh, W_hh, b_h)
            x_t = torch.zeros_like(x_1)
            outputs.append(h @ W_hy.T + b_y)
        return torch.stack(outputs, dim=1)

    @mistake(
        "tanh of the output fed back",
        hint="The first output is right. In the equation x_{t+1} = ŷ_t: what do you do to the output on its way back?",
    )
    def squashed_back(*arguments):
        return fed_back(*arguments, back=torch.tanh)

    @mistake(
        "softmax of the output fed back",
        hint="The first output is right. Scores become shares for a loss. Which of them does the next step read?",
    )
    def shares_back(*arguments):
        return fed_back(*arguments, back=lambda y_t: torch.softmax(y_t, -1))

    @mistake(
        "softmax on the output",
        hint="Already the first output is wrong. It is W_hy h_1 + b_y. What else do you do to it?",
    )
    def shares_as_output(*arguments):
        return fed_back(*arguments, shown=lambda y_t: torch.softmax(y_t, -1))

    @mistake(
        "W_hh transposed",
        hint="W_hh is square, so no error tells. A batch has its states in rows, the equation in columns.",
    )
    def transposed(x_1, h_0, W_xh, W_hh, b_h, W_hy, b_y, steps):
        return fed_back(x_1, h_0, W_xh, W_hh.T, b_h, W_hy, b_y, steps)

    @mistake(
        "tanh on the output",
        hint="Already the first output is wrong. It is W_hy h_1 + b_y. What else do you do to it?",
    )
    def squashed_output(*arguments):
        return fed_back(*arguments, shown=torch.tanh)

    @mistake(
        "state not carried",
        hint="The first output is right. Which state does the second step start from?",
    )
    def not_carried(x_1, h_0, W_xh, W_hh, b_h, W_hy, b_y, steps):
        x_t, outputs = x_1, []
        for _ in range(steps):
            x_t = step(x_t, h_0, W_xh, W_hh, b_h) @ W_hy.T + b_y
            outputs.append(x_t)
        return torch.stack(outputs, dim=1)

    @mistake(
        "h_0 ignored",
        hint="You start from zero. What is the state before the first step?",
    )
    def start_at_zero(x_1, h_0, W_xh, W_hh, b_h, W_hy, b_y, steps):
        return one_to_many.reference(x_1, torch.zeros_like(h_0), W_xh, W_hh, b_h, W_hy, b_y, steps)

    @mistake(
        "the states returned",
        hint="What has the size of an input: the state, or what W_hy makes of it?",
    )
    def states_returned(x_1, h_0, W_xh, W_hh, b_h, W_hy, b_y, steps):
        x_t, h, states = x_1, h_0, []
        for _ in range(steps):
            h = step(x_t, h, W_xh, W_hh, b_h)
            x_t = h @ W_hy.T + b_y
            states.append(h)
        return torch.stack(states, dim=1)

    @mistake(
        "state fed back instead of the output",
        hint="With as many features as units nothing complains. What is the size of an input, and what of a state?",
    )
    def state_back(x_1, h_0, W_xh, W_hh, b_h, W_hy, b_y, steps):
        x_t, h, outputs = x_1, h_0, []
        for _ in range(steps):
            h = step(x_t, h, W_xh, W_hh, b_h)
            x_t = h
            outputs.append(h @ W_hy.T + b_y)
        return torch.stack(outputs, dim=1)

    @mistake(
        "inputs returned instead of outputs",
        hint="Your first row is x_1 itself. Collect what a step gives, not what it reads.",
    )
    def shifted(x_1, h_0, W_xh, W_hh, b_h, W_hy, b_y, steps):
        outputs = one_to_many.reference(x_1, h_0, W_xh, W_hh, b_h, W_hy, b_y, steps)
        return torch.cat([x_1[:, None], outputs[:, :-1]], dim=1)


def fed_back(x_1, h_0, W_xh, W_hh, b_h, W_hy, b_y, steps, *, shown=lambda y_t: y_t, back=lambda y_t: y_t):
    """Return all outputs; the keywords make the usual mistakes."""
    x_t, h, outputs = x_1, h_0, []
    for _ in range(steps):
        h = step(x_t, h, W_xh, W_hh, b_h)
        outputs.append(shown(h @ W_hy.T + b_y))
        x_t = back(outputs[-1])
    return torch.stack(outputs, dim=1)
