"""Checks of the LSTM exercises: gates set by hand, peepholes, one step back through them, torch's weights.

For instructors only. Stacked weights hold row blocks of `unit` rows each, in the order the exercise names.
"""

import torch

from seqviz.checks import exercise, mistake, normal

from .common import not_allowed, stacked, tensors

NOT_ALLOWED = not_allowed("torch.lstm", "torch.lstm_cell", autograd=False)
PEEPHOLES = {  # the worked example of two exercises
    "W_x": [[1.0], [0.5], [1.0], [-1.0]],
    "W_h": [[1.0], [1.0], [-1.0], [0.5]],
    "W_c": [[-1.0], [0.5], [1.0]],
    "b": [0.0, 0.0, 0.0, 0.0],
}
STATE_AND_CELL = ("h_t: batch unit", "c_t: batch unit")


def with_peepholes(generator, feature, unit, dtype=torch.float64):
    """Draw W_x, W_h and b of four blocks and W_c of three, in the order of the call."""
    drawn = stacked(generator, 4, feature, unit, dtype)
    W_c = normal(generator, 3 * unit, unit, scale=0.8, dtype=dtype)
    return {"W_x": drawn["W_x"], "W_h": drawn["W_h"], "W_c": W_c, "b": drawn["b"]}


def state_and_cell(generator, batch, unit, dtype, empty):
    """Draw h and c; before the first step both are empty."""
    drawn = {name: normal(generator, batch, unit, scale=1.5, dtype=dtype) for name in ("h", "c")}
    return {name: torch.zeros_like(one) for name, one in drawn.items()} if empty else drawn


