"""Checks of the LSTM exercises: gates set by hand, a clock, one step back through peepholes, a larger LSTM.

For instructors only. Stacked weights hold row blocks of `unit` rows each, in the order the exercise names.
"""

import math

import torch

from seqviz.checks import exercise, mistake, normal

from .common import not_allowed, stacked, tensors

NOT_ALLOWED = not_allowed("torch.lstm", "torch.lstm_cell", autograd=False)
PEEPHOLES = {  # the worked example of the step back
    "W_x": [[1.0], [0.5], [1.0], [-1.0]],
    "W_h": [[1.0], [1.0], [-1.0], [0.5]],
    "W_c": [[-1.0], [0.5], [1.0]],
    "b": [0.0, 0.0, 0.0, 0.0],
}


def with_peepholes(generator, feature, unit, dtype=torch.float64):
    """Draw W_x, W_h and b of four blocks and W_c of three, in the order of the call."""
    drawn = stacked(generator, 4, feature, unit, dtype)
    W_c = normal(generator, 3 * unit, unit, scale=0.8, dtype=dtype)
    return {"W_x": drawn["W_x"], "W_h": drawn["W_h"], "W_c": W_c, "b": drawn["b"]}


def state_and_cell(generator, batch, unit, dtype, empty):
    """Draw h and c; before the first step both are empty."""
    drawn = {name: normal(generator, batch, unit, scale=1.5, dtype=dtype) for name in ("h", "c")}
    return {name: torch.zeros_like(one) for name, one in drawn.items()} if empty else drawn


def reordered(weight, order):
    """Return the row blocks in another order."""
    blocks = weight.chunk(len(order))
    return torch.cat([blocks[number] for number in order])


# what a cell does at a symbol: the input gate open (1) or closed (−1), the forget gate, the sign of the candidate
REGIMES = {
    "keep": (-1, 1, 0),
    "erase": (-1, -1, 0),
    "overwrite": (1, -1, 1),
    "add": (1, 1, 1),
    "subtract": (1, 1, -1),
}


