"""Checks of chapter 04: clipping, chunks, a jump through time, products of Jacobians. For instructors only."""

import torch

from seqviz.checks import exercise, mistake, normal

from .common import not_allowed, tensors, weights

NOT_ALLOWED = not_allowed(autograd=True)


def norm_of(tensors):
    return torch.stack([tensor.square().sum() for tensor in tensors]).sum().sqrt()


def descend(parameters, gradients, learning_rate):
    return [parameter - learning_rate * gradient for parameter, gradient in zip(parameters, gradients, strict=True)]


def scaled(gradients, norm, threshold):
    return [gradient * min(1.0, threshold / float(norm)) if norm > 0 else gradient for gradient in gradients]


def clipped_step(parameters, gradients, threshold, learning_rate, *, length=norm_of, clip=scaled):
    """Take one step, none where a gradient is not finite; the keywords make the usual mistakes."""
    norm = length(gradients)
    if not torch.isfinite(norm_of(gradients)):
        return [parameter.clone() for parameter in parameters], norm
    return descend(parameters, clip(gradients, norm, threshold), learning_rate), norm


@exercise(
    returns=("updated", "norm"),
    groups={"longer than the threshold": 2, "not longer": 1, "not finite": 1},
    forbid=NOT_ALLOWED,
)
class clip_by_global_norm:
    "One step of gradient descent with the whole gradient clipped by its norm; none where a number is not finite."

    def inputs(generator):
        worked = {
            "parameters": [torch.ones(2).double(), torch.ones(1).double()],
            "gradients": [torch.tensor([3.0, 0.0]).double(), torch.tensor([4.0]).double()],
        }
        yield "longer than the threshold", {**worked, "threshold": 2.5, "learning_rate": 0.1}
        yield "not longer", {**worked, "threshold": 5.0, "learning_rate": 0.1}
        for group, shapes, size, threshold, spoil, dtype in [
            ("longer than the threshold", [(3, 2), (4,), (2, 3, 1)], 2.0, 1.5, None, torch.float64),
            ("longer than the threshold", [(5, 3), (3,)], 1.0, 0.3, None, torch.float64),
            ("longer than the threshold", [(2, 4), (4, 3), (3,)], 3.0, 2.0, None, torch.float32),
            ("longer than the threshold", [(3,), (2, 2)], 0.05, 0.02, None, torch.float64),  # c < norm < 1
            ("longer than the threshold", [(), (2, 3)], 2.0, 1.5, None, torch.float64),  # a number alone, without axes
            ("not longer", [(2, 3), (4,)], 0.05, 4.0, None, torch.float64),
            ("not longer", [(3, 2), (4,)], 1.0, 20.0, None, torch.float64),  # 1 < norm < c
            ("not longer", [(3, 4), (2,)], 0.0, 1.0, None, torch.float64),
            ("not finite", [(3, 2), (4,)], 2.0, 1.0, (1, 1, float("nan")), torch.float64),
            ("not finite", [(2,), (4, 3)], 2.0, 1.0, (1, 1, float("inf")), torch.float64),
            ("not finite", [(2,), (4, 3)], 2.0, 1.0, (0, 0, float("nan")), torch.float64),
            ("not finite", [(2, 2), (3,), (4,)], 2.0, 1.0, (1, -1, -float("inf")), torch.float64),
            ("not finite", [(3,), (2,), (4, 2)], 0.01, 1.0, (0, -1, float("inf")), torch.float64),
            ("not finite", [(3,), (2,), (4, 2)], 0.01, 1.0, (2, -1, float("nan")), torch.float32),
        ]:
            parameters = [normal(generator, *shape, scale=2.0, dtype=dtype) for shape in shapes]
            gradients = [normal(generator, *shape, scale=size, dtype=dtype) for shape in shapes]
            if spoil is not None:
                tensor, place, value = spoil
                gradients[tensor].view(-1)[place] = value
            yield (
                group,
                {"parameters": parameters, "gradients": gradients, "threshold": threshold, "learning_rate": 0.25},
            )

    def reference(parameters, gradients, threshold, learning_rate):
        return clipped_step(parameters, gradients, threshold, learning_rate)

    @mistake(
        "clipping θ instead of the gradient",
        hint="Whose length decides how far a step of gradient descent goes? Look at what you take the norm of.",
    )
    def norm_of_parameters(parameters, gradients, threshold, learning_rate):
        return clipped_step(parameters, gradients, threshold, learning_rate, length=lambda _: norm_of(parameters))

    @mistake(
        "clipping per tensor instead of by the global norm",
        hint="After clipping, is your step still parallel to the gradient? How many factors do you use?",
    )
    def per_tensor(parameters, gradients, threshold, learning_rate):
        def clip(gradients, _norm, threshold):
            return [scaled([gradient], norm_of([gradient]), threshold)[0] for gradient in gradients]

        return clipped_step(parameters, gradients, threshold, learning_rate, clip=clip)

    @mistake(
        "short gradients made longer",
        hint="Long gradients are right. What happens in yours to a gradient that is shorter than the threshold?",
    )
    def always_scaled(parameters, gradients, threshold, learning_rate):
        def clip(gradients, norm, threshold):
            return [gradient * (threshold / norm) for gradient in gradients]

        return clipped_step(parameters, gradients, threshold, learning_rate, clip=clip)

    @mistake(
        "a little added to the norm before dividing",
        hint="torch divides by the norm plus 1e-6; the formula here does not. When could it divide by zero?",
    )
    def norm_and_a_little(parameters, gradients, threshold, learning_rate):
        def clip(gradients, norm, threshold):
            return scaled(gradients, norm + 1e-6, threshold)

        return clipped_step(parameters, gradients, threshold, learning_rate, clip=clip)

    @mistake(
        "clipped by value",
        hint="Every entry of yours is at most the threshold. Is the whole gradient, taken as one long vector?",
    )
    def by_value(parameters, gradients, threshold, learning_rate):
        def clip(gradients, _norm, threshold):
            return [gradient.clamp(-threshold, threshold) for gradient in gradients]

        return clipped_step(parameters, gradients, threshold, learning_rate, clip=clip)

    @mistake(
        "norms added instead of their squares",
        hint="Your norm is too large. What is the length of a vector that is made of two others, one below the other?",
    )
    def sum_of_norms(parameters, gradients, threshold, learning_rate):
        def length(gradients):
            return torch.stack([norm_of([gradient]) for gradient in gradients]).sum()

        return clipped_step(parameters, gradients, threshold, learning_rate, length=length)

    @mistake(
        "the root forgotten",
        hint="Your norm is a sum of squares. What is still missing before it is a length?",
    )
    def squared_norm(parameters, gradients, threshold, learning_rate):
        return clipped_step(
            parameters, gradients, threshold, learning_rate, length=lambda gradients: norm_of(gradients) ** 2
        )

    @mistake(
        "the mean of the squares instead of their sum",
        hint="Your norm is too small. What is the length of a vector of four ones: its root is taken of what?",
    )
    def mean_square(parameters, gradients, threshold, learning_rate):
        def length(gradients):
            return torch.stack([gradient.square().mean() for gradient in gradients]).sum().sqrt()

        return clipped_step(parameters, gradients, threshold, learning_rate, length=length)

    @mistake(
        "the largest of the norms",
        hint="Your norm is too small. Which tensors have a say in it, and which in the length of the whole gradient?",
    )
    def largest_norm(parameters, gradients, threshold, learning_rate):
        def length(gradients):
            return torch.stack([norm_of([gradient]) for gradient in gradients]).max()

        return clipped_step(parameters, gradients, threshold, learning_rate, length=length)

    @mistake(
        "the mean of all squares",
        hint="Your norm is too small. What is the length of a vector of four ones: its root is taken of what?",
    )
    def mean_of_all(parameters, gradients, threshold, learning_rate):
        def length(gradients):
            return norm_of(gradients) / sum(gradient.numel() for gradient in gradients) ** 0.5

        return clipped_step(parameters, gradients, threshold, learning_rate, length=length)

    @mistake(
        "the largest of the norms, by Python's max",
        hint="Your norm is too small. Which tensors have a say in it? And no comparison with NaN is true.",
    )
    def largest_by_comparison(parameters, gradients, threshold, learning_rate):
        norm = max(norm_of([gradient]) for gradient in gradients)
        if not torch.isfinite(norm):
            return [parameter.clone() for parameter in parameters], norm
        return descend(parameters, scaled(gradients, norm, threshold), learning_rate), norm

    @mistake(
        "not clipped",
        hint="Short gradients are right. By which factor is a long one multiplied in your step?",
    )
    def unclipped(parameters, gradients, threshold, learning_rate):
        return clipped_step(parameters, gradients, threshold, learning_rate, clip=lambda gradients, *_: gradients)

    @mistake(
        "a step along what is left of a gradient with NaN",
        hint="Finite gradients are right. No comparison with NaN is true: which factor has your step then?",
    )
    def compared_with_nan(parameters, gradients, threshold, learning_rate):
        norm = norm_of(gradients)
        factor = threshold / norm if norm > threshold else 1.0
        return descend(parameters, [gradient * factor for gradient in gradients], learning_rate), norm

    @mistake(
        "the largest entry taken for the norm",
        hint="Your norm is too small. How many numbers of the gradient have a say in it?",
    )
    def largest_entry(parameters, gradients, threshold, learning_rate):
        def length(gradients):
            return torch.stack([gradient.abs().max() for gradient in gradients]).max()

        return clipped_step(parameters, gradients, threshold, learning_rate, length=length)

    @mistake(
        "η inside the norm",
        hint="Your norm changes with the learning rate. Is it the gradient that is clipped, or the step?",
    )
    def norm_of_the_step(parameters, gradients, threshold, learning_rate):
        steps = [learning_rate * gradient for gradient in gradients]
        return clipped_step(parameters, steps, threshold, 1.0)

    @mistake(
        "clipped above 1 instead of above c",
        hint="Long gradients are right, and short ones. Try a norm of 2 with c = 5, and one of 0.2 with c = 0.1.",
    )
    def above_one(parameters, gradients, threshold, learning_rate):
        def clip(gradients, norm, threshold):
            return [gradient * (threshold / float(norm) if norm > 1 else 1.0) for gradient in gradients]

        return clipped_step(parameters, gradients, threshold, learning_rate, clip=clip)

    @mistake(
        "one NaN spoils every parameter",
        hint="Finite gradients are right. What is 0.25 · NaN, and where does it go? No comparison with NaN is true.",
    )
    def not_safe(parameters, gradients, threshold, learning_rate):
        norm = norm_of(gradients)
        factor = torch.clamp(threshold / norm, max=1.0) if norm > 0 or norm.isnan() else 1.0
        return descend(parameters, [gradient * factor for gradient in gradients], learning_rate), norm

    @mistake(
        "safe against NaN, not against infinity",
        hint="A NaN changes nothing in yours, as it should. What is ∞ · 0, the clipped share of an infinite entry?",
    )
    def only_nan(parameters, gradients, threshold, learning_rate):
        norm = norm_of(gradients)
        if norm.isnan():
            return [parameter.clone() for parameter in parameters], norm
        factor = torch.clamp(threshold / norm, max=1.0) if norm > 0 else 1.0
        return descend(parameters, [gradient * factor for gradient in gradients], learning_rate), norm

    @mistake(
        "only the tensor with the NaN left as it is",
        hint="Where one entry is not finite the others cannot be trusted either. Which parameters move in your step?",
    )
    def tensor_by_tensor(parameters, gradients, threshold, learning_rate):
        norm = norm_of(gradients)
        finite = [g if torch.isfinite(g).all() else torch.zeros_like(g) for g in gradients]
        return descend(parameters, scaled(finite, norm_of(finite), threshold), learning_rate), norm

    @mistake(
        "NaN replaced by zero and the rest of the gradient used",
        hint="Where one entry is not a number the others cannot be trusted either. What should such a step change?",
    )
    def nan_to_zero(parameters, gradients, threshold, learning_rate):
        gradients = [torch.where(torch.isfinite(g), g, torch.zeros_like(g)) for g in gradients]
        return clipped_step(parameters, gradients, threshold, learning_rate)

    @mistake(
        "the norm after clipping returned",
        hint="The parameters are right. The norm that tells whether training is stable is the one before clipping.",
    )
    def norm_after(parameters, gradients, threshold, learning_rate):
        updated, norm = clip_by_global_norm.reference(parameters, gradients, threshold, learning_rate)
        return updated, torch.clamp(norm, max=threshold) if torch.isfinite(norm) else norm

    @mistake("uphill instead of downhill", hint="The gradient points to where the loss grows. Which way do you go?")
    def uphill(parameters, gradients, threshold, learning_rate):
        return clip_by_global_norm.reference(parameters, gradients, threshold, -learning_rate)


