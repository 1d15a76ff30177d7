"""Checks of the GRU exercises: a minimal unit, weights of another program, a sum by hand, one step back.

For instructors only. Stacked weights hold row blocks, one block of `unit` rows for each gate and for the candidate.
"""

import torch

from seqviz.checks import exercise, mistake, normal

from .common import not_allowed, stacked, tensors

NOT_ALLOWED = not_allowed("torch.gru", "torch.gru_cell", autograd=False)


def blocks_of(weight, count):
    return weight.split(len(weight) // count)


@exercise(
    returns="h_t: batch unit",
    groups={"several sequences": 3, "a bias on the candidate's state": 1},
    forbid=NOT_ALLOWED,
)
class minimal_gated_step:
    "One step of a unit with a single gate, in our sign and with the reset after the matrix."

    def inputs(generator):
        drawn = {"W_x": [[0.5], [1.0]], "W_h": [[-1.0], [0.5]], "b": [0.8, 0.0], "b_hn": [0.2]}
        yield "a bias on the candidate's state", tensors(x_t=[[1.0]], h=[[0.8]], **drawn)
        for group, batch, feature, unit, with_bias, dtype in [
            ("several sequences", 2, 3, 5, False, torch.float64),
            ("several sequences", 3, 4, 4, False, torch.float64),
            ("several sequences", 4, 5, 3, False, torch.float32),
            ("several sequences", 1, 1, 2, False, torch.float64),
            ("a bias on the candidate's state", 3, 2, 4, True, torch.float64),
        ]:
            x_t = normal(generator, batch, feature, dtype=dtype)
            h = normal(generator, batch, unit, scale=1.5, dtype=dtype)
            weights = stacked(generator, 2, feature, unit, dtype)
            b_hn = normal(generator, unit, dtype=dtype)
            yield group, {"x_t": x_t, "h": h, **weights, "b_hn": b_hn if with_bias else torch.zeros_like(b_hn)}

    def reference(x_t, h, W_x, W_h, b, b_hn):
        return minimal(x_t, h, W_x, W_h, b, b_hn)

    @mistake(
        "z swapped",
        hint="Let z be nearly 1 everywhere. Should the unit then keep its old state or overwrite it? Does yours?",
    )
    def swapped(x_t, h, W_x, W_h, b, b_hn):
        return minimal(x_t, h, W_x, W_h, b, b_hn, keep=lambda z: 1 - z)

    @mistake(
        "the chapter's gate f under the name of z",
        hint="In the chapter f resets and writes. Here z keeps: let it be 1, and say what h_t should be.",
    )
    def resets_and_writes(x_t, h, W_x, W_h, b, b_hn):
        return minimal(x_t, h, W_x, W_h, b, b_hn, keep=lambda z: 1 - z, reset=lambda z: z)

    @mistake(
        "z used as the reset",
        hint="The one gate does two things. Where z keeps the old state, how much of it should the candidate see?",
    )
    def reset_by_z(x_t, h, W_x, W_h, b, b_hn):
        return minimal(x_t, h, W_x, W_h, b, b_hn, reset=lambda z: z)

    @mistake(
        "reset before the matrix where after is asked",
        hint="Does your gate scale the state before W_hn mixes its entries, or what comes out of W_hn?",
    )
    def before(x_t, h, W_x, W_h, b, b_hn):
        return minimal(x_t, h, W_x, W_h, b, b_hn, before=True)

    @mistake(
        "reset before the matrix, and the bias outside",
        hint="Does your gate scale the state before W_hn mixes its entries, or what comes out, its bias included?",
    )
    def before_without_bias(x_t, h, W_x, W_h, b, b_hn):
        b_z, b_n = blocks_of(b, 2)
        return minimal(x_t, h, W_x, W_h, torch.cat([b_z, b_n + b_hn]), torch.zeros_like(b_hn), before=True)

    @mistake(
        "the whole old state kept",
        hint="Let z be nearly 0 everywhere. How much of the old state should be left, and how much is in yours?",
    )
    def added_on_top(x_t, h, W_x, W_h, b, b_hn):
        (x_z, _), (W_hz, _) = projected(x_t, W_x, b), blocks_of(W_h, 2)
        z = torch.sigmoid(x_z + h @ W_hz.T)
        return minimal(x_t, h, W_x, W_h, b, b_hn) + (1 - z) * h

    @mistake(
        "reset on the input",
        hint="Which of the candidate's two sources does the gate close: the input or the old state?",
    )
    def on_the_input(x_t, h, W_x, W_h, b, b_hn):
        (x_z, x_n), (W_hz, W_hn) = projected(x_t, W_x, b), blocks_of(W_h, 2)
        z = torch.sigmoid(x_z + h @ W_hz.T)
        n = torch.tanh((1 - z) * x_n + h @ W_hn.T + b_hn)
        return z * h + (1 - z) * n

    @mistake(
        "reset on the input as well",
        hint="Put h = 0 and b_hn = 0: the candidate is then tanh(W_xn x + b_n), whatever the gate. Is yours?",
    )
    def on_everything(x_t, h, W_x, W_h, b, b_hn):
        (x_z, x_n), (W_hz, W_hn) = projected(x_t, W_x, b), blocks_of(W_h, 2)
        z = torch.sigmoid(x_z + h @ W_hz.T)
        n = torch.tanh((1 - z) * (x_n + h @ W_hn.T + b_hn))
        return z * h + (1 - z) * n

    @mistake(
        "no reset",
        hint="Your candidate always sees the whole old state: that is the simplified unit. What else does the gate do?",
    )
    def no_reset(x_t, h, W_x, W_h, b, b_hn):
        return minimal(x_t, h, W_x, W_h, b, b_hn, reset=torch.ones_like)

    @mistake(
        "candidate through a sigmoid",
        hint="A state can be negative. Can your candidate?",
    )
    def sigmoid_candidate(x_t, h, W_x, W_h, b, b_hn):
        return minimal(x_t, h, W_x, W_h, b, b_hn, squash=torch.sigmoid)

    @mistake(
        "gate through a tanh",
        hint="A gate is a share between 0 and 1. Between what and what is yours?",
    )
    def tanh_gate(x_t, h, W_x, W_h, b, b_hn):
        return minimal(x_t, h, W_x, W_h, b, b_hn, gate=torch.tanh)

    @mistake(
        "row blocks exchanged",
        hint="Which rows of W_x belong to the gate: the first half or the second?",
    )
    def exchanged(x_t, h, W_x, W_h, b, b_hn):
        turned = (torch.cat(blocks_of(weight, 2)[::-1]) for weight in (W_x, W_h, b))
        return minimal(x_t, h, *turned, b_hn)

    @mistake(
        "b_hn forgotten",
        hint="With b_hn = 0 you are right. Where does it stand in the candidate?",
    )
    def no_bias(x_t, h, W_x, W_h, b, b_hn):
        return minimal(x_t, h, W_x, W_h, b, torch.zeros_like(b_hn))

    @mistake(
        "W_hn transposed",
        hint="W_hn is square, so no error tells. A batch has its states in rows, the equation in columns.",
    )
    def transposed(x_t, h, W_x, W_h, b, b_hn):
        W_hz, W_hn = blocks_of(W_h, 2)
        return minimal(x_t, h, W_x, torch.cat([W_hz, W_hn.T]), b, b_hn)

    @mistake(
        "W_hz transposed",
        hint="W_hz is square, so no error tells. A batch has its states in rows, the equation in columns.",
    )
    def gate_transposed(x_t, h, W_x, W_h, b, b_hn):
        W_hz, W_hn = blocks_of(W_h, 2)
        return minimal(x_t, h, W_x, torch.cat([W_hz.T, W_hn]), b, b_hn)

    @mistake(
        "b_n inside the product with the gate",
        hint="Put h = 0, W_x = 0 and b_hn = 0: the candidate is then tanh(b_n), whatever the gate. Is yours?",
    )
    def bias_inside(x_t, h, W_x, W_h, b, b_hn):
        b_z, b_n = blocks_of(b, 2)
        return minimal(x_t, h, W_x, W_h, torch.cat([b_z, torch.zeros_like(b_n)]), b_hn + b_n)

    @mistake(
        "b_hn outside the product with the gate",
        hint="With b_hn = 0 you are right. What does the gate multiply: W_hn h alone, or the bias with it?",
    )
    def bias_outside(x_t, h, W_x, W_h, b, b_hn):
        moved = torch.cat([torch.zeros_like(b_hn), b_hn])
        return minimal(x_t, h, W_x, W_h, b + moved, torch.zeros_like(b_hn))


def projected(x_t, W_x, b):
    """Return the input's share of the gate and of the candidate."""
    return (x_t @ W_x.T + b).chunk(2, dim=-1)


def minimal(
    x_t,
    h,
    W_x,
    W_h,
    b,
    b_hn,
    *,
    keep=lambda z: z,
    reset=lambda z: 1 - z,
    before=False,
    squash=torch.tanh,
    gate=torch.sigmoid,
):
    """One step; the keywords make the usual mistakes."""
    (x_z, x_n), (W_hz, W_hn) = projected(x_t, W_x, b), blocks_of(W_h, 2)
    z = gate(x_z + h @ W_hz.T)
    share = reset(z)
    from_state = (share * h) @ W_hn.T + share * b_hn if before else share * (h @ W_hn.T + b_hn)
    return keep(z) * h + (1 - keep(z)) * squash(x_n + from_state)


@exercise(
    returns="h_t: batch time unit",
    groups={"the matrices": 2, "two biases": 2},
    forbid=NOT_ALLOWED,
)
class convert_gru_weights:
    "A GRU in columns, in the order u, r, n, where u writes, to the four tensors of torch.nn.GRU."

    def inputs(generator):
        columns = {"kernel": [[0.5, -1.0, 1.0]], "recurrent": [[1.0, 0.5, -1.0]]}
        bias = [[0.2, 0.0, 0.1], [0.3, 0.4, 0.5]]
        yield "two biases", tensors(**columns, bias=bias, x=[[[1.0], [-1.0]]], h_0=[[0.5]])
        for group, batch, time, feature, unit, biased, dtype in [
            ("the matrices", 2, 4, 3, 5, False, torch.float64),
            ("the matrices", 3, 2, 2, 1, False, torch.float64),
            ("two biases", 2, 5, 4, 3, True, torch.float64),
            ("two biases", 3, 3, 3, 3, True, torch.float64),
            ("two biases", 4, 3, 5, 2, True, torch.float32),
        ]:
            drawn = stacked(generator, 3, feature, unit, dtype)
            bias = normal(generator, 2, 3 * unit, dtype=dtype)
            yield (
                group,
                {
                    "kernel": drawn["W_x"].T.contiguous(),
                    "recurrent": drawn["W_h"].T.contiguous(),
                    "bias": bias if biased else torch.zeros_like(bias),
                    "x": normal(generator, batch, time, feature, dtype=dtype),
                    "h_0": normal(generator, batch, unit, dtype=dtype),
                },
            )

    def drive(student, kernel, recurrent, bias, x, h_0):
        """Run torch's GRU over x with the four tensors that come back."""
        import torch

        unit, feature, dtype = recurrent.shape[0], kernel.shape[0], kernel.dtype
        wanted = {
            "weight_ih": [3 * unit, feature],
            "weight_hh": [3 * unit, unit],
            "bias_ih": [3 * unit],
            "bias_hh": [3 * unit],
        }
        found = student(kernel, recurrent, bias)
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
        weight_ih, weight_hh, bias_ih, bias_hh = found
        h, states = h_0, []
        for x_t in x.unbind(1):
            x_r, x_z, x_n = (x_t @ weight_ih.T + bias_ih).chunk(3, -1)
            h_r, h_z, h_n = (h @ weight_hh.T + bias_hh).chunk(3, -1)
            r, z = torch.sigmoid(x_r + h_r), torch.sigmoid(x_z + h_z)
            h = (1 - z) * torch.tanh(x_n + r * h_n) + z * h
            states.append(h)
        return torch.stack(states, 1)

    def reference(kernel, recurrent, bias):
        return into_torch(kernel, recurrent, bias)

    @mistake(
        "the order left as it was",
        hint="The sign is right. In which order do the rows stand in torch's tensors?",
    )
    def not_reordered(kernel, recurrent, bias):
        return into_torch(kernel, recurrent, bias, blocks=lambda u, r, n: (-u, r, n))

    @mistake(
        "the sign forgotten",
        hint="The order is right. u and z both mix the old state with n: what does u multiply, and what z?",
    )
    def sign_forgotten(kernel, recurrent, bias):
        return into_torch(kernel, recurrent, bias, blocks=lambda u, r, n: (r, u, n))

    @mistake(
        "transposed and nothing else",
        hint="The shapes are right. Compare the equations: which gate keeps, and in which order do the rows stand?",
    )
    def only_transposed(kernel, recurrent, bias):
        return into_torch(kernel, recurrent, bias, blocks=lambda u, r, n: (u, r, n))

    @mistake(
        "1 − W instead of −W",
        hint="It is the gate that becomes 1 − u, behind the sigmoid. Which a has σ(a) = 1 − σ(0.5)?",
    )
    def one_minus(kernel, recurrent, bias):
        return into_torch(kernel, recurrent, bias, blocks=lambda u, r, n: (r, 1 - u, n))

    @mistake(
        "r negated",
        hint="One gate means the opposite in the two programs. Which?",
    )
    def wrong_gate(kernel, recurrent, bias):
        return into_torch(kernel, recurrent, bias, blocks=lambda u, r, n: (-r, u, n))

    @mistake(
        "the candidate negated",
        hint="The gates are right. What does a negated candidate do to h_t?",
    )
    def candidate_negated(kernel, recurrent, bias):
        return into_torch(kernel, recurrent, bias, blocks=lambda u, r, n: (r, -u, -n))

    @mistake(
        "both gates negated",
        hint="One gate means the opposite in the two programs. What becomes of the other in yours?",
    )
    def both_gates(kernel, recurrent, bias):
        return into_torch(kernel, recurrent, bias, blocks=lambda u, r, n: (-r, -u, n))

    @mistake(
        "the biases left as they were",
        hint="With all biases at 0 you are right. What did you do to the matrices that the biases need as well?",
    )
    def biases_left(kernel, recurrent, bias):
        weight_ih, weight_hh, *_ = into_torch(kernel, recurrent, bias)
        return weight_ih, weight_hh, *bias.clone()

    @mistake(
        "everything negated",
        hint="One gate means the opposite. What happens to the candidate and to r in yours?",
    )
    def all_negated(kernel, recurrent, bias):
        return into_torch(kernel, recurrent, bias, blocks=lambda u, r, n: (-r, -u, -n))

    @mistake(
        "order r, n, z",
        hint="All blocks have the same size, so no error tells. Which rows of torch's tensors are the candidate's?",
    )
    def candidate_second(kernel, recurrent, bias):
        return into_torch(kernel, recurrent, bias, blocks=lambda u, r, n: (r, n, -u))

    @mistake(
        "the sign of the biases left",
        hint="With all biases at 0 you are right. What goes into z's sigmoid, and how much of it changes its sign?",
    )
    def bias_unsigned(kernel, recurrent, bias):
        weight_ih, weight_hh, _, _ = into_torch(kernel, recurrent, bias)
        return weight_ih, weight_hh, *into_torch(kernel, recurrent, bias, blocks=lambda u, r, n: (r, u, n))[2:]

    @mistake(
        "the sign turned in the kernel only",
        hint="With h = 0 and no biases you are right. What goes into the sigmoid of z besides the input?",
    )
    def only_the_kernel(kernel, recurrent, bias):
        weight_ih, *_ = into_torch(kernel, recurrent, bias)
        return weight_ih, *into_torch(kernel, recurrent, bias, blocks=lambda u, r, n: (r, u, n))[1:]

    @mistake(
        "the sign of the recurrent weights left",
        hint="With h = 0 you are right. What goes into the sigmoid of z besides the input and the biases?",
    )
    def recurrent_unsigned(kernel, recurrent, bias):
        weight_ih, _, bias_ih, bias_hh = into_torch(kernel, recurrent, bias)
        weight_hh = into_torch(kernel, recurrent, bias, blocks=lambda u, r, n: (r, u, n))[1]
        return weight_ih, weight_hh, bias_ih, bias_hh

    @mistake(
        "the two biases exchanged",
        hint="With all biases at 0 you are right. Which of them stands in the bracket that r multiplies?",
    )
    def biases_exchanged(kernel, recurrent, bias):
        weight_ih, weight_hh, bias_ih, bias_hh = into_torch(kernel, recurrent, bias)
        return weight_ih, weight_hh, bias_hh, bias_ih

    @mistake(
        "both biases in the first",
        hint="With all biases at 0 you are right. In n, what does r multiply, and is your sum in that bracket?",
    )
    def all_in_the_first(kernel, recurrent, bias):
        weight_ih, weight_hh, bias_ih, bias_hh = into_torch(kernel, recurrent, bias)
        return weight_ih, weight_hh, bias_ih + bias_hh, torch.zeros_like(bias_hh)

    @mistake(
        "the second bias forgotten",
        hint="With all biases at 0 you are right. How many rows has `bias`?",
    )
    def one_bias(kernel, recurrent, bias):
        weight_ih, weight_hh, bias_ih, bias_hh = into_torch(kernel, recurrent, bias)
        return weight_ih, weight_hh, bias_ih, torch.zeros_like(bias_hh)

    @mistake(
        "the sum of the biases, and the second once more",
        hint="With all biases at 0 you are right. torch adds both of its biases. How many are in r then?",
    )
    def added_and_kept(kernel, recurrent, bias):
        weight_ih, weight_hh, bias_ih, bias_hh = into_torch(kernel, recurrent, bias)
        return weight_ih, weight_hh, bias_ih + bias_hh, bias_hh

    @mistake(
        "reshaped instead of transposed",
        hint="The shapes are right. reshape reads row by row: which numbers stand in the first row of your weight_ih?",
    )
    def reshaped(kernel, recurrent, bias):
        weight_ih, weight_hh, *biases = into_torch(kernel, recurrent, bias)
        return weight_ih.T.reshape(weight_ih.shape), weight_hh.T.reshape(weight_hh.shape), *biases

    @mistake(
        "the blocks of recurrent not transposed",
        hint="The blocks are square, so no error tells. In which direction does each stand in torch's weight_hh?",
    )
    def square_blocks(kernel, recurrent, bias):
        weight_ih, weight_hh, *biases = into_torch(kernel, recurrent, bias)
        return weight_ih, torch.cat([block.T for block in blocks_of(weight_hh, 3)]), *biases

    @mistake(
        "every third column instead of blocks",
        hint="With one unit you are right. The columns of u stand together: the first `unit` ones. Which do you take?",
    )
    def interleaved(kernel, recurrent, bias):
        return into_torch(*(torch.cat([w[:, k::3] for k in range(3)], -1) for w in (kernel, recurrent, bias)))


def into_torch(kernel, recurrent, bias, *, blocks=lambda u, r, n: (r, -u, n)):
    """Return torch's four tensors; `blocks` makes the usual mistakes."""
    weight_ih, weight_hh, biases = (
        torch.cat(blocks(*columns.chunk(3, -1)), -1) for columns in (kernel, recurrent, bias)
    )
    return weight_ih.T, weight_hh.T, *biases


@exercise(
    returns="sum: time",
    groups={"numbers alone": 1, "new": 1, "new and void": 2},
    forbid=NOT_ALLOWED,
    tolerance=0.02,  # no gate is quite open, no tanh quite straight, and weights of several kinds do what is asked
)
class sum_by_hand:
    "Weights of one GRU unit that keeps a sum, begins it anew, and passes over what is void."

    def inputs(generator):
        worked = {"scale": 0.01, "strength": 10.0, "values": [0.3, 0.2, 0.25, -0.1, 0.15, 0.2]}
        yield "new and void", {**worked, "marks": ["new", "", "void", "", "new", ""]}
        for group, lines, scale, strength in [
            ("numbers alone", 8, 0.005, 12.0),
            ("new", 12, 0.01, 11.0),
            ("new", 1, 0.01, 10.0),
            ("new and void", 15, 0.005, 10.0),
            ("new and void", 12, 0.002, 15.0),
        ]:
            values = (torch.rand(lines, generator=generator, dtype=torch.float64) * 2 - 1).tolist()
            if lines > 3:  # numbers as large as a mark, at lines of every kind
                values[lines // 3 - 1 : lines // 3 + 2] = -0.7, 0.9, 0.9
                values[lines // 2] = -0.9
            yield (
                group,
                {"scale": scale, "strength": strength, "values": values, "marks": draw_marks(generator, group, lines)},
            )

    def drive(student, scale, strength, values, marks):
        """Let the unit read the lines from h_0 = 0 and return h_t / scale."""
        import torch

        found, wanted = student(scale, strength), {"W_x": [3, 3], "W_h": [3, 1], "b": [3]}
        if found is None:
            return None
        if len(found) != len(wanted):
            raise ValueError(f"{len(found)} came back; asked for are {', '.join(wanted)}")
        found = [torch.as_tensor(one).double() for one in found]
        for (name, shape), one in zip(wanted.items(), found, strict=True):
            if list(one.shape) != shape:
                raise ValueError(f"{name} has the shape {list(one.shape)}; asked for is {shape}")
        W_x, W_h, b = found
        h, sums = torch.zeros(()).double(), []
        for value, mark in zip(values, marks, strict=True):
            x_t = torch.tensor([value, float(mark == "new"), float(mark == "void")]).double()
            (x_r, x_z, x_n), (W_hr, W_hz, W_hn) = W_x @ x_t + b, W_h[:, 0]
            r, z = torch.sigmoid(x_r + W_hr * h), torch.sigmoid(x_z + W_hz * h)
            h = z * h + (1 - z) * torch.tanh(x_n + W_hn * (r * h))
            sums.append(h / scale)
        return torch.stack(sums)

    def reference(scale, strength):
        return summing(scale, strength)

    @mistake(
        "z writes",
        hint="Here z keeps the old state. Which of your lines are written, and which are kept?",
    )
    def writing(scale, strength):
        return summing(scale, strength, z=(0, -2, 1))

    @mistake(
        "the reset always open",
        hint="Numbers alone are right. What does your candidate see of the old sum at a line that is new?",
    )
    def never_anew(scale, strength):
        return summing(scale, strength, r=(0, 0, 1))

    @mistake(
        "the reset open at new lines only",
        hint="At an ordinary line the candidate adds to the old sum. Does it see that sum in yours?",
    )
    def always_anew(scale, strength):
        return summing(scale, strength, r=(2, 0, -1))

    @mistake(
        "void lines added",
        hint="Lines that are not void are right. Which gate can leave h_t as it was, and what is it at a void line?",
    )
    def void_added(scale, strength):
        return summing(scale, strength, z=(0, 0, -1))

    @mistake(
        "a void line empties the sum",
        hint="At a void line h_t is to be h_{t−1}. Does closing the reset do that?",
    )
    def void_empties(scale, strength):
        return summing(scale, strength, r=(-2, -2, 1), z=(0, 0, -1))

    @mistake(
        "new lines kept out",
        hint="A line that is new has a number, which is to be the sum. With z near 1, what becomes of it?",
    )
    def new_kept_out(scale, strength):
        return summing(scale, strength, z=(2, 2, -1))

    @mistake(
        "new and void exchanged",
        hint="Numbers alone are right. In which order do value, new and void stand in x_t?",
    )
    def columns_exchanged(scale, strength):
        return summing(scale, strength, r=(0, -2, 1), z=(2, 0, -1))

    @mistake(
        "the marks only cancel the biases",
        hint="Numbers alone are right. At a mark, what goes into your sigmoid, and how far open is that?",
    )
    def cancelled(scale, strength):
        return summing(scale, strength, r=(-1, 0, 1), z=(0, 1, -1))

    @mistake(
        "the mark of a new line only cancels the bias",
        hint="Numbers alone are right. At a new line, what goes into r's sigmoid, and how far open is that?",
    )
    def reset_cancelled(scale, strength):
        return summing(scale, strength, r=(-1, 0, 1))

    @mistake(
        "the mark of a void line only cancels the bias",
        hint="Lines that are not void are right. At a void line, what goes into z's sigmoid, and how far open is that?",
    )
    def update_cancelled(scale, strength):
        return summing(scale, strength, z=(0, 1, -1))

    @mistake(
        "r without a bias",
        hint="At a line without a mark, what goes into r? What is the sigmoid of 0?",
    )
    def reset_half_open(scale, strength):
        return summing(scale, strength, r=(-2, 0, 0))

    @mistake(
        "z without a bias",
        hint="At a line without a mark, what goes into z? What is the sigmoid of 0?",
    )
    def update_half_open(scale, strength):
        return summing(scale, strength, z=(0, 2, 0))

    @mistake(
        "no biases",
        hint="At a line without a mark, what goes into your gates? What is the sigmoid of 0?",
    )
    def half_open(scale, strength):
        return summing(scale, strength, r=(-2, 0, 0), z=(0, 2, 0))

    @mistake(
        "order z, r, n",
        hint="All blocks have the same size, so no error tells. Which row of W_x is that of the reset?",
    )
    def other_order(scale, strength):
        return tuple(one[[1, 0, 2]] for one in summing(scale, strength))

    @mistake(
        "the number not made small",
        hint="The tanh flattens what is not small. How large is your candidate at a line of 0.3? Which is asked for?",
    )
    def not_scaled(scale, strength):
        return summing(scale, strength, value=1.0)

    @mistake(
        "hardly anything of the old sum",
        hint="h_{t−1} is ε times the old sum, and is to stay as it is in the new one. By what do you multiply it?",
    )
    def old_scaled(scale, strength):
        return summing(scale, strength, old=scale)

    @mistake(
        "the old sum as strong as a gate",
        hint="The sum is to stay as it is when it passes the candidate. Which factor leaves a number as it is?",
    )
    def old_saturated(scale, strength):
        return summing(scale, strength, old=strength)

    @mistake(
        "the candidate takes the marks for numbers",
        hint="Numbers alone are right. What do the marks add to your candidate?",
    )
    def marks_added(scale, strength):
        W_x, W_h, b = summing(scale, strength)
        W_x[2] = scale
        return W_x, W_h, b


def summing(scale, strength, *, r=(-2, 0, 1), z=(0, 2, -1), value=None, old=1.0):
    """Return W_x, W_h and b; `r` and `z` say how strongly new, void and the bias act. The keywords make mistakes."""
    gates = [strength * torch.tensor([new, void, bias]) for new, void, bias in (r, z)]
    W_x = torch.zeros(3, 3)
    W_x[0, 1:], W_x[1, 1:], W_x[2, 0] = gates[0][:2], gates[1][:2], scale if value is None else value
    return W_x, torch.tensor([[0.0], [0.0], [old]]), torch.tensor([gates[0][2], gates[1][2], 0.0])


def draw_marks(generator, group, lines):
    """Draw a mark for every line; some begin anew in the middle, some are void before and after numbers."""
    drawn = torch.rand(lines, generator=generator).tolist()
    if group == "numbers alone":
        return [""] * lines
    marks = ["new" if number < 0.25 else "void" if number > 0.75 and "void" in group else "" for number in drawn]
    for place, mark in ((lines // 3, "new"), (lines // 2, "void")):
        if lines > 3 and mark in group:
            marks[place] = mark
    return marks


@exercise(
    returns=(
        "grad_x_t: batch feature",
        "grad_h_before: batch unit",
        "grad_W_x: three_units feature",
        "grad_W_h: three_units unit",
        "grad_b: three_units",
    ),
    groups={"several sequences": 4, "one sequence of one number": 1},
    forbid=NOT_ALLOWED,
)
class gru_backward_step:
    "One step back through the GRU with the reset before the matrix."

    def inputs(generator):
        drawn = {"W_x": [[0.5], [0.5], [1.0]], "W_h": [[1.0], [-1.0], [0.5]], "b": [-0.3, 0.3, 0.0]}
        yield "one sequence of one number", tensors(grad_h_t=[[2.0]], x_t=[[1.0]], h_before=[[0.8]], **drawn)
        for group, batch, feature, unit, dtype in [
            ("several sequences", 2, 3, 5, torch.float64),
            ("several sequences", 3, 4, 4, torch.float64),
            ("several sequences", 4, 5, 3, torch.float32),
            ("one sequence of one number", 1, 1, 1, torch.float64),
        ]:
            yield (
                group,
                {
                    "grad_h_t": normal(generator, batch, unit, dtype=dtype),
                    "x_t": normal(generator, batch, feature, dtype=dtype),
                    "h_before": normal(generator, batch, unit, dtype=dtype),
                    **stacked(generator, 3, feature, unit, dtype),
                },
            )

    def reference(grad_h_t, x_t, h_before, W_x, W_h, b):
        return one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b)

    @mistake(
        "the direct path z forgotten",
        hint="Only grad_h_before is wrong. h_{t−1} reaches h_t through the gates, the candidate, and one way more.",
    )
    def no_direct_path(grad_h_t, x_t, h_before, W_x, W_h, b):
        return one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b, direct=lambda z: 0 * z)

    @mistake(
        "z swapped",
        hint="h_t = z ⊙ h_{t−1} + (1 − z) ⊙ n. Which of the two factors belongs to the candidate's gradient?",
    )
    def swapped(grad_h_t, x_t, h_before, W_x, W_h, b):
        return one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b, keep=lambda z: 1 - z)

    @mistake(
        "z where 1 − z belongs in the candidate's gradient",
        hint="h_t = z ⊙ h_{t−1} + (1 − z) ⊙ n. Which of the two factors stands in front of n?",
    )
    def candidate_share(grad_h_t, x_t, h_before, W_x, W_h, b):
        return one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b, keep=lambda z: 1 - z, direct=lambda z: z)

    @mistake(
        "reset after the matrix where before is asked",
        hint="What does W_hn multiply in the candidate, the state or r ⊙ state? Its gradient has the same factor.",
    )
    def after(grad_h_t, x_t, h_before, W_x, W_h, b):
        (x_r, x_z, x_n), (W_hr, W_hz, W_hn) = (x_t @ W_x.T + b).chunk(3, -1), blocks_of(W_h, 3)
        r, z = torch.sigmoid(x_r + h_before @ W_hr.T), torch.sigmoid(x_z + h_before @ W_hz.T)
        m = h_before @ W_hn.T
        n = torch.tanh(x_n + r * m)
        grad_a_n = grad_h_t * (1 - z) * (1 - n**2)
        grad_a = torch.cat([grad_a_n * m * r * (1 - r), grad_h_t * (h_before - n) * z * (1 - z), grad_a_n], -1)
        to_state = torch.cat([*grad_a.chunk(3, -1)[:2], grad_a_n * r], -1)
        return grad_a @ W_x, grad_h_t * z + to_state @ W_h, grad_a.T @ x_t, to_state.T @ h_before, grad_a.sum(0)

    @mistake(
        "W_hn's gradient with h_{t−1} instead of r ⊙ h_{t−1}",
        hint="Only the last block of grad_W_h is wrong. What does W_hn multiply?",
    )
    def unreset_outer(grad_h_t, x_t, h_before, W_x, W_h, b):
        return one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b, seen=lambda r: torch.ones_like(r))

    @mistake(
        "the way through r forgotten",
        hint="r decides how much of the state the candidate sees: the loss depends on it. Is its block zero in yours?",
    )
    def no_reset_gradient(grad_h_t, x_t, h_before, W_x, W_h, b):
        return one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b, of_reset=0.0)

    @mistake(
        "the way through z forgotten",
        hint="z decides between two values. How much does h_t change when z does? Is its block zero in yours?",
    )
    def no_update_gradient(grad_h_t, x_t, h_before, W_x, W_h, b):
        return one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b, of_update=0.0)

    @mistake(
        "h_{t−1} where h_{t−1} − n belongs",
        hint="Only what goes through z is wrong. A larger z keeps more of the old state. Of what does it take less?",
    )
    def without_candidate(grad_h_t, x_t, h_before, W_x, W_h, b):
        return one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b, decided=lambda h, n: h)

    @mistake(
        "W_hn transposed on the way back",
        hint="W_hn is square, so no error tells. How do you bring a gradient back through a matrix?",
    )
    def transposed(grad_h_t, x_t, h_before, W_x, W_h, b):
        return one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b, way_back=lambda W: W.T)

    @mistake(
        "r's way not sent back to the state",
        hint="Only grad_h_before is wrong. r reads h_{t−1} too. Which of your summands comes back through W_hr?",
    )
    def reset_not_sent(grad_h_t, x_t, h_before, W_x, W_h, b):
        return one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b, by_reset=0.0)

    @mistake(
        "z's way not sent back to the state",
        hint="Only grad_h_before is wrong. z reads h_{t−1} too. Which of your summands comes back through W_hz?",
    )
    def update_not_sent(grad_h_t, x_t, h_before, W_x, W_h, b):
        return one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b, by_update=0.0)

    @mistake(
        "W_hr transposed on the way back",
        hint="Only grad_h_before is wrong. W_hr is square, so no error tells. How does W_hn bring a gradient back?",
    )
    def reset_transposed(grad_h_t, x_t, h_before, W_x, W_h, b):
        return one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b, gates_way_back=lambda W_hr, W_hz: (W_hr.T, W_hz))

    @mistake(
        "W_hz transposed on the way back",
        hint="Only grad_h_before is wrong. W_hz is square, so no error tells. How does W_hn bring a gradient back?",
    )
    def update_transposed(grad_h_t, x_t, h_before, W_x, W_h, b):
        return one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b, gates_way_back=lambda W_hr, W_hz: (W_hr, W_hz.T))

    @mistake(
        "mean over the batch instead of a sum",
        hint="The gradients of the weights are too small by one factor. Which axis of x_t has that size?",
    )
    def averaged(grad_h_t, x_t, h_before, W_x, W_h, b):
        grad_x_t, grad_h, *of_weights = one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b)
        return grad_x_t, grad_h, *(one / len(x_t) for one in of_weights)

    @mistake(
        "the sign of z's gradient",
        hint="Where h_{t−1} is larger than n, a larger z makes h_t larger. And in yours?",
    )
    def update_sign(grad_h_t, x_t, h_before, W_x, W_h, b):
        return one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b, of_update=-1.0)

    @mistake(
        "σ′ left out",
        hint="A gate near 0 or 1 hardly moves. Which factor of its gradient says so?",
    )
    def no_sigmoid_slope(grad_h_t, x_t, h_before, W_x, W_h, b):
        return one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b, gate_slope=torch.ones_like)

    @mistake(
        "tanh′ left out",
        hint="A candidate near 1 or −1 hardly moves. Which factor of its gradient says so?",
    )
    def no_tanh_slope(grad_h_t, x_t, h_before, W_x, W_h, b):
        return one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b, slope=torch.ones_like)

    @mistake(
        "tanh′ taken at h_t",
        hint="1 − h_t² is tanh′ only where h_t is the tanh. Which quantity of this step is?",
    )
    def slope_at_state(grad_h_t, x_t, h_before, W_x, W_h, b):
        return one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b, slope_at_state=True)

    @mistake(
        "candidate through a sigmoid",
        hint="Work out n again as the forward pass does: is it a share, or a value that may be negative?",
    )
    def sigmoid_candidate(grad_h_t, x_t, h_before, W_x, W_h, b):
        return one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b, squash=torch.sigmoid, slope=lambda n: n * (1 - n))

    @mistake(
        "the reset forgotten on the way back to the state",
        hint="Only grad_h_before is wrong. W_hn returns a gradient of r ⊙ h_{t−1}. What is then that of h_{t−1}?",
    )
    def unreset_state(grad_h_t, x_t, h_before, W_x, W_h, b):
        return one_step_back(grad_h_t, x_t, h_before, W_x, W_h, b, back=lambda r: torch.ones_like(r))