@exercise(
    returns=("c_t: time unit", "h_t: time unit"),
    groups={"one cell": 1, "several cells": 2},
    forbid=NOT_ALLOWED,
    tolerance=0.01,  # a gate is never quite open, and weights of several kinds do what is asked
)
class gates_by_hand:
    "Weights that make cells keep, erase, overwrite and count, symbol by symbol, and show what they hold when asked."

    def inputs(generator):
        worked = {"effects": [["add", "subtract", "keep", "keep", "erase"]], "asks": [False, False, False, True, False]}
        yield "one cell", {**worked, "strength": 10.0, "symbols": [0, 2, 0, 2, 1, 3, 4, 3]}
        for group, unit, symbol, strength in [
            ("one cell", 1, 6, 10.0),
            ("several cells", 2, 5, 12.0),
            ("several cells", 3, 7, 11.0),
            ("several cells", 4, 6, 20.0),
        ]:
            drawn = torch.randint(0, len(REGIMES), (unit, symbol), generator=generator)
            drawn[0, :5] = torch.randperm(len(REGIMES), generator=generator)  # every effect
            asks = torch.rand(symbol, generator=generator) < 0.5
            asks[0], asks[-1] = True, False
            effects = [[list(REGIMES)[number] for number in row] for row in drawn.tolist()]
            symbols = torch.cat([torch.randperm(symbol, generator=generator) for _ in range(4)]).tolist()
            yield group, {"effects": effects, "asks": asks.tolist(), "strength": strength, "symbols": symbols}

    def drive(student, effects, asks, strength, symbols):
        """Run the cells over the symbols from c_0 = 0; W_h and b are zero."""
        import torch

        c, wanted = torch.zeros(len(effects)).double(), [4 * len(effects), len(asks)]
        W_x = student(effects, asks, strength)
        if W_x is None:
            return None
        W_x = torch.as_tensor(W_x)
        if list(W_x.shape) != wanted:
            raise ValueError(f"W_x has the shape {list(W_x.shape)}; asked for is [4 unit, M], here {wanted}")
        cells, shown = [], []
        for symbol in symbols:
            i, f, g, o = W_x[:, symbol].double().chunk(4)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            cells.append(c)
            shown.append(torch.sigmoid(o) * torch.tanh(c))
        return torch.stack(cells), torch.stack(shown)

    def reference(effects, asks, strength):
        return by_hand(effects, asks, strength)

    @mistake(
        "i and f swapped",
        hint="Let your cell read a symbol at which it should keep. Which of its two gates is open?",
    )
    def swapped(effects, asks, strength):
        return reordered(by_hand(effects, asks, strength), (1, 0, 2, 3))

    @mistake(
        "gate order i, f, o, g",
        hint="The sizes cannot tell. Which rows belong to the candidate here?",
    )
    def other_order(effects, asks, strength):
        return reordered(by_hand(effects, asks, strength), (0, 1, 3, 2))

    @mistake(
        "the rows of a cell together",
        hint="One cell is right. Blocks hold the same gate of all cells. What are the first rows of yours?",
    )
    def by_cells(effects, asks, strength):
        return by_hand(effects, asks, strength).view(4, len(effects), -1).transpose(0, 1).reshape(-1, len(asks))

    @mistake(
        "closed gates half open",
        hint="A gate is the sigmoid of your number. What is the sigmoid of 0?",
    )
    def half_open(effects, asks, strength):
        i, f, g, o = by_hand(effects, asks, strength).chunk(4)
        return torch.cat([i.clamp(min=0), f.clamp(min=0), g, o.clamp(min=0)])

    @mistake(
        "the output gate always open",
        hint="h_t should say nothing until somebody asks. What do your cells show at the other symbols?",
    )
    def always_shown(effects, asks, strength):
        return by_hand(effects, [True] * len(asks), strength)

    @mistake(
        "the output gate half open where nobody asks",
        hint="c_t is right. A gate is the sigmoid of your number. What is the sigmoid of 0?",
    )
    def half_shown(effects, asks, strength):
        i, f, g, o = by_hand(effects, asks, strength).chunk(4)
        return torch.cat([i, f, g, o.clamp(min=0)])

    @mistake(
        "shown where nobody asks",
        hint="True in asks means: here the cells are asked. Which of your output gates are open there?",
    )
    def shown_elsewhere(effects, asks, strength):
        return by_hand(effects, [not one for one in asks], strength)

    @mistake(
        "erase taken for keep",
        hint="Nothing is written in either case. What becomes of the old content?",
    )
    def never_erased(effects, asks, strength):
        return by_hand(effects, asks, strength, erase=(-1, 1, 0))

    @mistake(
        "overwrite taken for add",
        hint="Both write. What is left of the old content after overwriting?",
    )
    def added_on_top(effects, asks, strength):
        return by_hand(effects, asks, strength, overwrite=(1, 1, 1))

    @mistake(
        "subtract taken for add",
        hint="Gates are shares and cannot turn a sign. Which of the four can?",
    )
    def never_down(effects, asks, strength):
        return by_hand(effects, asks, strength, subtract=(1, 1, 1))

    @mistake(
        "subtract by forgetting",
        hint="Closing the forget gate loses the whole count. By how much should it go down?",
    )
    def forgets_to_subtract(effects, asks, strength):
        return by_hand(effects, asks, strength, subtract=(1, -1, -1))

    @mistake(
        "overwrite leaves nothing",
        hint="After overwriting, a cell holds nearly 1. Which number do you write?",
    )
    def overwritten_by_nothing(effects, asks, strength):
        return by_hand(effects, asks, strength, overwrite=(1, -1, 0))

    @mistake(
        "erase writes −1",
        hint="After erasing, a cell holds nearly 0. What does your candidate write, and is its gate closed?",
    )
    def erased_below(effects, asks, strength):
        return by_hand(effects, asks, strength, erase=(1, -1, -1))

    @mistake(
        "the strength left out",
        hint="A gate is the sigmoid of your number. How far open is it at 1, and how far closed at −1?",
    )
    def signs_only(effects, asks, strength):
        return by_hand(effects, asks, 1.0)

    @mistake(
        "the candidate without its strength",
        hint="The gates are right. A count should go up by 1. By how much does a candidate of tanh(1) raise it?",
    )
    def weak_candidate(effects, asks, strength):
        i, f, g, o = by_hand(effects, asks, strength).chunk(4)
        return torch.cat([i, f, g.sign(), o])


def by_hand(effects, asks, strength, **mistaken):
    """Return the four row blocks; the keywords make the usual mistakes."""
    regimes = REGIMES | mistaken
    i, f, g = torch.tensor([[regimes[effect] for effect in cell] for cell in effects]).float().unbind(-1)
    o = torch.where(torch.tensor(asks), 1.0, -1.0).expand_as(i)
    return strength * torch.cat([i, f, g, o])