def forward(x, h, W_xh, W_hh, b_h):
    """Return h_0 … h_T as a list."""
    states = [h]
    for x_t in x.unbind(1):
        states.append(torch.tanh(x_t @ W_xh.T + states[-1] @ W_hh.T + b_h))
    return states


def of_state(states, t):
    return 1 - states[t + 1] ** 2


def walk_back(x, states, immediate, W_hh, first, arriving, *, later=1.0, shift=0, slope=of_state, way_back=lambda W: W):
    """Walk back to step `first`; return the gradients of W_xh, W_hh, b_h and of the state before it.

    The keywords make the usual mistakes.
    """
    grad_W_xh, grad_W_hh, grad_b_h = 0.0, 0.0, 0.0
    for t in reversed(range(first, len(states) - 1)):
        grad_a = (immediate[:, t] + later * arriving) * slope(states, t)
        grad_W_xh = grad_W_xh + grad_a.T @ x[:, t]
        grad_W_hh = grad_W_hh + grad_a.T @ states[t + shift]
        grad_b_h = grad_b_h + grad_a.sum(0)
        arriving = grad_a @ way_back(W_hh)
    return [grad_W_xh, grad_W_hh, grad_b_h], arriving


def over_parts(
    x,
    h_0,
    W_xh,
    W_hh,
    b_h,
    immediate,
    every,
    back,
    learning_rate,
    *,
    first_step=lambda begin, end, back: max(0, end - back),
    start=None,
    said_again=False,
    run_again=False,
    leaking=False,
    collected=False,
    once=False,
    share=lambda begin, end: 1.0,
    **on_the_way,
):
    """Update after every part; the keywords make the usual mistakes."""
    states, parameters, arriving = [h_0], [W_xh, W_hh, b_h], torch.zeros_like(h_0)
    pending = [torch.zeros_like(parameter) for parameter in parameters]
    for begin in range(0, x.shape[1], every):
        end = min(begin + every, x.shape[1])
        first = first_step(begin, end, back)
        if run_again:
            states = states[:first] + forward(x[:, first:end], states[first], *parameters)
        else:
            before = states[-1] if start is None else start
            states = states + forward(x[:, begin:end], before, *parameters)[1:]
        said = immediate.clone()
        if not said_again:
            said[:, :begin] = 0.0
        came = arriving if leaking else torch.zeros_like(h_0)
        gradients, arriving = walk_back(x, states, said, parameters[1], first, came, **on_the_way)
        gradients = [gradient * share(begin, end) for gradient in gradients]
        pending = [old + new for old, new in zip(pending, gradients, strict=True)]
        if not once:
            parameters = descend(parameters, pending if collected else gradients, learning_rate)
    return states[-1], *(descend(parameters, pending, learning_rate) if once else parameters)