def one_step_back(
    grad_h_t,
    x_t,
    h_before,
    W_x,
    W_h,
    b,
    *,
    keep=lambda z: z,
    direct=None,
    seen=lambda r: r,
    back=lambda r: r,
    of_reset=1.0,
    of_update=1.0,
    gate_slope=lambda gate: gate * (1 - gate),
    squash=torch.tanh,
    slope=lambda n: 1 - n**2,
    slope_at_state=False,
    decided=lambda h, n: h - n,
    way_back=lambda W: W,
    gates_way_back=lambda W_hr, W_hz: (W_hr, W_hz),
    by_reset=1.0,
    by_update=1.0,
):
    """Return all five gradients; the keywords make the usual mistakes."""
    (x_r, x_z, x_n), (W_hr, W_hz, W_hn) = (x_t @ W_x.T + b).chunk(3, -1), blocks_of(W_h, 3)
    r, z = torch.sigmoid(x_r + h_before @ W_hr.T), torch.sigmoid(x_z + h_before @ W_hz.T)
    n = squash(x_n + (r * h_before) @ W_hn.T)
    h_t = z * h_before + (1 - z) * n
    grad_a_n = grad_h_t * (1 - keep(z)) * slope(h_t if slope_at_state else n)
    grad_a_z = of_update * grad_h_t * decided(h_before, n) * gate_slope(z)
    to_reset_state = grad_a_n @ way_back(W_hn)
    grad_a_r = of_reset * to_reset_state * h_before * gate_slope(r)
    back_hr, back_hz = gates_way_back(W_hr, W_hz)
    by_gates = by_reset * grad_a_r @ back_hr + by_update * grad_a_z @ back_hz
    grad_h = grad_h_t * (direct or keep)(z) + back(r) * to_reset_state + by_gates
    grad_a = torch.cat([grad_a_r, grad_a_z, grad_a_n], -1)
    grad_W_h = torch.cat([grad_a_r.T @ h_before, grad_a_z.T @ h_before, grad_a_n.T @ (seen(r) * h_before)])
    return grad_a @ W_x, grad_h, grad_a.T @ x_t, grad_W_h, grad_a.sum(0)