@exercise(
    returns=("ticks: time", "silent: time"),
    groups={"periods up to 4": 1, "longer periods": 2},
    forbid=NOT_ALLOWED,
)
class peephole_clock:
    "Peepholes and biases of one unit that ticks every so many steps, without any input."

    def inputs(generator):
        yield "periods up to 4", {"period": 4, "steps": 14}
        for period in (1, 2, 3):
            yield "periods up to 4", {"period": period, "steps": 4 * period + 2}
        for low, high in ((5, 9), (10, 20), (21, 40)):
            period = int(torch.randint(low, high, (), generator=generator))
            yield "longer periods", {"period": period, "steps": 4 * period - 1}

    def drive(student, period, steps):
        """Let the unit run from c_0 = 0; say where h_t is larger than 0.5 and where it is smaller than 0.1."""
        import torch

        found, wanted = student(period), {"W_c": [3], "b": [4]}
        if found is None:
            return None
        if len(found) != len(wanted):
            raise ValueError(f"{len(found)} came back; asked for are {' and '.join(wanted)}")
        found = [torch.as_tensor(one).double() for one in found]
        for (name, shape), one in zip(wanted.items(), found, strict=True):
            if list(one.shape) != shape:
                raise ValueError(f"{name} has the shape {list(one.shape)}; asked for is {shape}")
        (w_i, w_f, w_o), (b_i, b_f, b_g, b_o) = found
        c, shown = torch.zeros(()).double(), []
        for _ in range(steps):
            i, f = torch.sigmoid(w_i * c + b_i), torch.sigmoid(w_f * c + b_f)
            c = f * c + i * torch.tanh(b_g)
            shown.append(torch.sigmoid(w_o * c + b_o) * torch.tanh(c))
        h = torch.stack(shown)
        return h > 0.5, h < 0.1

    def reference(period):
        return clock(period)

    @mistake(
        "never ticks",
        hint="Follow c_t from 0: does it grow at every step? Does o_t open when it is large? In which order is b?",
    )
    def never(period):
        return clock(period, output=0.0)

    @mistake(
        "never empty again",
        hint="The first tick is right. What empties the cell after it, and does that gate look at the cell?",
    )
    def never_emptied(period):
        return clock(period, forget=0.0)

    @mistake(
        "one step late",
        hint="When do your gates act: at the step at which the cell reaches its count, or at the one after?",
    )
    def late(period):
        return clock(period, margin=-0.5)

    @mistake(
        "one step early",
        hint="With a period of 1 you are right. Write down c_t step by step. At which step do your gates act?",
    )
    def early(period):
        return clock(period, margin=1.5)

    @mistake(
        "emptied too late",
        hint="The first tick is right. At the step after it, how much of c_{t−1} is left in yours?",
    )
    def emptied_late(period):
        (W_c, b), (_, later) = clock(period), clock(period, margin=-0.5)
        return W_c, torch.stack([b[0], later[1], b[2], b[3]])

    @mistake(
        "one count too few in a round",
        hint="With a period of 1 you are right. How often is something written until a tick, the tick's step counted?",
    )
    def too_few(period):
        return clock(max(period - 1, 1))

    @mistake(
        "the cell too small at the tick",
        hint="h_t is never larger than tanh(c_t). How large must the cell be for an h_t of more than 0.5?",
    )
    def too_small(period):
        return clock(period, full=0.5)

    @mistake(
        "the threshold exactly at the count",
        hint="At the tick, what goes into your output gate, and how far open is it then?",
    )
    def no_margin(period):
        return clock(period, margin=0.0)

    @mistake(
        "the output gate closes where it should open",
        hint="Your unit shows the cell while it fills. With which sign does o_t look at the cell?",
    )
    def opened_early(period):
        W_c, b = clock(period)
        return W_c * torch.tensor([1.0, 1.0, -1.0]), b * torch.tensor([1.0, 1.0, 1.0, -1.0])

    @mistake(
        "the input gate half open",
        hint="Your clock takes about twice as long. By how much does c_t grow at a step?",
    )
    def half_written(period):
        W_c, b = clock(period)
        return W_c, b * torch.tensor([0.0, 1.0, 1.0, 1.0])

    @mistake(
        "gates that are not sharp",
        hint="A step before the tick o_t should be closed, at the tick open. How much does c_t grow in between?",
    )
    def not_sharp(period):
        return clock(period, sharp=2.0)

    @mistake(
        "emptied too soon",
        hint="Follow c_t: does it go on growing until the tick? How open is f_t before?",
    )
    def forget_bias(period):
        W_c, b = clock(period)
        return W_c, b * torch.tensor([1.0, 0.0, 1.0, 1.0])

    @mistake(
        "the output gate's bias forgotten",
        hint="How open is the output gate while the cell is nearly empty, and how open should it be?",
    )
    def output_bias(period):
        W_c, b = clock(period)
        return W_c, b * torch.tensor([1.0, 1.0, 1.0, 0.0])