@exercise(
    returns=("h_T: batch unit", "W_xh: unit feature", "W_hh: unit unit", "b_h: unit"),
    groups={"several updates": 3, "one update": 1, "a shorter last part": 1},
    forbid=NOT_ALLOWED,
)
class truncated_bptt:
    "Once over a sequence: an update after every k₁ steps, for the losses of these, with a walk back over k₂ steps."

    def inputs(generator):
        one_unit = {"h_0": [[0.0]], "W_xh": [[0.5]], "W_hh": [[1.0]], "b_h": [0.0]}
        sizes = {"every": 1, "back": 2, "learning_rate": 0.1}
        yield "several updates", tensors(x=[[[1.0], [1.0]]], **one_unit, immediate=[[[1.0], [1.0]]], **sizes)
        for group, batch, time, feature, unit, every, back, dtype in [
            ("several updates", 2, 6, 3, 5, 2, 4, torch.float64),
            ("several updates", 3, 9, 2, 4, 3, 5, torch.float64),
            ("several updates", 2, 6, 4, 3, 2, 2, torch.float64),  # nothing is looked at twice
            ("several updates", 3, 6, 5, 2, 2, 6, torch.float64),  # nothing is cut
            ("several updates", 2, 5, 3, 4, 1, 3, torch.float64),
            ("several updates", 3, 4, 2, 5, 1, 1, torch.float64),  # every walk looks at one step
            ("several updates", 4, 6, 5, 3, 2, 3, torch.float32),
            ("one update", 3, 4, 5, 2, 4, 4, torch.float64),
            ("one update", 2, 3, 4, 5, 4, 6, torch.float64),
            ("a shorter last part", 2, 7, 4, 3, 3, 5, torch.float64),
            ("a shorter last part", 3, 8, 2, 4, 3, 4, torch.float64),
        ]:
            drawn = weights(generator, feature, unit, dtype)
            yield (
                group,
                {
                    "x": normal(generator, batch, time, feature, dtype=dtype),
                    "h_0": normal(generator, batch, unit, dtype=dtype),
                    **drawn,
                    "immediate": normal(generator, batch, time, unit, dtype=dtype),
                    "every": every,
                    "back": back,
                    "learning_rate": 0.125,
                },
            )

    def reference(x, h_0, W_xh, W_hh, b_h, immediate, every, back, learning_rate):
        return over_parts(x, h_0, W_xh, W_hh, b_h, immediate, every, back, learning_rate)

    @mistake(
        "every walk back stopped where its part begins",
        hint="Where k₂ = k₁ you are right: those are the chunks of the chapter. How far may the walk go beyond them?",
    )
    def chunks(*arguments):
        return over_parts(*arguments, first_step=lambda begin, end, back: begin)

    @mistake(
        "nothing cut",
        hint="Where k₂ ≥ T you are right. Does `back` change anything in yours?",
    )
    def uncut(*arguments):
        return over_parts(*arguments, first_step=lambda begin, end, back: 0)

    @mistake(
        "k₂ steps before the part instead of k₂ in all",
        hint="From the newest state the walk takes k₂ steps, the new ones among them. How many does yours take?",
    )
    def counted_from_the_part(*arguments):
        return over_parts(*arguments, first_step=lambda begin, end, back: max(0, begin - back))

    @mistake(
        "one step back too many",
        hint="With k₁ = k₂ = 1 the walk looks at one step, the new one. At how many does yours look?",
    )
    def one_too_many(*arguments):
        return over_parts(*arguments, first_step=lambda begin, end, back: max(0, end - back - 1))

    @mistake(
        "one step back too few",
        hint="With k₁ = k₂ = 1 the walk looks at one step, the new one. At how many does yours look?",
    )
    def one_too_few(*arguments):
        return over_parts(*arguments, first_step=lambda begin, end, back: max(0, end - back + 1))

    @mistake(
        "the losses of earlier steps counted again",
        hint="Where k₂ = k₁ you are right. A loss has its say once. Which losses are new when an update is due?",
    )
    def said_again(*arguments):
        return over_parts(*arguments, said_again=True)

    @mistake(
        "the past run through again with the new weights",
        hint="Where k₂ > k₁ even the last state is wrong. Are the states of the past kept, or made anew?",
    )
    def run_again(*arguments):
        return over_parts(*arguments, run_again=True)

    @mistake(
        "state reset to zero at each part",
        hint="Even the state after the last step is wrong. Where does the second part start from?",
    )
    def reset(*arguments):
        return over_parts(*arguments, start=torch.zeros_like(arguments[1]))

    @mistake(
        "every part started from h_0",
        hint="With one update you are right. What has the network read before the second part begins?",
    )
    def from_the_start(*arguments):
        return over_parts(*arguments, start=arguments[1])

    @mistake(
        "one update at the end instead of one for each part",
        hint="With one update you are right. With which weights does the second part run forwards in yours?",
    )
    def one_update(*arguments):
        return over_parts(*arguments, once=True)

    @mistake(
        "gradients not set to zero after an update",
        hint="With one update you are right. What is still in your gradients when the second walk back begins?",
    )
    def collected(*arguments):
        return over_parts(*arguments, collected=True)

    @mistake(
        "what arrives from later kept from the walk before",
        hint="With one update you are right. When you begin to walk back, how much has arrived from later steps?",
    )
    def leaking(*arguments):
        return over_parts(*arguments, leaking=True)

    @mistake(
        "the last, shorter part left out",
        hint="Where k₁ divides T you are right. How many steps are left over where it does not?",
    )
    def rest_dropped(x, h_0, W_xh, W_hh, b_h, immediate, every, back, learning_rate):
        whole = x.shape[1] // every * every
        return over_parts(x[:, :whole], h_0, W_xh, W_hh, b_h, immediate[:, :whole], every, back, learning_rate)

    @mistake(
        "the term that arrives from t+1 forgotten",
        hint="With k₁ = k₂ = 1 you are right. A state is read by its own loss and by one more reader: which?",
    )
    def nothing_from_later(*arguments):
        return over_parts(*arguments, later=0.0)

    @mistake(
        "h_t where h_{t−1} belongs",
        hint="Which state does W_hh multiply in a_t?",
    )
    def off_by_one(*arguments):
        return over_parts(*arguments, shift=1)

    @mistake(
        "1 − a² for the slope",
        hint="tanh′(a) = 1 − tanh(a)². What do you square?",
    )
    def slope_of_a(*arguments):
        return over_parts(*arguments, slope=lambda states, t: 1 - states[t + 1].atanh() ** 2)

    @mistake(
        "tanh′ taken at h_{t−1}",
        hint="Which state is the tanh of a_t: the one before step t, or the one after it?",
    )
    def slope_before(*arguments):
        return over_parts(*arguments, slope=lambda states, t: 1 - states[t] ** 2)

    @mistake(
        "W_hh transposed on the way back",
        hint="Forward, a row of states is multiplied by W_hh.T. What undoes the transpose on the way back?",
    )
    def transposed(*arguments):
        return over_parts(*arguments, way_back=lambda W: W.T)

    @mistake(
        "tanh′ left out",
        hint="Large a_t hardly move h_t, since tanh is flat there. Where does your walk back know that?",
    )
    def no_slope(*arguments):
        return over_parts(*arguments, slope=lambda states, t: torch.ones_like(states[t]))

    @mistake(
        "the mean over the steps of a part instead of their sum",
        hint="Your updates are too small, each by one factor. How many new losses does an update serve?",
    )
    def averaged_over_steps(*arguments):
        return over_parts(*arguments, share=lambda begin, end: 1 / (end - begin))

    @mistake(
        "mean over the batch instead of a sum",
        hint="Your updates are too small by the same factor everywhere. Which axis of x has that size?",
    )
    def averaged(*arguments):
        return over_parts(*arguments, share=lambda begin, end: 1 / len(arguments[0]))

    @mistake("uphill instead of downhill", hint="The gradient points to where the loss grows. Which way do you go?")
    def uphill(*arguments):
        return over_parts(*arguments, share=lambda begin, end: -1.0)