def one_step(generator, weights):
    """Yield the cases of one step forward; ``weights(feature, unit, dtype)`` draws what follows x_t, h and c."""
    for group, batch, feature, unit, dtype in [
        ("the first step", 2, 4, 3, torch.float64),
        ("later steps", 2, 3, 5, torch.float64),
        ("later steps", 4, 5, 3, torch.float32),
        ("later steps", 3, 4, 4, torch.float64),
        ("later steps", 1, 1, 2, torch.float64),
    ]:
        x_t = normal(generator, batch, feature, dtype=dtype)
        before = state_and_cell(generator, batch, unit, dtype, group == "the first step")
        yield group, {"x_t": x_t, **before, **weights(feature, unit, dtype)}


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
    returns=STATE_AND_CELL,
    groups={"the first step": 1, "later steps": 3},
    forbid=NOT_ALLOWED,
)
class peephole_step:
    "One step of an LSTM whose gates read the whole cell."

    def inputs(generator):
        yield "later steps", tensors(x_t=[[1.0]], h=[[0.5]], c=[[0.8]], **PEEPHOLES)
        yield from one_step(generator, lambda *sizes: with_peepholes(generator, *sizes))

    def reference(x_t, h, c, W_x, W_h, W_c, b):
        return peephole(x_t, h, c, W_x, W_h, W_c, b)

    @mistake(
        "the output gate sees the old cell",
        hint="c_t is right. When the output gate decides what to show, which cell is already there?",
    )
    def old_cell_at_output(x_t, h, c, W_x, W_h, W_c, b):
        return peephole(x_t, h, c, W_x, W_h, W_c, b, at_output=lambda _new: c)

    @mistake(
        "no peephole at the output gate",
        hint="c_t is right. W_c has three blocks. Which of them did you use?",
    )
    def none_at_output(x_t, h, c, W_x, W_h, W_c, b):
        return peephole(x_t, h, c, W_x, W_h, W_c, b, at_output=torch.zeros_like)

    @mistake(
        "no peepholes at all",
        hint="That is the step of the chapter without its peepholes. What is W_c for?",
    )
    def plain(x_t, h, c, W_x, W_h, W_c, b):
        return peephole(x_t, h, c, W_x, W_h, W_c, b, seen=torch.zeros_like, at_output=torch.zeros_like)

    @mistake(
        "tanh on the output gate",
        hint="c_t is right. A gate is a share between 0 and 1. Between what and what is your o?",
    )
    def tanh_output(x_t, h, c, W_x, W_h, W_c, b):
        return peephole(x_t, h, c, W_x, W_h, W_c, b, gate_out=torch.tanh)

    @mistake(
        "tanh on the cell that is kept",
        hint="h_t is right. The cell is what nothing squashes. Which c_t do you hand to the next step?",
    )
    def squashed_cell(x_t, h, c, W_x, W_h, W_c, b):
        h_t, c_t = peephole(x_t, h, c, W_x, W_h, W_c, b)
        return h_t, torch.tanh(c_t)

    @mistake(
        "peepholes at the output gate only",
        hint="The first step is right, since nothing is in the cell yet. Which gates look at the old cell?",
    )
    def only_at_output(x_t, h, c, W_x, W_h, W_c, b):
        return peephole(x_t, h, c, W_x, W_h, W_c, b, seen=torch.zeros_like)

    @mistake(
        "a peephole at the input gate only",
        hint="The first step is right but for o. Three gates look into the cell. Which do in yours?",
    )
    def only_at_input(x_t, h, c, W_x, W_h, W_c, b):
        return peephole(x_t, h, c, W_x, W_h, with_blocks(W_c, 0), b)

    @mistake(
        "a peephole at the forget gate only",
        hint="The first step is right but for o. Three gates look into the cell. Which do in yours?",
    )
    def only_at_forget(x_t, h, c, W_x, W_h, W_c, b):
        return peephole(x_t, h, c, W_x, W_h, with_blocks(W_c, 1), b)

    @mistake(
        "no peephole at the input gate",
        hint="With an input gate that sees nothing of c_{t−1}, yours would be right. What does W_ci multiply?",
    )
    def none_at_input(x_t, h, c, W_x, W_h, W_c, b):
        return peephole(x_t, h, c, W_x, W_h, with_blocks(W_c, 1, 2), b)

    @mistake(
        "no peephole at the forget gate",
        hint="With a forget gate that sees nothing of c_{t−1}, yours would be right. What does W_cf multiply?",
    )
    def none_at_forget(x_t, h, c, W_x, W_h, W_c, b):
        return peephole(x_t, h, c, W_x, W_h, with_blocks(W_c, 0, 2), b)

    @mistake(
        "a peephole on the candidate",
        hint="W_c has three blocks, W_x four. Which of the four has no peephole?",
    )
    def on_the_candidate(x_t, h, c, W_x, W_h, W_c, b):
        W_ci, W_cf, W_cg = W_c.chunk(3)
        a_i, a_f, a_g, a_o = (x_t @ W_x.T + h @ W_h.T + b).chunk(4, -1)
        i, f = torch.sigmoid(a_i + c @ W_ci.T), torch.sigmoid(a_f + c @ W_cf.T)
        c_t = f * c + i * torch.tanh(a_g + c @ W_cg.T)
        return torch.sigmoid(a_o) * torch.tanh(c_t), c_t

    @mistake(
        "every entry sees only itself",
        hint="That is the peephole of the chapter. Here W_c has a column for every entry of the cell.",
    )
    def only_the_diagonal(x_t, h, c, W_x, W_h, W_c, b):
        diagonals = torch.cat([torch.diag(block.diagonal()) for block in W_c.chunk(3)])
        return peephole(x_t, h, c, W_x, W_h, diagonals, b)

    @mistake(
        "peepholes transposed",
        hint="The blocks of W_c are square, so no error tells. The sequences are rows: how do W_x and W_h stand?",
    )
    def transposed(x_t, h, c, W_x, W_h, W_c, b):
        return peephole(x_t, h, c, W_x, W_h, torch.cat([block.T for block in W_c.chunk(3)]), b)

    @mistake(
        "peepholes look at tanh(c)",
        hint="tanh stands between the cell and what is shown. Does a peephole look at the cell or at what is shown?",
    )
    def through_tanh(x_t, h, c, W_x, W_h, W_c, b):
        return peephole(x_t, h, c, W_x, W_h, W_c, b, seen=torch.tanh, at_output=torch.tanh)

    @mistake(
        "peepholes look at h",
        hint="h is what the output gate let through; W_h reads it already. What else is there to look at?",
    )
    def look_at_state(x_t, h, c, W_x, W_h, W_c, b):
        return peephole(x_t, h, c, W_x, W_h, W_c, b, seen=lambda _cell: h, at_output=lambda _new: h)

    @mistake(
        "i and f swapped",
        hint="Let f be nearly 1 and i nearly 0. Should the cell then keep or overwrite? Does yours?",
    )
    def swapped(x_t, h, c, W_x, W_h, W_c, b):
        turned = (reordered(weight, (1, 0, 2, 3)) for weight in (W_x, W_h))
        return peephole(x_t, h, c, *turned, reordered(W_c, (1, 0, 2)), reordered(b, (1, 0, 2, 3)))

    @mistake(
        "i and f swapped in the peepholes only",
        hint="With W_c = 0 you are right. In which order do its blocks stand?",
    )
    def swapped_peepholes(x_t, h, c, W_x, W_h, W_c, b):
        return peephole(x_t, h, c, W_x, W_h, reordered(W_c, (1, 0, 2)), b)

    @mistake(
        "gate order i, f, o, g",
        hint="All blocks have the same size, so no error tells. Which rows of W_x belong to the candidate here?",
    )
    def other_order(x_t, h, c, W_x, W_h, W_c, b):
        W_x, W_h, b = (reordered(weight, (0, 1, 3, 2)) for weight in (W_x, W_h, b))
        return peephole(x_t, h, c, W_x, W_h, W_c, b)

    @mistake(
        "tanh missing on c",
        hint="c_t is right, h_t is not. What does the output gate multiply: the cell, or something of it?",
    )
    def no_tanh(x_t, h, c, W_x, W_h, W_c, b):
        return peephole(x_t, h, c, W_x, W_h, W_c, b, shown=lambda c: c)

    @mistake(
        "sigmoid on the candidate",
        hint="A cell must be able to go down. Can your candidate be negative?",
    )
    def sigmoid_candidate(x_t, h, c, W_x, W_h, W_c, b):
        return peephole(x_t, h, c, W_x, W_h, W_c, b, squash=torch.sigmoid)

    @mistake(
        "c and h returned in the wrong order",
        hint="Both have the same shape. Which of the two is asked for first?",
    )
    def wrong_order(x_t, h, c, W_x, W_h, W_c, b):
        return peephole(x_t, h, c, W_x, W_h, W_c, b)[::-1]