def clock(period, *, full=0.9, margin=0.5, sharp=30.0, forget=1.0, output=1.0):
    """Return W_c and b: the cell is full after `period` steps, and the gates act `margin` steps before that.

    The keywords make the usual mistakes.
    """
    step = full / period
    steep, level = sharp / step, full - margin * step
    W_c = torch.tensor([0.0, -forget * steep, output * steep])
    return W_c, torch.tensor([20.0, steep * level, math.atanh(step), -steep * level])


@exercise(
    returns=(
        "grad_x_t: batch feature",
        "grad_h_before: batch unit",
        "grad_c_before: batch unit",
        "grad_W_x: four_units feature",
        "grad_W_h: four_units unit",
        "grad_W_c: three_units unit",
        "grad_b: four_units",
    ),
    groups={"the first step": 1, "later steps": 4},
    forbid=NOT_ALLOWED,
)
class peephole_backward_step:
    "One step back through the LSTM whose gates read the whole cell."

    def inputs(generator):
        given = {"grad_h_t": [[2.0]], "grad_c_t": [[1.0]], "x_t": [[1.0]], "h_before": [[0.5]], "c_before": [[0.8]]}
        yield "later steps", tensors(**given, **PEEPHOLES)
        for group, batch, feature, unit, dtype in [
            ("the first step", 1, 2, 3, torch.float64),
            ("later steps", 2, 3, 4, torch.float64),
            ("later steps", 4, 3, 2, torch.float32),
            ("later steps", 3, 3, 3, torch.float64),
        ]:
            before = state_and_cell(generator, batch, unit, dtype, group == "the first step")
            yield (
                group,
                {
                    "grad_h_t": normal(generator, batch, unit, dtype=dtype),
                    "grad_c_t": normal(generator, batch, unit, dtype=dtype),
                    "x_t": normal(generator, batch, feature, dtype=dtype),
                    "h_before": before["h"],
                    "c_before": before["c"],
                    **with_peepholes(generator, feature, unit, dtype),
                },
            )

    def reference(grad_h_t, grad_c_t, x_t, h_before, c_before, W_x, W_h, W_c, b):
        return step_back(grad_h_t, grad_c_t, x_t, h_before, c_before, W_x, W_h, W_c, b)

    @mistake(
        "the peephole of the output gate forgotten on the way to c_t",
        hint="The rows of o are right. The output gate looks at c_t: which summand of its gradient comes from there?",
    )
    def output_peephole(*arguments):
        return step_back(*arguments, to_cell_by_gate=0.0)

    @mistake(
        "the peephole of the output gate sent to the old cell",
        hint="The rows of o are right. Which cell does the output gate look at? Its gradient goes there first.",
    )
    def output_peephole_to_old(*arguments):
        return step_back(*arguments, to_cell_by_gate=0.0, to_old_by_output=1.0)

    @mistake(
        "the way from c_t to h_t forgotten",
        hint="The rows of o are right. c_t is handed on, looked at by the output gate, and one thing more.",
    )
    def not_through_state(*arguments):
        return step_back(*arguments, to_cell_by_state=0.0)

    @mistake(
        "grad_c_t forgotten",
        hint="With grad_c_t = 0 you are right. What does the next step say about c_t itself?",
    )
    def no_later_cell(*arguments):
        return step_back(*arguments, later=0.0)

    @mistake(
        "grad_c_t taken as complete",
        hint="grad_c_t is what the next step says of the cell. What else depends on c_t?",
    )
    def complete_already(*arguments):
        return step_back(*arguments, to_cell_by_state=0.0, to_cell_by_gate=0.0)

    @mistake(
        "mean over the batch instead of a sum",
        hint="The gradients of the weights are too small by one factor. Which axis of x_t has that size?",
    )
    def averaged(*arguments):
        *of_states, grad_W_x, grad_W_h, grad_W_c, grad_b = step_back(*arguments)
        return *of_states, *(one / len(arguments[0]) for one in (grad_W_x, grad_W_h, grad_W_c, grad_b))

    @mistake(
        "the direct path f forgotten",
        hint="Only grad_c_before is wrong. The old cell reaches c_t through two gates, and one way more.",
    )
    def no_direct_path(*arguments):
        return step_back(*arguments, direct=lambda i, f: torch.zeros_like(f))

    @mistake(
        "only the direct path to the old cell",
        hint="Only grad_c_before is wrong. With W_c = 0 it would be right: who else looks at the old cell?",
    )
    def only_direct_path(*arguments):
        return step_back(*arguments, sent=(0.0, 0.0))

    @mistake(
        "i's peephole forgotten on the way to the old cell",
        hint="Only grad_c_before is wrong. Two gates look at the old cell. Which of them do you send back?",
    )
    def not_by_input(*arguments):
        return step_back(*arguments, sent=(0.0, 1.0))

    @mistake(
        "f's peephole forgotten on the way to the old cell",
        hint="Only grad_c_before is wrong. Two gates look at the old cell. Which of them do you send back?",
    )
    def not_by_forget(*arguments):
        return step_back(*arguments, sent=(1.0, 0.0))

    @mistake(
        "peepholes transposed on the way back",
        hint="The blocks of W_c are square, so no error tells. How do you bring a gradient back through W_h?",
    )
    def transposed(*arguments):
        return step_back(*arguments, way_back=lambda W: W.T)

    @mistake(
        "W_co's gradient with the old cell",
        hint="Only the last block of grad_W_c is wrong. What does W_co multiply?",
    )
    def outer_with_old(*arguments):
        return step_back(*arguments, read_by_output=lambda before, _new: before)

    @mistake(
        "blocks of grad_W_c exchanged",
        hint="Only grad_W_c is wrong. In which order do the blocks of W_c stand?",
    )
    def peephole_blocks(*arguments):
        *of_states, grad_W_x, grad_W_h, grad_W_c, grad_b = step_back(*arguments)
        return *of_states, grad_W_x, grad_W_h, reordered(grad_W_c, (1, 0, 2)), grad_b

    @mistake(
        "c_t for c_{t−1} in the gradient of f",
        hint="The rows of f are wrong. c_t = f ⊙ c_{t−1} + i ⊙ g. What does f multiply?",
    )
    def forget_with_new(*arguments):
        return step_back(*arguments, kept=lambda before, new: new)

    @mistake(
        "the output gate sees the old cell",
        hint="Work out o again as the forward pass does: which cell does its peephole look at?",
    )
    def old_cell_at_output(*arguments):
        return step_back(
            *arguments,
            at_output=lambda before, _new: before,
            read_by_output=lambda before, _new: before,
            to_cell_by_gate=0.0,
            to_old_by_output=1.0,
        )

    @mistake(
        "i and f swapped",
        hint="c_t = f ⊙ c_{t−1} + i ⊙ g. Which of the two multiplies the gradient on its way to the old cell?",
    )
    def swapped(*arguments):
        *given, W_x, W_h, W_c, b = arguments
        W_x, W_h, b = (reordered(weight, (1, 0, 2, 3)) for weight in (W_x, W_h, b))
        found = step_back(*given, W_x, W_h, reordered(W_c, (1, 0, 2)), b)
        *states, grad_W_x, grad_W_h, grad_W_c, grad_b = found
        grad_W_x, grad_W_h, grad_b = (reordered(grad, (1, 0, 2, 3)) for grad in (grad_W_x, grad_W_h, grad_b))
        return *states, grad_W_x, grad_W_h, reordered(grad_W_c, (1, 0, 2)), grad_b

    @mistake(
        "i where f belongs on the direct path",
        hint="Only grad_c_before is wrong. Which factor stands beside the old cell in c_t?",
    )
    def wrong_factor(*arguments):
        return step_back(*arguments, direct=lambda i, f: i)

    @mistake(
        "gate order i, f, o, g",
        hint="All blocks have the same size, so no error tells. Which rows of W_x belong to the candidate here?",
    )
    def other_order(*arguments):
        *given, W_x, W_h, W_c, b = arguments
        W_x, W_h, b = (reordered(weight, (0, 1, 3, 2)) for weight in (W_x, W_h, b))
        *states, grad_W_x, grad_W_h, grad_W_c, grad_b = step_back(*given, W_x, W_h, W_c, b)
        grad_W_x, grad_W_h, grad_b = (reordered(grad, (0, 1, 3, 2)) for grad in (grad_W_x, grad_W_h, grad_b))
        return *states, grad_W_x, grad_W_h, grad_W_c, grad_b

    @mistake(
        "tanh missing on c",
        hint="Work out h_t again: what does o multiply? The gradients of o and of c_t both depend on it.",
    )
    def no_tanh(*arguments):
        return step_back(*arguments, shown=lambda c: c, shown_slope=lambda _c: 1.0)

    @mistake(
        "tanh′(c) left out",
        hint="A cell of 10 shows hardly more than one of 9. Which factor between c_t and h_t says so?",
    )
    def no_shown_slope(*arguments):
        return step_back(*arguments, shown_slope=lambda _c: 1.0)

    @mistake(
        "sigmoid on the candidate",
        hint="Work out g again as the forward pass does: is it a share, or a value that may be negative?",
    )
    def sigmoid_candidate(*arguments):
        return step_back(*arguments, squash=torch.sigmoid, slope=lambda g: g * (1 - g))

    @mistake(
        "the candidate's slope left out",
        hint="A candidate near 1 or −1 hardly moves. Which factor of its gradient says so?",
    )
    def no_slope(*arguments):
        return step_back(*arguments, slope=torch.ones_like)

    @mistake(
        "σ′ left out",
        hint="A gate near 0 or 1 hardly moves. Which factor of its gradient says so?",
    )
    def no_gate_slope(*arguments):
        return step_back(*arguments, gate_slope=torch.ones_like)

    @mistake(
        "c and h returned in the wrong order",
        hint="grad_h_before and grad_c_before have the same shape. Which of the two is asked for first?",
    )
    def wrong_order(*arguments):
        grad_x_t, grad_h, grad_c, *rest = step_back(*arguments)
        return grad_x_t, grad_c, grad_h, *rest