def back(past, steps):
    """Return the state `steps` steps before the next one, zero before the first."""
    return past[:, -steps] if steps <= past.shape[1] else past.new_zeros(len(past), past.shape[2])


def jump_step(x_t, read, jumped, W_xh, W_hh, b_h, share):
    return share * jumped + (1 - share) * torch.tanh(x_t @ W_xh.T + read @ W_hh.T + b_h)


@exercise(
    returns="h_t: batch unit",
    groups={"t > d": 3, "t ≤ d": 2, "d = 1": 1},
    forbid=NOT_ALLOWED,
)
class skip_rnn_step:
    "One step of a network whose old state jumps over d steps and past the tanh."

    def inputs(generator):
        one_unit = {"W_xh": [[0.3]], "W_hh": [[1.0]], "b_h": [0.0]}
        yield "t > d", tensors(x_t=[[1.0]], past=[[[0.6], [0.2]]], **one_unit, jump=2, share=0.5)
        for group, batch, feature, unit, time, jump, share, dtype in [
            ("t > d", 2, 4, 3, 4, 4, 0.4, torch.float64),  # h_1 jumps, the first there is
            ("t > d", 3, 2, 4, 5, 3, 1.0, torch.float64),
            ("t > d", 2, 3, 4, 4, 2, 0.0, torch.float64),
            ("t ≤ d", 2, 3, 5, 3, 4, 0.6, torch.float64),
            ("t ≤ d", 3, 2, 4, 0, 1, 0.7, torch.float64),
            ("t > d", 2, 3, 5, 7, 4, 0.3, torch.float64),
            ("t > d", 3, 5, 2, 6, 3, 0.6, torch.float64),
            ("t > d", 4, 2, 3, 5, 2, 0.8, torch.float32),
            ("t ≤ d", 3, 2, 4, 2, 5, 0.4, torch.float64),
            ("t ≤ d", 3, 2, 4, 3, 4, 0.7, torch.float64),
            ("t ≤ d", 2, 4, 3, 0, 3, 0.5, torch.float64),
            ("d = 1", 2, 3, 4, 5, 1, 0.4, torch.float64),
        ]:
            yield (
                group,
                {
                    "x_t": normal(generator, batch, feature, dtype=dtype),
                    "past": normal(generator, batch, time, unit, dtype=dtype),
                    **weights(generator, feature, unit, dtype),
                    "jump": jump,
                    "share": share,
                },
            )

    def reference(x_t, past, W_xh, W_hh, b_h, jump, share):
        return jump_step(x_t, back(past, 1), back(past, jump), W_xh, W_hh, b_h, share)

    @mistake(
        "the jump one step too long",
        hint="past[:, -1] is h_{t−1}. With d = 1, which state jumps in yours?",
    )
    def too_long(x_t, past, W_xh, W_hh, b_h, jump, share):
        return jump_step(x_t, back(past, 1), back(past, jump + 1), W_xh, W_hh, b_h, share)

    @mistake(
        "the jump one step too short",
        hint="past[:, -1] is h_{t−1}, so where is h_{t−2}? Then h_{t−d}?",
    )
    def too_short(x_t, past, W_xh, W_hh, b_h, jump, share):
        return jump_step(x_t, back(past, 1), back(past, max(jump - 1, 1)), W_xh, W_hh, b_h, share)

    @mistake(
        "counted from the beginning",
        hint="The state that jumps lies d steps before t. In yours it is the same one for every t.",
    )
    def from_the_front(x_t, past, W_xh, W_hh, b_h, jump, share):
        jumped = past[:, jump - 1] if jump <= past.shape[1] else past.new_zeros(len(past), past.shape[2])
        return jump_step(x_t, back(past, 1), jumped, W_xh, W_hh, b_h, share)

    @mistake(
        "h_1 never jumps",
        hint="The worked example is wrong in yours. With d = 2, which is the first step that something can jump to?",
    )
    def first_left_out(x_t, past, W_xh, W_hh, b_h, jump, share):
        jumped = past[:, -jump] if past.shape[1] > jump else past.new_zeros(len(past), past.shape[2])
        return jump_step(x_t, back(past, 1), jumped, W_xh, W_hh, b_h, share)

    @mistake(
        "before the first step the earliest state instead of zero",
        hint="With t > d you are right. Which states are there before h_1, and what is in them?",
    )
    def clamped(x_t, past, W_xh, W_hh, b_h, jump, share):
        return jump_step(x_t, back(past, 1), back(past, min(jump, max(past.shape[1], 1))), W_xh, W_hh, b_h, share)

    @mistake(
        "the whole of the tanh where nothing can jump",
        hint="With t > d you are right. Where h_{t−d} is zero the equation still says 1 − s in front of the tanh.",
    )
    def full_weight_at_start(x_t, past, W_xh, W_hh, b_h, jump, share):
        used = share if jump <= past.shape[1] else 0.0
        return jump_step(x_t, back(past, 1), back(past, jump), W_xh, W_hh, b_h, used)

    @mistake(
        "the shares swapped",
        hint="With s = 0 nothing jumps and the step is the plain one. What is yours then?",
    )
    def swapped(x_t, past, W_xh, W_hh, b_h, jump, share):
        return jump_step(x_t, back(past, 1), back(past, jump), W_xh, W_hh, b_h, 1 - share)

    @mistake(
        "W_hh reads the state that jumps",
        hint="Two old states are in the equation. Which of them meets W_hh? With d = 1 it makes no difference.",
    )
    def reads_the_jumped(x_t, past, W_xh, W_hh, b_h, jump, share):
        return jump_step(x_t, back(past, jump), back(past, jump), W_xh, W_hh, b_h, share)

    @mistake(
        "the jump goes through the tanh",
        hint="What jumps arrives as it was, past the tanh: that is what keeps its gradient. Where do you add it?",
    )
    def inside(x_t, past, W_xh, W_hh, b_h, jump, share):
        a_t = x_t @ W_xh.T + back(past, 1) @ W_hh.T + b_h
        return torch.tanh(share * back(past, jump) + (1 - share) * a_t)

    @mistake(
        "the jump added on top",
        hint="With s = 1 only the old state is left. What is left of the tanh in yours?",
    )
    def on_top(x_t, past, W_xh, W_hh, b_h, jump, share):
        return share * back(past, jump) + torch.tanh(x_t @ W_xh.T + back(past, 1) @ W_hh.T + b_h)

    @mistake(
        "W_hh transposed",
        hint="A batch keeps states in rows, the equation in columns: follow W_hh through the product.",
    )
    def transposed(x_t, past, W_xh, W_hh, b_h, jump, share):
        return jump_step(x_t, back(past, 1), back(past, jump), W_xh, W_hh.T, b_h, share)