def with_blocks(W_c, *kept):
    """Return W_c with every block zero but those kept."""
    blocks = W_c.chunk(3)
    return torch.cat([block if number in kept else torch.zeros_like(block) for number, block in enumerate(blocks)])


def peephole(
    x_t,
    h,
    c,
    W_x,
    W_h,
    W_c,
    b,
    *,
    seen=lambda c: c,
    at_output=lambda c_t: c_t,
    gate_out=torch.sigmoid,
    squash=torch.tanh,
    shown=torch.tanh,
):
    """One step; the keywords make the usual mistakes."""
    W_ci, W_cf, W_co = W_c.chunk(3)
    a_i, a_f, a_g, a_o = (x_t @ W_x.T + h @ W_h.T + b).chunk(4, -1)
    i, f = torch.sigmoid(a_i + seen(c) @ W_ci.T), torch.sigmoid(a_f + seen(c) @ W_cf.T)
    c_t = f * c + i * squash(a_g)
    o = gate_out(a_o + at_output(c_t) @ W_co.T)
    return o * shown(c_t), c_t


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
        return step_back(*arguments, by_peepholes=0.0)

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
    by_peepholes=1.0,
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
    from_gates = grad_a_i @ way_back(W_ci) + grad_a_f @ way_back(W_cf)
    grad_c_before = grad_c * direct(i, f) + by_peepholes * from_gates + to_old_by_output * by_output
    read = (c_before, c_before, read_by_output(c_before, c_t))
    grad_W_c = torch.cat([grad.T @ cell for grad, cell in zip((grad_a_i, grad_a_f, grad_a_o), read, strict=True)])
    return grad_a @ W_x, grad_a @ W_h, grad_c_before, grad_a.T @ x_t, grad_a.T @ h_before, grad_W_c, grad_a.sum(0)


PER_BLOCK = tuple(
    axes for block in "ifgo" for axes in (f"W_x{block}: unit feature", f"W_h{block}: unit unit", f"b_{block}: unit")
)