def step_back(
    grad_h_t,
    grad_c_t,
    x_t,
    h_before,
    c_before,
    W_x,
    W_h,
    W_c,
    b,
    *,
    later=1.0,
    to_cell_by_state=1.0,
    to_cell_by_gate=1.0,
    to_old_by_output=0.0,
    sent=(1.0, 1.0),
    direct=lambda i, f: f,
    way_back=lambda W: W,
    at_output=lambda before, new: new,
    read_by_output=lambda before, new: new,
    kept=lambda before, new: before,
    gate_slope=lambda gate: gate * (1 - gate),
    squash=torch.tanh,
    slope=lambda g: 1 - g**2,
    shown=torch.tanh,
    shown_slope=lambda c: 1 - torch.tanh(c) ** 2,
):
    """Return all seven gradients; the keywords make the usual mistakes."""
    W_ci, W_cf, W_co = W_c.chunk(3)
    a_i, a_f, a_g, a_o = (x_t @ W_x.T + h_before @ W_h.T + b).chunk(4, -1)
    i, f = torch.sigmoid(a_i + c_before @ W_ci.T), torch.sigmoid(a_f + c_before @ W_cf.T)
    g = squash(a_g)
    c_t = f * c_before + i * g
    o = torch.sigmoid(a_o + at_output(c_before, c_t) @ W_co.T)

    grad_a_o = grad_h_t * shown(c_t) * gate_slope(o)
    by_output = grad_a_o @ way_back(W_co)
    grad_c = later * grad_c_t + to_cell_by_state * grad_h_t * o * shown_slope(c_t) + to_cell_by_gate * by_output
    grad_a_i = grad_c * g * gate_slope(i)
    grad_a_f = grad_c * kept(c_before, c_t) * gate_slope(f)
    grad_a = torch.cat([grad_a_i, grad_a_f, grad_c * i * slope(g), grad_a_o], -1)
    from_gates = sent[0] * grad_a_i @ way_back(W_ci) + sent[1] * grad_a_f @ way_back(W_cf)
    grad_c_before = grad_c * direct(i, f) + from_gates + to_old_by_output * by_output
    read = (c_before, c_before, read_by_output(c_before, c_t))
    grad_W_c = torch.cat([grad.T @ cell for grad, cell in zip((grad_a_i, grad_a_f, grad_a_o), read, strict=True)])
    return grad_a @ W_x, grad_a @ W_h, grad_c_before, grad_a.T @ x_t, grad_a.T @ h_before, grad_W_c, grad_a.sum(0)


