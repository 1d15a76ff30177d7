"""Checks of the GRU exercises: a minimal unit, weights of one sign to the other, torch's weights, one step back.

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
        "reset on the input",
        hint="With x_t = 0 you are right, up to the bias. Which of the candidate's two sources does the gate close?",
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
    returns=("W_x: three_units feature", "W_h: three_units unit", "b: three_units"),
    groups={"several units": 2, "one unit": 1},
    forbid=NOT_ALLOWED,
)
class convert_update_convention:
    "Stacked weights in the order r, z, n, where z keeps, to the order u, r, n, where u writes."

    def inputs(generator):
        columns = {"W_x": [[1.0], [2.0], [3.0]], "W_h": [[4.0], [5.0], [6.0]], "b": [7.0, 8.0, 9.0]}
        yield "one unit", tensors(**columns)
        for group, feature, unit, dtype in [
            ("several units", 3, 4, torch.float64),
            ("several units", 2, 5, torch.float64),
            ("several units", 4, 3, torch.float32),
            ("one unit", 2, 1, torch.float64),
        ]:
            yield group, stacked(generator, 3, feature, unit, dtype)

    def reference(W_x, W_h, b):
        return converted((W_x, W_h, b))

    @mistake(
        "z swapped in the equation, not in the weights",
        hint="The blocks are in the right order. With these rows, does the sigmoid give u = 1 − z, or still z?",
    )
    def only_reordered(W_x, W_h, b):
        return converted((W_x, W_h, b), sign=1)

    @mistake(
        "the bias kept its sign",
        hint="W_x and W_h are right. What goes into the sigmoid besides W_x x and W_h h?",
    )
    def bias_kept(W_x, W_h, b):
        return *converted((W_x, W_h)), *converted((b,), sign=1)

    @mistake(
        "the order left as it was",
        hint="The sign is right. In which order do the blocks stand in what you return?",
    )
    def not_reordered(W_x, W_h, b):
        def turned(weight):
            r, z, n = blocks_of(weight, 3)
            return torch.cat([r, -z, n])

        return tuple(map(turned, (W_x, W_h, b)))

    @mistake(
        "1 − W instead of −W",
        hint="It is the gate that becomes 1 − z, behind the sigmoid. Which a has σ(a) = 1 − σ(0.5)?",
    )
    def one_minus(W_x, W_h, b):
        def turned(weight):
            r, z, n = blocks_of(weight, 3)
            return torch.cat([1 - z, r, n])

        return tuple(map(turned, (W_x, W_h, b)))

    @mistake(
        "r negated",
        hint="Which of the two gates has two conventions?",
    )
    def wrong_gate(W_x, W_h, b):
        def turned(weight):
            r, z, n = blocks_of(weight, 3)
            return torch.cat([z, -r, n])

        return tuple(map(turned, (W_x, W_h, b)))

    @mistake(
        "the candidate negated",
        hint="Swapping z for 1 − z must leave h_t alone. What does a negated candidate do to h_t?",
    )
    def candidate_negated(W_x, W_h, b):
        def turned(weight):
            r, z, n = blocks_of(weight, 3)
            return torch.cat([z, r, -n])

        return tuple(map(turned, (W_x, W_h, b)))

    @mistake(
        "everything negated",
        hint="Only one gate changes its meaning. What happens to the candidate and to r in yours?",
    )
    def all_negated(W_x, W_h, b):
        return tuple(-weight for weight in converted((W_x, W_h, b), sign=1))


def converted(weights, sign=-1):
    """Return u, r, n out of r, z, n."""
    turned = []
    for weight in weights:
        r, z, n = blocks_of(weight, 3)
        turned.append(torch.cat([sign * z, r, n]))
    return tuple(turned)


PER_GATE = (
    *("W_xr: unit feature", "W_hr: unit unit", "b_r: unit"),
    *("W_xz: unit feature", "W_hz: unit unit", "b_z: unit"),
    *("W_xn: unit feature", "W_hn: unit unit", "b_xn: unit", "b_hn: unit"),
)


@exercise(
    returns=PER_GATE,
    groups={"the matrices": 2, "two biases": 2},
    forbid=NOT_ALLOWED,
)
class load_torch_gru:
    "Every gate's own weights out of the four stacked tensors of a torch.nn.GRU."

    def inputs(generator):
        rows = {"weight_ih": [[1.0], [2.0], [3.0]], "weight_hh": [[4.0], [5.0], [6.0]]}
        yield "two biases", tensors(**rows, bias_ih=[0.1, 0.2, 0.3], bias_hh=[10.0, 20.0, 30.0])
        for group, feature, unit, biased, dtype in [
            ("the matrices", 3, 4, False, torch.float64),
            ("the matrices", 2, 1, False, torch.float64),
            ("two biases", 4, 5, True, torch.float64),
            ("two biases", 3, 3, True, torch.float64),
            ("two biases", 5, 2, True, torch.float32),
        ]:
            drawn = stacked(generator, 3, feature, unit, dtype)
            biases = drawn["b"], normal(generator, 3 * unit, scale=0.8, dtype=dtype)
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
        return per_gate(weight_ih, weight_hh, bias_ih, bias_hh)

    @mistake(
        "z, r, n instead of r, z, n",
        hint="The sizes cannot tell. In which order does the page of torch.nn.GRU stack the rows of weight_ih_l0?",
    )
    def other_order(weight_ih, weight_hh, bias_ih, bias_hh):
        result = per_gate(weight_ih, weight_hh, bias_ih, bias_hh)
        return *result[3:6], *result[:3], *result[6:]

    @mistake(
        "weights of x and of h exchanged",
        hint="ih is read from input to hidden. Where the sizes differ, the shapes tell.",
    )
    def exchanged(weight_ih, weight_hh, bias_ih, bias_hh):
        result = list(per_gate(weight_ih, weight_hh, bias_ih, bias_hh))
        for gate in range(3):
            result[3 * gate], result[3 * gate + 1] = result[3 * gate + 1], result[3 * gate]
        return tuple(result)

    @mistake(
        "the second bias forgotten",
        hint="torch adds both biases to r and z. How many are in your b_r?",
    )
    def one_bias(weight_ih, weight_hh, bias_ih, bias_hh):
        result = per_gate(weight_ih, weight_hh, bias_ih, torch.zeros_like(bias_hh))
        return *result[:-1], blocks_of(bias_hh, 3)[2]

    @mistake(
        "the candidate's biases added up",
        hint="r and z are right. In n, which of the two biases does r multiply, and what if it is in the other place?",
    )
    def all_added(weight_ih, weight_hh, bias_ih, bias_hh):
        return per_gate(weight_ih, weight_hh, bias_ih + bias_hh, torch.zeros_like(bias_hh))

    @mistake(
        "the candidate's biases added up, and b_hn kept",
        hint="Your b_hn is right. Is it in b_xn a second time?",
    )
    def added_and_kept(weight_ih, weight_hh, bias_ih, bias_hh):
        result = per_gate(weight_ih, weight_hh, bias_ih + bias_hh, torch.zeros_like(bias_hh))
        return *result[:-1], blocks_of(bias_hh, 3)[2]

    @mistake(
        "the candidate's two biases exchanged",
        hint="Which of torch's two biases stands beside W_hn h, inside the product with r?",
    )
    def biases_exchanged(weight_ih, weight_hh, bias_ih, bias_hh):
        *rest, b_xn, b_hn = per_gate(weight_ih, weight_hh, bias_ih, bias_hh)
        return *rest, b_hn, b_xn

    @mistake(
        "every third row instead of blocks",
        hint="The rows of a gate stand together: the first `unit` rows are one gate. Which rows do you take?",
    )
    def interleaved(weight_ih, weight_hh, bias_ih, bias_hh):
        turned = (torch.cat([w[gate::3] for gate in range(3)]) for w in (weight_ih, weight_hh, bias_ih, bias_hh))
        return per_gate(*turned)

    @mistake(
        "z negated",
        hint="torch's z keeps the old state, as ours does. What is there to turn round?",
    )
    def sign_changed(weight_ih, weight_hh, bias_ih, bias_hh):
        result = per_gate(weight_ih, weight_hh, bias_ih, bias_hh)
        return *result[:3], *(-one for one in result[3:6]), *result[6:]


def per_gate(weight_ih, weight_hh, bias_ih, bias_hh):
    (W_xr, W_xz, W_xn), (W_hr, W_hz, W_hn) = blocks_of(weight_ih, 3), blocks_of(weight_hh, 3)
    (b_xr, b_xz, b_xn), (b_hr, b_hz, b_hn) = blocks_of(bias_ih, 3), blocks_of(bias_hh, 3)
    found = (W_xr, W_hr, b_xr + b_hr, W_xz, W_hz, b_xz + b_hz, W_xn, W_hn, b_xn, b_hn)
    return tuple(one.clone() for one in found)  # a view would change with the stacked weights


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