@exercise(
    returns=PER_BLOCK,
    groups={"the matrices and the forget bias": 2, "two biases": 2},
    forbid=NOT_ALLOWED,
)
class split_torch_weights:
    "Every gate's own weights out of the four stacked tensors of a torch.nn.LSTM, with a forget bias of one."

    def inputs(generator):
        rows = {"weight_ih": [[1.0], [2.0], [3.0], [4.0]], "weight_hh": [[5.0], [6.0], [7.0], [8.0]]}
        yield "two biases", tensors(**rows, bias_ih=[0.1, 0.2, 0.3, 0.4], bias_hh=[10.0, 20.0, 30.0, 40.0])
        for group, feature, unit, biased, dtype in [
            ("the matrices and the forget bias", 3, 4, False, torch.float64),
            ("the matrices and the forget bias", 2, 1, False, torch.float64),
            ("two biases", 4, 5, True, torch.float64),
            ("two biases", 3, 3, True, torch.float64),
            ("two biases", 5, 2, True, torch.float32),
        ]:
            drawn = stacked(generator, 4, feature, unit, dtype)
            biases = drawn["b"], normal(generator, 4 * unit, scale=0.8, dtype=dtype)
            bias_ih, bias_hh = biases if biased else map(torch.zeros_like, biases)
            yield (
                group,
                {
                    "weight_ih": drawn["W_x"],
                    "weight_hh": drawn["W_h"],
                    "bias_ih": bias_ih,
                    "bias_hh": bias_hh,
                },
            )

    def reference(weight_ih, weight_hh, bias_ih, bias_hh):
        return split(weight_ih, weight_hh, bias_ih + bias_hh)

    @mistake(
        "gate order i, f, o, g",
        hint="The sizes cannot tell. In which order does the page of torch.nn.LSTM stack the rows of weight_ih_l0?",
    )
    def other_order(weight_ih, weight_hh, bias_ih, bias_hh):
        turned = (reordered(weight, (0, 1, 3, 2)) for weight in (weight_ih, weight_hh, bias_ih + bias_hh))
        return split(*turned)

    @mistake(
        "i and f swapped",
        hint="The sizes cannot tell. Which of the two stands on top in torch's weights?",
    )
    def swapped(weight_ih, weight_hh, bias_ih, bias_hh):
        turned = (reordered(weight, (1, 0, 2, 3)) for weight in (weight_ih, weight_hh, bias_ih + bias_hh))
        return split(*turned)

    @mistake(
        "weights of x and of h exchanged",
        hint="ih is read from input to hidden. Where the sizes differ, the shapes tell.",
    )
    def exchanged(weight_ih, weight_hh, bias_ih, bias_hh):
        return split(weight_hh, weight_ih, bias_ih + bias_hh)

    @mistake(
        "the second bias forgotten",
        hint="torch adds both biases to every block. How many are in your b_i?",
    )
    def one_bias(weight_ih, weight_hh, bias_ih, bias_hh):
        return split(weight_ih, weight_hh, bias_ih)

    @mistake(
        "the forget bias left as it was",
        hint="Every gate has its own weights. What did the exercise want b_f to be?",
    )
    def left_alone(weight_ih, weight_hh, bias_ih, bias_hh):
        return split(weight_ih, weight_hh, bias_ih + bias_hh, forget=lambda b_f: b_f)

    @mistake(
        "one added to the forget bias",
        hint="With torch's biases at 0 you are right. Is b_f one, or one more than what torch drew?",
    )
    def one_added(weight_ih, weight_hh, bias_ih, bias_hh):
        return split(weight_ih, weight_hh, bias_ih + bias_hh, forget=lambda b_f: b_f + 1)

    @mistake(
        "a forget bias of two",
        hint="torch adds its two biases up. What do two ones make?",
    )
    def one_in_each(weight_ih, weight_hh, bias_ih, bias_hh):
        return split(weight_ih, weight_hh, bias_ih + bias_hh, forget=lambda b_f: torch.full_like(b_f, 2))

    @mistake(
        "one in the first bias, the second added to it",
        hint="With torch's biases at 0 you are right. After setting b_f, do you add anything to it?",
    )
    def one_in_first(weight_ih, weight_hh, bias_ih, bias_hh):
        b_hf = bias_hh.chunk(4)[1]
        return split(weight_ih, weight_hh, bias_ih + bias_hh, forget=lambda _b_f: 1 + b_hf)

    @mistake(
        "the one on the input gate",
        hint="Which gate decides what is kept, and is it the first block or the second?",
    )
    def on_input_gate(weight_ih, weight_hh, bias_ih, bias_hh):
        W_xi, W_hi, b_i, *rest = split(weight_ih, weight_hh, bias_ih + bias_hh, forget=lambda b_f: b_f)
        return W_xi, W_hi, torch.ones_like(b_i), *rest

    @mistake(
        "every fourth row instead of blocks",
        hint="The rows of a gate stand together: the first `unit` rows are one gate. Which rows do you take?",
    )
    def interleaved(weight_ih, weight_hh, bias_ih, bias_hh):
        stacks = (weight_ih, weight_hh, bias_ih + bias_hh)
        return split(*(torch.cat([weight[gate::4] for gate in range(4)]) for weight in stacks))


def split(weight_ih, weight_hh, bias, *, forget=torch.ones_like):
    """Return W_x, W_h and b of i, f, g and o, one gate after the other."""
    found = []
    for gate, (W_x, W_h, b) in enumerate(zip(*(w.chunk(4) for w in (weight_ih, weight_hh, bias)), strict=True)):
        # a view would change with the stacked weights
        found += [W_x.clone(), W_h.clone(), forget(b) if gate == 1 else b.clone()]
    return tuple(found)