@exercise(
    returns="h_t: batch time unit",
    groups={"one unit more": 1, "several more": 3},
    forbid=NOT_ALLOWED,
)
class grow_lstm:
    "The four tensors of a larger torch.nn.LSTM whose first units go on as before."

    def inputs(generator):
        old = {"weight_ih": [[1.0], [0.5], [-1.0], [0.5]], "weight_hh": [[0.5], [-1.0], [1.0], [1.0]]}
        biases = {"bias_ih": [0.1, 0.2, 0.0, -0.1], "bias_hh": [0.0, 0.3, 0.1, 0.0]}
        new_hh = [[1.0, 0.5], [-1.0, 1.0], [0.5, -0.5], [1.0, 1.0]]
        new = {"new_ih": [[0.5], [1.0], [1.0], [-0.5]], "new_hh": new_hh}
        yield "one unit more", tensors(**old, **biases, **new, x=[[[1.0]]], h_0=[[0.5, -0.5]], c_0=[[0.8, 0.4]])
        for group, batch, time, feature, unit, more, dtype in [
            ("one unit more", 3, 2, 5, 4, 1, torch.float64),
            ("several more", 2, 4, 3, 5, 2, torch.float64),
            ("several more", 3, 5, 4, 2, 5, torch.float64),
            ("several more", 2, 3, 3, 3, 3, torch.float64),
            ("several more", 4, 5, 2, 3, 2, torch.float32),
        ]:
            drawn = stacked(generator, 4, feature, unit, dtype)
            shapes = {
                "bias_hh": (4 * unit,),
                "new_ih": (4 * more, feature),
                "new_hh": (4 * more, unit + more),
                "x": (batch, time, feature),
                "h_0": (batch, unit + more),
                "c_0": (batch, unit + more),
            }
            yield (
                group,
                {
                    "weight_ih": drawn["W_x"],
                    "weight_hh": drawn["W_h"],
                    "bias_ih": drawn["b"],
                    **{name: normal(generator, *shape, dtype=dtype) for name, shape in shapes.items()},
                },
            )

    def drive(student, weight_ih, weight_hh, bias_ih, bias_hh, new_ih, new_hh, x, h_0, c_0):
        """Run torch's LSTM over x with the four tensors that come back; return the states of all units."""
        import torch

        rows, feature, dtype = 4 * new_hh.shape[1], new_ih.shape[1], new_hh.dtype
        wanted = {"weight_ih": [rows, feature], "weight_hh": [rows, rows // 4], "bias_ih": [rows], "bias_hh": [rows]}
        found = student(weight_ih, weight_hh, bias_ih, bias_hh, new_ih, new_hh)
        if found is None:
            return None
        if len(found) != len(wanted):
            raise ValueError(f"{len(found)} came back; asked for are {', '.join(wanted)}")
        for (name, shape), one in zip(wanted.items(), found, strict=True):
            if not isinstance(one, torch.Tensor):
                raise TypeError(f"{name} is of type {type(one).__name__}; asked for is a tensor")
            if list(one.shape) != shape or one.dtype != dtype:
                came = f"{name} is {one.dtype} of shape {list(one.shape)}"
                raise ValueError(f"{came}; asked for is {dtype} of shape {shape}")
        W_ih, W_hh, b_ih, b_hh = found
        h, c, states = h_0, c_0, []
        for x_t in x.unbind(1):
            i, f, g, o = (x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh).chunk(4, -1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            states.append(h)
        return torch.stack(states, 1)

    def reference(weight_ih, weight_hh, bias_ih, bias_hh, new_ih, new_hh):
        return grown(weight_ih, weight_hh, bias_ih, bias_hh, new_ih, new_hh)

    @mistake(
        "the new rows at the end",
        hint="The shapes are right. torch cuts your rows into four equal parts. Which rows are in the first of them?",
    )
    def at_the_end(*arguments):
        return grown(*arguments, join=lambda old, new: torch.cat([old, new]))

    @mistake(
        "the new units first",
        hint="The old units are to be the first. Which rows are on top in each of your blocks?",
    )
    def new_first(*arguments):
        return grown(*arguments, join=lambda old, new: joined(new, old))

    @mistake(
        "old and new units in turn",
        hint="The old units are to be the first. Which unit does the second row of your first block belong to?",
    )
    def in_turn(*arguments):
        return grown(*arguments, join=alternating)

    @mistake(
        "a forget bias of two",
        hint="The old units are right. torch adds its two biases up. What do two ones make?",
    )
    def one_in_each(*arguments):
        return grown(*arguments, second_forget=1.0)

    @mistake(
        "no forget bias",
        hint="The old units are right. Which bias do the new units need so that they remember from the start?",
    )
    def zero_forget(*arguments):
        return grown(*arguments, first_forget=0.0)

    @mistake(
        "the one on the input gate",
        hint="The old units are right. Which gate decides what is kept, and is it the first block or the second?",
    )
    def on_the_input_gate(*arguments):
        return grown(*arguments, block=0)

    @mistake(
        "the one on the candidate",
        hint="The old units are right. In which order do torch's blocks stand, and which of them is f?",
    )
    def on_the_candidate(*arguments):
        return grown(*arguments, block=2)

    @mistake(
        "a one in every new bias",
        hint="The old units are right. The forget gates get a one. What do the other gates and the candidate get?",
    )
    def one_everywhere(*arguments):
        return grown(*arguments, first_others=1.0)

    @mistake(
        "the old forget biases set to one",
        hint="The old units are to compute what they did. Whose forget biases did you set?",
    )
    def old_forget(weight_ih, weight_hh, bias_ih, bias_hh, new_ih, new_hh):
        i, f, g, o = bias_ih.chunk(4)
        return grown(weight_ih, weight_hh, torch.cat([i, torch.ones_like(f), g, o]), bias_hh, new_ih, new_hh)

    @mistake(
        "the old forget biases summing to one",
        hint="The old units are to compute what they did. Whose forget biases did you set?",
    )
    def old_forget_sum(weight_ih, weight_hh, bias_ih, bias_hh, new_ih, new_hh):
        i, _, g, o = bias_ih.chunk(4)
        return grown(weight_ih, weight_hh, torch.cat([i, 1 - bias_hh.chunk(4)[1], g, o]), bias_hh, new_ih, new_hh)

    @mistake(
        "the second bias forgotten",
        hint="How many biases has an old unit in torch, and how many of them are in yours?",
    )
    def one_bias(weight_ih, weight_hh, bias_ih, bias_hh, new_ih, new_hh):
        return grown(weight_ih, weight_hh, bias_ih, torch.zeros_like(bias_hh), new_ih, new_hh)

    @mistake(
        "the sum of the biases, and the second once more",
        hint="torch adds both biases. How many times is bias_hh in your old units?",
    )
    def added_and_kept(weight_ih, weight_hh, bias_ih, bias_hh, new_ih, new_hh):
        return grown(weight_ih, weight_hh, bias_ih + bias_hh, bias_hh, new_ih, new_hh)

    @mistake(
        "the new units do not see the old ones",
        hint="The old units are right. Which columns of new_hh are used in yours?",
    )
    def not_the_old(*arguments):
        *old, new_hh = arguments
        unit = old[1].shape[1]
        return grown(*old, torch.cat([torch.zeros_like(new_hh[:, :unit]), new_hh[:, unit:]], 1))

    @mistake(
        "the new units do not see each other",
        hint="The old units are right. Which columns of new_hh are used in yours?",
    )
    def not_the_new(*arguments):
        *old, new_hh = arguments
        unit = old[1].shape[1]
        return grown(*old, torch.cat([new_hh[:, :unit], torch.zeros_like(new_hh[:, unit:])], 1))

    @mistake(
        "the zeros in front of the old columns",
        hint="The old units are the first of h_{t−1}. Which units do the old rows read in yours?",
    )
    def zeros_first(*arguments):
        return grown(*arguments, widen=lambda old, zeros: torch.cat([zeros, old], 1))

    @mistake(
        "the old units read the new ones",
        hint="Let the new units start from another state. May that change anything in the old ones?",
    )
    def ones_beside(*arguments):
        return grown(*arguments, widen=lambda old, zeros: torch.cat([old, torch.ones_like(zeros)], 1))


def joined(old, new):
    """Put the new rows below the old ones in each of four blocks."""
    return torch.cat([old.unflatten(0, (4, -1)), new.unflatten(0, (4, -1))], dim=1).flatten(0, 1)


def alternating(old, new):
    """Take an old and a new row in turn, as long as there are any of both."""
    units, more = len(old) // 4, len(new) // 4
    places = [k * 2 if k < more else k + more for k in range(units)]
    places += [k * 2 + 1 if k < units else k + units for k in range(more)]
    both = joined(old, new).unflatten(0, (4, -1))
    turned = torch.empty_like(both)
    turned[:, places] = both
    return turned.flatten(0, 1)


def grown(
    weight_ih,
    weight_hh,
    bias_ih,
    bias_hh,
    new_ih,
    new_hh,
    *,
    join=joined,
    widen=lambda old, zeros: torch.cat([old, zeros], 1),
    block=1,
    first_forget=1.0,
    second_forget=0.0,
    first_others=0.0,
):
    """Return the four tensors of the larger layer; the keywords make the usual mistakes."""
    more = len(new_ih) // 4
    first, second = bias_ih.new_full((4, more), first_others), bias_ih.new_zeros(4, more)
    first[block], second[block] = first_forget, second_forget
    wider = widen(weight_hh, weight_hh.new_zeros(len(weight_hh), more))
    return (
        join(weight_ih, new_ih),
        join(wider, new_hh),
        join(bias_ih, first.flatten()),
        join(bias_hh, second.flatten()),
    )