def slopes_of(a, nonlinearity):
    return 1 - torch.tanh(a) ** 2 if nonlinearity == "tanh" else (a > 0).to(a.dtype)


def chain(
    W_hh,
    slopes,
    alpha,
    *,
    first=0,
    reverse=False,
    after=False,
    direct=True,
    elementwise=False,
    scaled=True,
    kept=None,
    share=lambda alpha: 1 - alpha,
):
    """Multiply the Jacobians of one sequence each; the keywords make the usual mistakes."""
    eye = torch.eye(len(W_hh), dtype=W_hh.dtype)
    product = eye.expand(len(slopes), -1, -1)
    for slope in slopes.unbind(1)[first:]:
        through = W_hh * slope[:, None, :] if after else slope[:, :, None] * W_hh
        past_the_unit = share(alpha) * (eye if kept is None else kept) if direct else 0
        jacobian = past_the_unit + (alpha if scaled else 1) * through
        if elementwise:
            product = (
                jacobian if product is None or torch.equal(product, eye.expand_as(product)) else product * jacobian
            )
        else:
            product = product @ jacobian if reverse else jacobian @ product
    return product


@exercise(
    returns="product: batch unit unit",
    groups={"tanh": 1, "relu": 2, "leaking": 2},
    forbid=not_allowed(autograd=False),
)
class jacobian_product:
    "∂h_T/∂h_0 of tanh and relu units, which may leak, from what went into them."

    def inputs(generator):
        worked = {"W_hh": [[1.0, 2.0], [3.0, 4.0]], "a": [[[1.0, -1.0], [1.0, 1.0]]], "nonlinearity": "relu"}
        yield "relu", tensors(**worked, alpha=1.0)
        yield "leaking", tensors(**worked, alpha=0.5)
        for group, batch, time, unit, nonlinearity, alpha, dtype in [
            ("relu", 2, 1, 3, "relu", 1.0, torch.float64),
            ("leaking", 3, 2, 4, "tanh", 0.0, torch.float64),
            ("tanh", 2, 4, 3, "tanh", 1.0, torch.float64),
            ("tanh", 3, 1, 4, "tanh", 1.0, torch.float64),
            ("relu", 3, 5, 4, "relu", 1.0, torch.float64),
            ("relu", 2, 3, 5, "relu", 1.0, torch.float64),
            ("leaking", 2, 4, 3, "tanh", 0.3, torch.float64),
            ("leaking", 4, 3, 5, "relu", 0.6, torch.float64),
            ("leaking", 3, 5, 2, "tanh", 0.7, torch.float32),
        ]:
            a = normal(generator, batch, time, unit, dtype=dtype)
            if nonlinearity == "relu":
                # no product of zeros: one unit that never sleeps, and one exactly at the corner
                a[..., 0] = a[..., 0].abs() + 0.5
                a[0, time // 2, 1] = a[-1, 0, -1] = 0.0
            W_hh = normal(generator, unit, unit, scale=0.9, dtype=dtype)
            yield group, {"W_hh": W_hh, "a": a, "nonlinearity": nonlinearity, "alpha": alpha}

    def reference(W_hh, a, nonlinearity, alpha):
        return chain(W_hh, slopes_of(a, nonlinearity), alpha)

    @mistake(
        "the product in the wrong order",
        hint="A change of h_0 meets step 1 first. Which factor must stand next to the change, on the right?",
    )
    def reversed_order(W_hh, a, nonlinearity, alpha):
        return chain(W_hh, slopes_of(a, nonlinearity), alpha, reverse=True)

    @mistake(
        "the slopes on the wrong side of W_hh",
        hint="The state goes through W_hh first and through the non-linearity afterwards: row i of W_hh meets slope i.",
    )
    def wrong_side(W_hh, a, nonlinearity, alpha):
        return chain(W_hh, slopes_of(a, nonlinearity), alpha, after=True)

    @mistake(
        "W_hh transposed",
        hint="Entry i, j of the Jacobian says how unit i moves when unit j was moved. Which entry of W_hh is that?",
    )
    def transposed(W_hh, a, nonlinearity, alpha):
        return chain(W_hh.T, slopes_of(a, nonlinearity), alpha)

    @mistake(
        "tanh′ where the units are relu",
        hint="tanh is right. What is the slope of relu where a is positive, and where it is not?",
    )
    def always_tanh(W_hh, a, nonlinearity, alpha):
        return chain(W_hh, slopes_of(a, "tanh"), alpha)

    @mistake(
        "relu units with a < 0 let the gradient pass",
        hint="How does relu(a) move when a is negative and moves a little?",
    )
    def relu_awake(W_hh, a, nonlinearity, alpha):
        slopes = slopes_of(a, nonlinearity)
        return chain(W_hh, slopes if nonlinearity == "tanh" else torch.ones_like(slopes), alpha)

    @mistake(
        "the slope of relu at exactly 0 taken as 1",
        hint="relu is right except where a is exactly 0. Which of its two slopes does torch take there?",
    )
    def awake_at_zero(W_hh, a, nonlinearity, alpha):
        slopes = slopes_of(a, nonlinearity)
        return chain(W_hh, slopes if nonlinearity == "tanh" else (a >= 0).to(a.dtype), alpha)

    @mistake(
        "tanh′ taken at tanh(a)",
        hint="tanh′(a) = 1 − tanh(a)². How many times do you apply tanh to a?",
    )
    def slope_twice(W_hh, a, nonlinearity, alpha):
        return chain(W_hh, slopes_of(torch.tanh(a) if nonlinearity == "tanh" else a, nonlinearity), alpha)

    @mistake(
        "1 − a² for the slope of tanh",
        hint="relu is right. tanh′(a) = 1 − tanh(a)². What do you square?",
    )
    def slope_of_a(W_hh, a, nonlinearity, alpha):
        return chain(W_hh, 1 - a**2 if nonlinearity == "tanh" else slopes_of(a, nonlinearity), alpha)

    @mistake(
        "the whole old state kept",
        hint="With α = 1 nothing is kept of the old state. What does yours keep?",
    )
    def nothing_leaks(W_hh, a, nonlinearity, alpha):
        return chain(W_hh, slopes_of(a, nonlinearity), alpha, share=lambda alpha: 1.0)

    @mistake(
        "α and 1 − α exchanged",
        hint="With α = 1 nothing is kept of the old state. What does yours keep?",
    )
    def shares_exchanged(W_hh, a, nonlinearity, alpha):
        return chain(W_hh, slopes_of(a, nonlinearity), 1 - alpha)

    @mistake(
        "the slopes left out",
        hint="Yours is the same whatever went into the units. Where do the a come in?",
    )
    def no_slopes(W_hh, a, nonlinearity, alpha):
        return chain(W_hh, torch.ones_like(a), alpha)

    @mistake(
        "the leak's direct path forgotten",
        hint="With α = 1 you are right. Where does h_{t−1} appear in the equation of h_t?",
    )
    def no_direct_path(W_hh, a, nonlinearity, alpha):
        return chain(W_hh, slopes_of(a, nonlinearity), alpha, direct=False)

    @mistake(
        "1 − α added to every entry",
        hint="With α = 1 you are right. A unit keeps a share of itself, and none of the others. Which entries say so?",
    )
    def without_identity(W_hh, a, nonlinearity, alpha):
        return chain(W_hh, slopes_of(a, nonlinearity), alpha, kept=torch.ones_like(W_hh))

    @mistake(
        "α forgotten on the way through the unit",
        hint="With α = 1 you are right. By which factor does h_t move when the unit's answer moves by one?",
    )
    def no_alpha(W_hh, a, nonlinearity, alpha):
        return chain(W_hh, slopes_of(a, nonlinearity), alpha, scaled=False)

    @mistake(
        "one factor missing",
        hint="How many steps are between h_0 and h_T? Where a sequence has one step, yours is the identity.",
    )
    def one_missing(W_hh, a, nonlinearity, alpha):
        return chain(W_hh, slopes_of(a, nonlinearity), alpha, first=1)

    @mistake(
        "multiplied entry by entry",
        hint="With one step you are right. Is * between two matrices the product that the chain rule asks for?",
    )
    def entry_by_entry(W_hh, a, nonlinearity, alpha):
        return chain(W_hh, slopes_of(a, nonlinearity), alpha, elementwise=True)
