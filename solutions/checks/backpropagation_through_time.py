"""Checks of chapter 03: backward passes of the leaky unit, of a padded batch, of h_0, and a sum cut short.

For instructors only. Every gradient is that of a loss of which the student is given ∂L_t/∂h_t, so that no check depends
on a choice of loss.
"""

import torch

from seqviz.checks import exercise, mistake, normal

from .common import not_allowed, tensors, weights

NOT_ALLOWED = not_allowed(autograd=False)
WEIGHT_GRADIENTS = ("grad_W_xh: unit feature", "grad_W_hh: unit unit", "grad_b_h: unit")


def run(x, h_0, W_xh, W_hh, b_h, alpha=1.0):
    """Return h_0 … h_T and tanh(a_1) … tanh(a_T) as lists."""
    states, squashed = [h_0], []
    for x_t in x.unbind(1):
        squashed.append(torch.tanh(x_t @ W_xh.T + states[-1] @ W_hh.T + b_h))
        states.append((1 - alpha) * states[-1] + alpha * squashed[-1])
    return states, squashed


@exercise(
    returns=("grad_x_t: batch feature", "grad_h_before: batch unit", *WEIGHT_GRADIENTS),
    groups={"α < 1": 3, "α = 1": 1},
    forbid=NOT_ALLOWED,
)
class leaky_backward_step:
    "One step back through the leaky unit: from ∂L/∂h_t to everything that the step read."

    def inputs(generator):
        one_unit = {"W_xh": [[0.5]], "W_hh": [[-1.0]], "b_h": [0.8], "alpha": 0.25}
        yield "α < 1", tensors(grad_h_t=[[2.0]], x_t=[[1.0]], h_before=[[0.8]], **one_unit)
        for group, batch, feature, unit, alpha, dtype in [
            ("α < 1", 2, 3, 5, 0.3, torch.float64),
            ("α < 1", 3, 4, 4, 0.8, torch.float64),
            ("α < 1", 4, 5, 2, 0.6, torch.float32),
            ("α < 1", 2, 3, 4, 0.0, torch.float64),
            ("α = 1", 3, 2, 4, 1.0, torch.float64),
        ]:
            drawn = weights(generator, feature, unit, dtype)
            yield (
                group,
                {
                    "grad_h_t": normal(generator, batch, unit, dtype=dtype),
                    "x_t": normal(generator, batch, feature, dtype=dtype),
                    "h_before": normal(generator, batch, unit, dtype=dtype),
                    **drawn,
                    "alpha": alpha,
                },
            )

    def reference(grad_h_t, x_t, h_before, W_xh, W_hh, b_h, alpha):
        z_t = torch.tanh(x_t @ W_xh.T + h_before @ W_hh.T + b_h)
        grad_a_t = alpha * grad_h_t * (1 - z_t**2)
        grad_h_before = (1 - alpha) * grad_h_t + grad_a_t @ W_hh
        return grad_a_t @ W_xh, grad_h_before, grad_a_t.T @ x_t, grad_a_t.T @ h_before, grad_a_t.sum(0)

    @mistake(
        "the leak's direct path forgotten",
        hint="Only grad_h_before is wrong. Where does h_{t−1} appear in the equation of h_t? Look in both terms.",
    )
    def no_direct_path(grad_h_t, x_t, h_before, W_xh, W_hh, b_h, alpha):
        z_t = torch.tanh(x_t @ W_xh.T + h_before @ W_hh.T + b_h)
        grad_a_t = alpha * grad_h_t * (1 - z_t**2)
        return grad_a_t @ W_xh, grad_a_t @ W_hh, grad_a_t.T @ x_t, grad_a_t.T @ h_before, grad_a_t.sum(0)

    @mistake(
        "tanh′ taken at h_t",
        hint="1 − h_t² is tanh′ only where h_t is a tanh. What is the leaky state instead? With α = 1 you are right.",
    )
    def slope_at_state(grad_h_t, x_t, h_before, W_xh, W_hh, b_h, alpha):
        z_t = torch.tanh(x_t @ W_xh.T + h_before @ W_hh.T + b_h)
        h_t = (1 - alpha) * h_before + alpha * z_t
        return back_from(grad_h_t, alpha * grad_h_t * (1 - h_t**2), x_t, h_before, W_xh, W_hh, alpha)

    @mistake(
        "1 − a² for the slope",
        hint="tanh′(a) = 1 − tanh(a)². What do you square?",
    )
    def slope_of_a(grad_h_t, x_t, h_before, W_xh, W_hh, b_h, alpha):
        a_t = x_t @ W_xh.T + h_before @ W_hh.T + b_h
        return back_from(grad_h_t, alpha * grad_h_t * (1 - a_t**2), x_t, h_before, W_xh, W_hh, alpha)

    @mistake(
        "tanh′ taken at h_{t−1}",
        hint="h_{t−1} is what the step reads. The slope is that of the tanh which the step computes.",
    )
    def slope_before(grad_h_t, x_t, h_before, W_xh, W_hh, b_h, alpha):
        return back_from(grad_h_t, alpha * grad_h_t * (1 - h_before**2), x_t, h_before, W_xh, W_hh, alpha)

    @mistake(
        "tanh′ taken at tanh(a_t)",
        hint="tanh′(a) = 1 − tanh(a)². How many times do you apply tanh to a_t?",
    )
    def slope_twice(grad_h_t, x_t, h_before, W_xh, W_hh, b_h, alpha):
        z_t = torch.tanh(x_t @ W_xh.T + h_before @ W_hh.T + b_h)
        return back_from(grad_h_t, alpha * grad_h_t * (1 - z_t.tanh() ** 2), x_t, h_before, W_xh, W_hh, alpha)

    @mistake(
        "tanh′ left out",
        hint="Large a_t hardly move h_t, since tanh is flat there. Where does your gradient know that?",
    )
    def no_slope(grad_h_t, x_t, h_before, W_xh, W_hh, b_h, alpha):
        return back_from(grad_h_t, alpha * grad_h_t, x_t, h_before, W_xh, W_hh, alpha)

    @mistake(
        "α forgotten on the way through the tanh",
        hint="With α = 1 you are right. By which factor does h_t move when tanh(a_t) moves by one?",
    )
    def no_alpha(grad_h_t, x_t, h_before, W_xh, W_hh, b_h, alpha):
        z_t = torch.tanh(x_t @ W_xh.T + h_before @ W_hh.T + b_h)
        return back_from(grad_h_t, grad_h_t * (1 - z_t**2), x_t, h_before, W_xh, W_hh, alpha)

    @mistake(
        "the leak on the wrong term",
        hint="With α = 1 nothing is kept of the old state, so nothing may flow back to it directly.",
    )
    def swapped_leak(grad_h_t, x_t, h_before, W_xh, W_hh, b_h, alpha):
        return leaky_backward_step.reference(grad_h_t, x_t, h_before, W_xh, W_hh, b_h, 1 - alpha)

    @mistake(
        "W_hh transposed on the way back",
        hint="Forward, a row of states is multiplied by W_hh.T. What undoes the transpose on the way back?",
    )
    def transposed(grad_h_t, x_t, h_before, W_xh, W_hh, b_h, alpha):
        z_t = torch.tanh(x_t @ W_xh.T + h_before @ W_hh.T + b_h)
        return back_from(grad_h_t, alpha * grad_h_t * (1 - z_t**2), x_t, h_before, W_xh, W_hh.T, alpha)

    @mistake(
        "h_t where h_{t−1} belongs",
        hint="Only grad_W_hh is wrong. Which state does W_hh multiply in a_t?",
    )
    def off_by_one(grad_h_t, x_t, h_before, W_xh, W_hh, b_h, alpha):
        z_t = torch.tanh(x_t @ W_xh.T + h_before @ W_hh.T + b_h)
        h_t = (1 - alpha) * h_before + alpha * z_t
        grad_a_t = alpha * grad_h_t * (1 - z_t**2)
        grad_h_before = (1 - alpha) * grad_h_t + grad_a_t @ W_hh
        return grad_a_t @ W_xh, grad_h_before, grad_a_t.T @ x_t, grad_a_t.T @ h_t, grad_a_t.sum(0)

    @mistake(
        "gradient of W_hh transposed",
        hint="Only grad_W_hh is wrong. Its row i belongs to unit i of a_t; which of the two factors is that?",
    )
    def transposed_weight(grad_h_t, x_t, h_before, W_xh, W_hh, b_h, alpha):
        grad_x, grad_h, grad_W_xh, grad_W_hh, grad_b = leaky_backward_step.reference(
            grad_h_t, x_t, h_before, W_xh, W_hh, b_h, alpha
        )
        return grad_x, grad_h, grad_W_xh, grad_W_hh.T, grad_b

    @mistake(
        "mean over the batch instead of a sum",
        hint="Your weights' gradients are too small by the same factor. Which axis of your data has that size?",
    )
    def averaged(grad_h_t, x_t, h_before, W_xh, W_hh, b_h, alpha):
        grad_x, grad_h, *of_weights = leaky_backward_step.reference(grad_h_t, x_t, h_before, W_xh, W_hh, b_h, alpha)
        return grad_x, grad_h, *(gradient / len(x_t) for gradient in of_weights)


def back_from(grad_h_t, grad_a_t, x_t, h_before, W_xh, W_hh, alpha):
    """Return what follows from ∂L/∂a_t, right or wrong."""
    grad_h_before = (1 - alpha) * grad_h_t + grad_a_t @ W_hh
    return grad_a_t @ W_xh, grad_h_before, grad_a_t.T @ x_t, grad_a_t.T @ h_before, grad_a_t.sum(0)


@exercise(
    returns=(*WEIGHT_GRADIENTS, "grad_h_0: batch unit"),
    groups={"one step": 1, "several steps": 4},
    forbid=NOT_ALLOWED,
)
class leaky_bptt:
    "Backpropagation through time for the leaky unit: every weight collects from every step."

    def inputs(generator):
        one_unit = {"W_xh": [[0.5]], "W_hh": [[-1.0]], "b_h": [0.0], "alpha": 0.25}
        yield "several steps", tensors(x=[[[1.0], [1.0]]], h_0=[[0.0]], **one_unit, immediate=[[[1.0], [1.0]]])
        for group, batch, time, feature, unit, alpha, dtype in [
            ("one step", 2, 1, 3, 4, 0.3, torch.float64),
            ("several steps", 2, 4, 3, 5, 0.3, torch.float64),
            ("several steps", 3, 5, 2, 4, 0.7, torch.float64),
            ("several steps", 4, 3, 5, 2, 0.5, torch.float32),
            ("several steps", 2, 2, 3, 4, 0.0, torch.float64),
            ("several steps", 3, 2, 2, 4, 1.0, torch.float64),
        ]:
            drawn = weights(generator, feature, unit, dtype)
            yield (
                group,
                {
                    "x": normal(generator, batch, time, feature, dtype=dtype),
                    "h_0": normal(generator, batch, unit, dtype=dtype),
                    **drawn,
                    "alpha": alpha,
                    "immediate": normal(generator, batch, time, unit, dtype=dtype),
                },
            )

    def reference(x, h_0, W_xh, W_hh, b_h, alpha, immediate):
        return sweep(x, h_0, W_xh, W_hh, b_h, alpha, immediate)

    @mistake(
        "the term that arrives from t+1 forgotten",
        hint="With one step you are right. A state is read by its own loss and by one more reader: which?",
    )
    def nothing_from_later(x, h_0, W_xh, W_hh, b_h, alpha, immediate):
        return sweep(x, h_0, W_xh, W_hh, b_h, alpha, immediate, later=False)

    @mistake(
        "the loss of every step but the last forgotten",
        hint="With one step you are right. What does the loss of step 1 add to the gradient of h_1?",
    )
    def last_loss_only(x, h_0, W_xh, W_hh, b_h, alpha, immediate):
        kept = torch.zeros_like(immediate)
        kept[:, -1] = immediate[:, -1]
        return sweep(x, h_0, W_xh, W_hh, b_h, alpha, kept)

    @mistake(
        "gradients of the weights overwritten instead of summed",
        hint="grad_h_0 is right. The same W_hh works at every step; how many steps are in your grad_W_hh?",
    )
    def overwritten(x, h_0, W_xh, W_hh, b_h, alpha, immediate):
        return sweep(x, h_0, W_xh, W_hh, b_h, alpha, immediate, summed=False)

    @mistake(
        "h_t where h_{t−1} belongs",
        hint="Only grad_W_hh is wrong. Which state does W_hh multiply in a_t? What is it at the first step?",
    )
    def off_by_one(x, h_0, W_xh, W_hh, b_h, alpha, immediate):
        return sweep(x, h_0, W_xh, W_hh, b_h, alpha, immediate, shift=1)

    @mistake(
        "the leak's direct path forgotten",
        hint="Where does h_{t−1} appear in the equation of h_t? Look in both terms.",
    )
    def no_direct_path(x, h_0, W_xh, W_hh, b_h, alpha, immediate):
        return sweep(x, h_0, W_xh, W_hh, b_h, alpha, immediate, direct=False)

    @mistake(
        "tanh′ taken at h_t",
        hint="1 − h_t² is tanh′ only where h_t is a tanh. What is the leaky state instead?",
    )
    def slope_at_state(x, h_0, W_xh, W_hh, b_h, alpha, immediate):
        return sweep(x, h_0, W_xh, W_hh, b_h, alpha, immediate, slope_of="state")

    @mistake(
        "1 − a² for the slope",
        hint="tanh′(a) = 1 − tanh(a)². What do you square?",
    )
    def slope_of_a(x, h_0, W_xh, W_hh, b_h, alpha, immediate):
        return sweep(x, h_0, W_xh, W_hh, b_h, alpha, immediate, slope_of="a")

    @mistake(
        "tanh′ taken at h_{t−1}",
        hint="h_{t−1} is what the step reads. The slope is that of the tanh which the step computes.",
    )
    def slope_before(x, h_0, W_xh, W_hh, b_h, alpha, immediate):
        return sweep(x, h_0, W_xh, W_hh, b_h, alpha, immediate, slope_of="state before")

    @mistake(
        "h_0 ignored",
        hint="Your states are not those of this network. From which state does the run forwards begin?",
    )
    def start_at_zero(x, h_0, W_xh, W_hh, b_h, alpha, immediate):
        return sweep(x, torch.zeros_like(h_0), W_xh, W_hh, b_h, alpha, immediate)

    @mistake(
        "W_hh transposed on the way back",
        hint="Forward, a row of states is multiplied by W_hh.T. What undoes the transpose on the way back?",
    )
    def transposed(x, h_0, W_xh, W_hh, b_h, alpha, immediate):
        return sweep(x, h_0, W_xh, W_hh, b_h, alpha, immediate, way_back=lambda W: W.T)

    @mistake(
        "the state after the step handed to the step back",
        hint="Which state does step t read? Which one do you give to the step back from t?",
    )
    def from_the_state_after(x, h_0, W_xh, W_hh, b_h, alpha, immediate):
        states, _ = run(x, h_0, W_xh, W_hh, b_h, alpha)
        gradients, arriving = [torch.zeros_like(W_xh), torch.zeros_like(W_hh), torch.zeros_like(b_h)], 0.0
        for t in reversed(range(x.shape[1])):
            given = immediate[:, t] + arriving, x[:, t], states[t + 1], W_xh, W_hh, b_h, alpha
            _, arriving, *new = leaky_backward_step.reference(*given)
            gradients = [old + more for old, more in zip(gradients, new, strict=True)]
        return *gradients, arriving

    @mistake(
        "mean over the steps instead of a sum",
        hint="grad_h_0 is right, the others are too small by one factor. Which axis of x has that size?",
    )
    def averaged(x, h_0, W_xh, W_hh, b_h, alpha, immediate):
        *of_weights, grad_h_0 = sweep(x, h_0, W_xh, W_hh, b_h, alpha, immediate)
        return *(gradient / x.shape[1] for gradient in of_weights), grad_h_0

    @mistake(
        "the steps walked forwards",
        hint="With one step you are right. Which gradient has to be ready before that of h_t can be?",
    )
    def forwards(x, h_0, W_xh, W_hh, b_h, alpha, immediate):
        states, squashed = run(x, h_0, W_xh, W_hh, b_h, alpha)
        gradients, arriving = [torch.zeros_like(W_xh), torch.zeros_like(W_hh), torch.zeros_like(b_h)], 0.0
        for t in range(x.shape[1]):
            delta = immediate[:, t] + arriving
            grad_a = alpha * delta * (1 - squashed[t] ** 2)
            for gradient, read in zip(gradients, (x[:, t], states[t], torch.ones_like(h_0[:, :1])), strict=True):
                gradient += (grad_a.T @ read).reshape(gradient.shape)
            arriving = (1 - alpha) * delta + grad_a @ W_hh
        return *gradients, arriving


def sweep(
    x,
    h_0,
    W_xh,
    W_hh,
    b_h,
    alpha,
    immediate,
    *,
    later=True,
    summed=True,
    shift=0,
    direct=True,
    slope_of="tanh",
    way_back=lambda W: W,
):
    """Walk back once; the keywords make the usual mistakes."""
    states, squashed = run(x, h_0, W_xh, W_hh, b_h, alpha)
    grad_W_xh, grad_W_hh, grad_b_h = torch.zeros_like(W_xh), torch.zeros_like(W_hh), torch.zeros_like(b_h)
    arriving = torch.zeros_like(h_0)
    for t in reversed(range(x.shape[1])):
        delta = immediate[:, t] + (arriving if later else 0)
        squared = {"tanh": squashed[t], "state": states[t + 1], "state before": states[t], "a": squashed[t].atanh()}
        slope = 1 - squared[slope_of] ** 2
        grad_a = alpha * delta * slope
        kept = 1 if summed else 0
        grad_W_xh = kept * grad_W_xh + grad_a.T @ x[:, t]
        grad_W_hh = kept * grad_W_hh + grad_a.T @ states[t + shift]
        grad_b_h = kept * grad_b_h + grad_a.sum(0)
        arriving = grad_a @ way_back(W_hh) + ((1 - alpha) * delta if direct else 0)
    return grad_W_xh, grad_W_hh, grad_b_h, arriving


@exercise(
    returns=("grad_v: batch context", "grad_W_0: unit context", "grad_b_0: unit"),
    groups={"one step": 1, "several steps": 3},
    forbid=NOT_ALLOWED,
)
class initial_state_gradient:
    "The gradients of a layer that makes the state every sequence starts from: h_0 = tanh(W_0 v + b_0)."

    def inputs(generator):
        start = {"v": [[0.5], [-1.0]], "W_0": [[1.0]], "b_0": [0.0]}
        one_unit = {"W_xh": [[1.0]], "W_hh": [[0.5]], "b_h": [0.0]}
        yield "one step", tensors(x=[[[0.5]], [[-0.5]]], **start, **one_unit, immediate=[[[1.0]], [[2.0]]])
        for group, batch, time, feature, unit, context, dtype in [
            ("one step", 3, 1, 2, 4, 5, torch.float64),
            ("several steps", 2, 4, 3, 5, 6, torch.float64),
            ("several steps", 3, 5, 2, 4, 4, torch.float64),
            ("several steps", 4, 3, 5, 2, 6, torch.float32),
        ]:
            yield (
                group,
                {
                    "x": normal(generator, batch, time, feature, dtype=dtype),
                    "v": normal(generator, batch, context, dtype=dtype),
                    "W_0": normal(generator, unit, context, scale=0.6, dtype=dtype),
                    "b_0": normal(generator, unit, scale=0.6, dtype=dtype),
                    **weights(generator, feature, unit, dtype),
                    "immediate": normal(generator, batch, time, unit, dtype=dtype),
                },
            )

    def reference(x, v, W_0, b_0, W_xh, W_hh, b_h, immediate):
        return from_the_start(x, v, W_0, b_0, W_xh, W_hh, b_h, immediate)

    @mistake(
        "the tanh of the start forgotten",
        hint="You have ∂L/∂h_0. What stands between h_0 and the layer that made it?",
    )
    def no_slope_at_start(*arguments):
        return from_the_start(*arguments, slope_at_start=lambda h_0, states: torch.ones_like(h_0))

    @mistake(
        "the slope of the start taken one step later",
        hint="Which state is the tanh of W_0 v + b_0?",
    )
    def slope_one_later(*arguments):
        return from_the_start(*arguments, slope_at_start=lambda h_0, states: 1 - states[1] ** 2)

    @mistake(
        "1 − a² for the slope of the start",
        hint="tanh′(a) = 1 − tanh(a)². For the layer that makes h_0, a is W_0 v + b_0. What do you square?",
    )
    def slope_of_a_at_start(*arguments):
        return from_the_start(*arguments, slope_at_start=lambda h_0, states: 1 - h_0.atanh() ** 2)

    @mistake(
        "1 − a² for the slopes of the steps",
        hint="tanh′(a) = 1 − tanh(a)². On the walk back to h_0, what do you square?",
    )
    def slope_of_a_in_steps(*arguments):
        return from_the_start(*arguments, slope=lambda states, t: 1 - states[t + 1].atanh() ** 2)

    @mistake(
        "1 − a² for every slope",
        hint="tanh′(a) = 1 − tanh(a)². What do you square, at the steps and at the start?",
    )
    def slope_of_a(*arguments):
        return from_the_start(
            *arguments,
            slope_at_start=lambda h_0, states: 1 - h_0.atanh() ** 2,
            slope=lambda states, t: 1 - states[t + 1].atanh() ** 2,
        )

    @mistake(
        "tanh′ of the start taken at h_0",
        hint="tanh′(a) = 1 − tanh(a)². How many times do you apply tanh to W_0 v + b_0?",
    )
    def slope_twice_at_start(*arguments):
        return from_the_start(*arguments, slope_at_start=lambda h_0, states: 1 - h_0.tanh() ** 2)

    @mistake(
        "tanh′ of the steps taken at h_t",
        hint="tanh′(a) = 1 − tanh(a)². On the walk back, how many times do you apply tanh to a_t?",
    )
    def slope_twice_in_steps(*arguments):
        return from_the_start(*arguments, slope=lambda states, t: 1 - states[t + 1].tanh() ** 2)

    @mistake(
        "every tanh′ taken at tanh(a)",
        hint="tanh′(a) = 1 − tanh(a)². How many times do you apply tanh, at the steps and at the start?",
    )
    def slope_twice(*arguments):
        return from_the_start(
            *arguments,
            slope_at_start=lambda h_0, states: 1 - h_0.tanh() ** 2,
            slope=lambda states, t: 1 - states[t + 1].tanh() ** 2,
        )

    @mistake(
        "tanh′ of the steps left out",
        hint="Large a_t hardly move h_t, since tanh is flat there. Where does your walk back know that?",
    )
    def no_slope_in_steps(*arguments):
        return from_the_start(*arguments, slope=lambda states, t: torch.ones_like(states[t]))

    @mistake(
        "stopped at h_1",
        hint="What you send into the layer is the gradient of the state after the first step. W_hh is still before it.",
    )
    def stopped_at_first(*arguments):
        return from_the_start(*arguments, last_step=False)

    @mistake(
        "the loss of every step but the first forgotten",
        hint="With one step you are right. Does the loss of step 2 depend on h_0?",
    )
    def first_loss_only(x, v, W_0, b_0, W_xh, W_hh, b_h, immediate):
        return from_the_start(x[:, :1], v, W_0, b_0, W_xh, W_hh, b_h, immediate[:, :1])

    @mistake(
        "the loss of every step but the last forgotten",
        hint="With one step you are right. Does the loss of step 1 depend on h_0?",
    )
    def last_loss_only(x, v, W_0, b_0, W_xh, W_hh, b_h, immediate):
        kept = torch.zeros_like(immediate)
        kept[:, -1] = immediate[:, -1]
        return from_the_start(x, v, W_0, b_0, W_xh, W_hh, b_h, kept)

    @mistake(
        "W_hh transposed on the way back",
        hint="Forward, a row of states is multiplied by W_hh.T. What undoes the transpose on the way back?",
    )
    def transposed(*arguments):
        return from_the_start(*arguments, way_back=lambda W: W.T)

    @mistake(
        "tanh′ taken at h_{t−1}",
        hint="Which state is the tanh of a_t: the one before step t, or the one after it?",
    )
    def slope_before(*arguments):
        return from_the_start(*arguments, slope=lambda states, t: 1 - states[t] ** 2)

    @mistake(
        "started from zero",
        hint="Your states are not those of this network. From which state does the run forwards begin?",
    )
    def zero_start(x, v, W_0, b_0, W_xh, W_hh, b_h, immediate):
        h_0 = torch.tanh(v @ W_0.T + b_0)
        arriving = sweep(x, torch.zeros_like(h_0), W_xh, W_hh, b_h, 1.0, immediate)[-1]
        grad_a = arriving * (1 - h_0**2)
        return grad_a @ W_0, grad_a.T @ v, grad_a.sum(0)

    @mistake(
        "mean over the batch instead of a sum",
        hint="grad_v is right, the others are too small by one factor. Which axis of x has that size?",
    )
    def averaged(*arguments):
        grad_v, *of_layer = from_the_start(*arguments)
        return grad_v, *(gradient / len(arguments[0]) for gradient in of_layer)


def from_the_start(
    x,
    v,
    W_0,
    b_0,
    W_xh,
    W_hh,
    b_h,
    immediate,
    *,
    slope_at_start=lambda h_0, states: 1 - h_0**2,
    last_step=True,
    way_back=lambda W: W,
    slope=lambda states, t: 1 - states[t + 1] ** 2,
):
    """Walk back into the layer that made h_0; the keywords make the usual mistakes."""
    states, _ = run(x, torch.tanh(v @ W_0.T + b_0), W_xh, W_hh, b_h)
    arriving = torch.zeros_like(states[0])
    for t in reversed(range(x.shape[1])):
        arriving = immediate[:, t] + arriving
        if t > 0 or last_step:
            arriving = (arriving * slope(states, t)) @ way_back(W_hh)
    grad_a = arriving * slope_at_start(states[0], states)
    return grad_a @ W_0, grad_a.T @ v, grad_a.sum(0)


@exercise(returns=WEIGHT_GRADIENTS, groups={"equal lengths": 1, "lengths differ": 3}, forbid=NOT_ALLOWED)
class many_to_one_bptt:
    "The loss reads, unit by unit, the largest state of the real steps, and the lengths differ. h_0 = 0."

    def inputs(generator):
        one_unit = {"W_xh": [[1.0]], "W_hh": [[0.5]], "b_h": [0.0]}
        worked = {"x": [[[0.5], [7.0]], [[0.5], [0.5]], [[0.5], [-0.5]]], "lengths": [1, 2, 2]}
        yield "lengths differ", tensors(**worked, **one_unit, grad_max=[[1.0], [1.0], [1.0]])
        for group, batch, time, feature, unit, dtype in [
            ("equal lengths", 2, 4, 3, 5, torch.float64),
            ("equal lengths", 3, 1, 2, 4, torch.float64),
            ("lengths differ", 3, 6, 2, 4, torch.float64),
            ("lengths differ", 4, 5, 3, 2, torch.float64),
            ("lengths differ", 3, 4, 5, 2, torch.float32),
        ]:
            drawn = weights(generator, feature, unit, dtype)
            lengths = torch.randperm(time, generator=generator)[:batch] + 1
            if group == "lengths differ":
                lengths[0], lengths[1] = min(int(lengths[0]), time - 1), 1  # not the longest; the shortest there is
            x = normal(generator, batch, time, feature, dtype=dtype)
            # where rows end early, the padding would win in every unit that it pushes up
            drawn["b_h"] = drawn["b_h"] - 0.5
            yield (
                group,
                {
                    "x": x,
                    "lengths": lengths if group == "lengths differ" else torch.full((batch,), time),
                    **drawn,
                    "grad_max": normal(generator, batch, unit, dtype=dtype),
                },
            )

    def reference(x, lengths, W_xh, W_hh, b_h, grad_max):
        return from_the_largest(x, lengths, W_xh, W_hh, b_h, grad_max)

    @mistake(
        "padding takes part in the maximum",
        hint="With equal lengths you are right. May the largest state of a row stand where the row is over?",
    )
    def padding_wins(x, lengths, W_xh, W_hh, b_h, grad_max):
        return from_the_largest(x, torch.full_like(lengths, x.shape[1]), W_xh, W_hh, b_h, grad_max)

    @mistake(
        "padding counted as states of zero",
        hint="All states of a row may be negative. Which is then the largest, if its padding counts as zero?",
    )
    def padding_as_zero(x, lengths, W_xh, W_hh, b_h, grad_max):
        return from_the_largest(x, lengths, W_xh, W_hh, b_h, grad_max, padding=0.0)

    @mistake(
        "the gradient put in at the last real step",
        hint="That is a loss which reads the last state. Which state of each unit does this loss read?",
    )
    def at_the_last(x, lengths, W_xh, W_hh, b_h, grad_max):
        last = (lengths - 1)[:, None].expand(-1, len(b_h))
        return from_the_largest(x, lengths, W_xh, W_hh, b_h, grad_max, place=lambda _: last)

    @mistake(
        "the gradient put in at every real step",
        hint="The loss reads one number of each unit. How many of its states get something from grad_max?",
    )
    def at_every_step(x, lengths, W_xh, W_hh, b_h, grad_max):
        mask = torch.arange(x.shape[1]) < lengths[:, None]
        return sweep_back(x, mask[..., None] * grad_max[:, None], W_xh, W_hh, b_h)

    @mistake(
        "one step for all units",
        hint="With one unit you are right. Is the largest state of every unit at the same step?",
    )
    def one_step_for_all(x, lengths, W_xh, W_hh, b_h, grad_max):
        def place(seen):
            return seen.sum(-1).argmax(1)[:, None].expand(-1, len(b_h))

        return from_the_largest(x, lengths, W_xh, W_hh, b_h, grad_max, place=place)

    @mistake(
        "the first step of padding takes part in the maximum",
        hint="Step t of the equation is index t − 1 of x. At which index is the last step of a sequence of length 1?",
    )
    def one_more_step(x, lengths, W_xh, W_hh, b_h, grad_max):
        return from_the_largest(x, (lengths + 1).clamp(max=x.shape[1]), W_xh, W_hh, b_h, grad_max)

    @mistake(
        "the gradient put in one step too early",
        hint="Step t of the equation is index t − 1 of x. At which index do you put grad_max in?",
    )
    def one_step_early(x, lengths, W_xh, W_hh, b_h, grad_max):
        def place(seen):
            return seen.argmax(1) - 1

        return from_the_largest(x, lengths, W_xh, W_hh, b_h, grad_max, place=place)

    @mistake(
        "the gradient put in one step too late",
        hint="Step t of the equation is index t − 1 of x. At which index do you put grad_max in?",
    )
    def one_step_late(x, lengths, W_xh, W_hh, b_h, grad_max):
        return from_the_largest(x, lengths, W_xh, W_hh, b_h, grad_max, place=lambda seen: seen.argmax(1) + 1)

    @mistake(
        "tanh′ left out",
        hint="Large a_t hardly move h_t, since tanh is flat there. Where does your gradient know that?",
    )
    def no_slope(x, lengths, W_xh, W_hh, b_h, grad_max):
        def slope(states, t):
            return torch.ones_like(states[t])

        return from_the_largest(x, lengths, W_xh, W_hh, b_h, grad_max, slope=slope)

    @mistake(
        "the last real step left out of the maximum",
        hint="A sequence of length 3 has three states to choose from. How many has it in yours?",
    )
    def last_left_out(x, lengths, W_xh, W_hh, b_h, grad_max):
        return from_the_largest(x, (lengths - 1).clamp(min=1), W_xh, W_hh, b_h, grad_max)

    @mistake(
        "the smallest instead of the largest",
        hint="Print the states of one unit and the step at which you put its gradient in.",
    )
    def smallest(x, lengths, W_xh, W_hh, b_h, grad_max):
        def place(seen):
            return torch.where(seen < -1, 2.0, seen).argmin(1)

        return from_the_largest(x, lengths, W_xh, W_hh, b_h, grad_max, place=place)

    @mistake(
        "the term that arrives from t+1 forgotten",
        hint="Sequences of length 1 are right. What do the steps before the largest one contribute in yours?",
    )
    def nothing_from_later(x, lengths, W_xh, W_hh, b_h, grad_max):
        return from_the_largest(x, lengths, W_xh, W_hh, b_h, grad_max, later=False)

    @mistake(
        "gradients of the weights overwritten instead of summed",
        hint="The same weights work at every step; how many steps are in your gradients?",
    )
    def overwritten(x, lengths, W_xh, W_hh, b_h, grad_max):
        return from_the_largest(x, lengths, W_xh, W_hh, b_h, grad_max, summed=False)

    @mistake(
        "h_t where h_{t−1} belongs",
        hint="Only grad_W_hh is wrong. Which state does W_hh multiply in a_t?",
    )
    def off_by_one(x, lengths, W_xh, W_hh, b_h, grad_max):
        return from_the_largest(x, lengths, W_xh, W_hh, b_h, grad_max, shift=1)

    @mistake(
        "tanh′ taken at h_{t−1}",
        hint="Which state is the tanh of a_t: the one before step t, or the one after it?",
    )
    def slope_before(x, lengths, W_xh, W_hh, b_h, grad_max):
        return from_the_largest(x, lengths, W_xh, W_hh, b_h, grad_max, slope=lambda states, t: 1 - states[t] ** 2)

    @mistake(
        "1 − a² for the slope",
        hint="tanh′(a) = 1 − tanh(a)². What do you square?",
    )
    def slope_of_a(x, lengths, W_xh, W_hh, b_h, grad_max):
        def slope(states, t):
            return 1 - states[t + 1].atanh() ** 2

        return from_the_largest(x, lengths, W_xh, W_hh, b_h, grad_max, slope=slope)

    @mistake(
        "W_hh transposed on the way back",
        hint="Forward, a row of states is multiplied by W_hh.T. What undoes the transpose on the way back?",
    )
    def transposed(x, lengths, W_xh, W_hh, b_h, grad_max):
        return from_the_largest(x, lengths, W_xh, W_hh, b_h, grad_max, way_back=lambda W: W.T)

    @mistake(
        "mean over the batch instead of a sum",
        hint="Your gradients are too small by the same factor everywhere. Which axis of x has that size?",
    )
    def averaged(x, lengths, W_xh, W_hh, b_h, grad_max):
        return tuple(
            gradient / len(x) for gradient in many_to_one_bptt.reference(x, lengths, W_xh, W_hh, b_h, grad_max)
        )


def from_the_largest(
    x, lengths, W_xh, W_hh, b_h, grad_max, *, padding=-2.0, place=lambda seen: seen.argmax(1), **mistakes
):
    """Put grad_max in where a unit's state is largest, and walk back; the keywords make the usual mistakes."""
    states, _ = run(x, x.new_zeros(len(x), len(W_hh)), W_xh, W_hh, b_h)
    real = torch.arange(x.shape[1]) < lengths[:, None]
    seen = torch.stack(states[1:], 1).masked_fill(~real[..., None], padding)
    is_read = torch.arange(x.shape[1])[:, None] == place(seen)[:, None]
    return sweep_back(x, is_read * grad_max[:, None], W_xh, W_hh, b_h, **mistakes)


def sweep_back(
    x,
    immediate,
    W_xh,
    W_hh,
    b_h,
    *,
    later=True,
    summed=True,
    shift=0,
    slope=lambda states, t: 1 - states[t + 1] ** 2,
    way_back=lambda W: W,
):
    """Walk back once from h_0 = 0; the keywords make the usual mistakes."""
    states, _ = run(x, x.new_zeros(len(x), len(W_hh)), W_xh, W_hh, b_h)
    gradients = [torch.zeros_like(W_xh), torch.zeros_like(W_hh), torch.zeros_like(b_h)]
    arriving = torch.zeros_like(states[0])
    for t in reversed(range(x.shape[1])):
        grad_a = (immediate[:, t] + (arriving if later else 0)) * slope(states, t)
        new = [grad_a.T @ x[:, t], grad_a.T @ states[t + shift], grad_a.sum(0)]
        gradients = [old + more if summed else more for old, more in zip(gradients, new, strict=True)]
        arriving = grad_a @ way_back(W_hh)
    return tuple(gradients)


@exercise(
    returns="grad_W_hh: unit unit",
    groups={"K = 1": 1, "1 < K < T": 3, "K = T": 1},
    forbid=NOT_ALLOWED,
)
class cut_after:
    "∂L/∂W_hh with the sum of every loss L_t cut after its K latest terms, k = t, t − 1, …, t − K + 1."

    def inputs(generator):
        one_unit = {"h_0": [[0.0]], "W_xh": [[1.0]], "W_hh": [[0.5]], "b_h": [0.0]}
        for K, group in enumerate(("K = 1", "1 < K < T", "K = T"), start=1):
            yield group, tensors(x=[[[0.5]] * 3], **one_unit, immediate=[[[1.0]] * 3], K=K)
        for group, batch, time, feature, unit, terms, dtype in [
            ("K = T", 2, 1, 3, 4, 1, torch.float64),
            ("K = 1", 2, 4, 3, 5, 1, torch.float64),
            ("1 < K < T", 3, 6, 2, 4, 2, torch.float64),
            ("1 < K < T", 2, 7, 5, 3, 4, torch.float64),
            ("1 < K < T", 4, 5, 3, 2, 3, torch.float32),
            ("K = T", 2, 4, 3, 5, 4, torch.float64),
        ]:
            drawn = weights(generator, feature, unit, dtype)
            yield (
                group,
                {
                    "x": normal(generator, batch, time, feature, dtype=dtype),
                    "h_0": normal(generator, batch, unit, dtype=dtype),
                    **drawn,
                    "immediate": normal(generator, batch, time, unit, dtype=dtype),
                    "K": terms,
                },
            )

    def reference(x, h_0, W_xh, W_hh, b_h, immediate, K):
        return sum_of_terms(x, h_0, W_xh, W_hh, b_h, immediate, lambda t, k: t - k < K)

    @mistake(
        "K jumps instead of K terms",
        hint="With K = 1 one term is left of every sum, the one that makes no jump. How many are left in yours?",
    )
    def one_too_many(x, h_0, W_xh, W_hh, b_h, immediate, K):
        return sum_of_terms(x, h_0, W_xh, W_hh, b_h, immediate, lambda t, k: t - k <= K)

    @mistake(
        "nothing cut",
        hint="With K = T you are right: that is the whole sum. Where does your walk back count its terms?",
    )
    def uncut(x, h_0, W_xh, W_hh, b_h, immediate, K):
        return sum_of_terms(x, h_0, W_xh, W_hh, b_h, immediate, lambda t, k: True)

    @mistake(
        "the earliest K terms instead of the latest",
        hint="With K = T you are right. Which steps are the latest: where k is small, or where k is near t?",
    )
    def earliest(x, h_0, W_xh, W_hh, b_h, immediate, K):
        return sum_of_terms(x, h_0, W_xh, W_hh, b_h, immediate, lambda t, k: k < K)

    @mistake(
        "the sequence cut into chunks of K",
        hint="With K = 1 and K = T you are right. In yours, how many terms has the loss right after a cut?",
    )
    def chunks(x, h_0, W_xh, W_hh, b_h, immediate, K):
        return sum_of_terms(x, h_0, W_xh, W_hh, b_h, immediate, lambda t, k: t // K == k // K)

    @mistake(
        "one walk back, begun anew every K steps",
        hint="With K = 1 and K = T you are right. One walk back cuts all losses at the same steps. Is that asked?",
    )
    def begun_anew(x, h_0, W_xh, W_hh, b_h, immediate, K):
        last = x.shape[1] - 1
        return sum_of_terms(x, h_0, W_xh, W_hh, b_h, immediate, lambda t, k: (last - t) // K == (last - k) // K)

    @mistake(
        "one term too few",
        hint="With K = 1 one term is left of every sum. How many are left in yours?",
    )
    def one_too_few(x, h_0, W_xh, W_hh, b_h, immediate, K):
        return sum_of_terms(x, h_0, W_xh, W_hh, b_h, immediate, lambda t, k: t - k < K - 1)

    @mistake(
        "1 − a² for the slope",
        hint="tanh′(a) = 1 − tanh(a)². What do you square?",
    )
    def slope_of_a(x, h_0, W_xh, W_hh, b_h, immediate, K):
        def slope(states, k):
            return 1 - states[k + 1].atanh() ** 2

        return sum_of_terms(x, h_0, W_xh, W_hh, b_h, immediate, lambda t, k: t - k < K, slope=slope)

    @mistake(
        "tanh′ taken at h_{k−1}",
        hint="Which state is the tanh of a_k: the one before step k, or the one after it?",
    )
    def slope_before(x, h_0, W_xh, W_hh, b_h, immediate, K):
        def slope(states, k):
            return 1 - states[k] ** 2

        return sum_of_terms(x, h_0, W_xh, W_hh, b_h, immediate, lambda t, k: t - k < K, slope=slope)

    @mistake(
        "W_hh transposed on the way back",
        hint="With K = 1 you are right. Forward, a row of states is multiplied by W_hh.T. What undoes the transpose?",
    )
    def transposed(x, h_0, W_xh, W_hh, b_h, immediate, K):
        return sum_of_terms(x, h_0, W_xh, W_hh, b_h, immediate, lambda t, k: t - k < K, across=W_hh.T)

    @mistake(
        "only the loss of the last step",
        hint="There is a loss at every step. How many walks back do you make?",
    )
    def last_loss_only(x, h_0, W_xh, W_hh, b_h, immediate, K):
        last = x.shape[1] - 1
        return sum_of_terms(x, h_0, W_xh, W_hh, b_h, immediate, lambda t, k: t == last and t - k < K)

    @mistake(
        "h_0 ignored",
        hint="Your states are not those of this network. From which state does the run forwards begin?",
    )
    def start_at_zero(x, h_0, W_xh, W_hh, b_h, immediate, K):
        return sum_of_terms(x, torch.zeros_like(h_0), W_xh, W_hh, b_h, immediate, lambda t, k: t - k < K)

    @mistake(
        "tanh′ left out",
        hint="Large a_k hardly move h_k, since tanh is flat there. Where does your gradient know that?",
    )
    def no_slope(x, h_0, W_xh, W_hh, b_h, immediate, K):
        def slope(states, k):
            return torch.ones_like(states[k])

        return sum_of_terms(x, h_0, W_xh, W_hh, b_h, immediate, lambda t, k: t - k < K, slope=slope)

    @mistake(
        "the state restarted where the gradient is cut",
        hint="Only the way back is cut. Which states does a full run of the network have at those steps?",
    )
    def restarted(x, h_0, W_xh, W_hh, b_h, immediate, K):
        total = torch.zeros_like(W_hh)
        for t in range(x.shape[1]):
            start = max(0, t - K + 1)
            window = torch.zeros_like(immediate[:, start : t + 1])
            window[:, -1] = immediate[:, t]
            total += sum_of_terms(x[:, start : t + 1], h_0, W_xh, W_hh, b_h, window, lambda t, k: True)
        return total

    @mistake(
        "h_t where h_{t−1} belongs",
        hint="Which state does W_hh multiply in a_k? What is it at the first step?",
    )
    def off_by_one(x, h_0, W_xh, W_hh, b_h, immediate, K):
        return sum_of_terms(x, h_0, W_xh, W_hh, b_h, immediate, lambda t, k: t - k < K, shift=1)

    @mistake(
        "the factor W_hh missing between the steps",
        hint="With K = 1 you are right. What is ∂h_k/∂h_{k−1}? One of its two factors is missing in yours.",
    )
    def no_product(x, h_0, W_xh, W_hh, b_h, immediate, K):
        return sum_of_terms(
            x, h_0, W_xh, W_hh, b_h, immediate, lambda t, k: t - k < K, across=torch.eye(len(W_hh), dtype=x.dtype)
        )


def sum_of_terms(x, h_0, W_xh, W_hh, b_h, immediate, kept, *, shift=0, across=None, slope=None):
    """Return the sum of the terms (t, k), counted from 0, that `kept` says are kept."""
    states, _ = run(x, h_0, W_xh, W_hh, b_h)
    across = W_hh if across is None else across
    slope = slope or (lambda states, k: 1 - states[k + 1] ** 2)
    total = torch.zeros_like(W_hh)
    for t in range(x.shape[1]):
        delta = immediate[:, t]
        for k in range(t, -1, -1):
            grad_a = delta * slope(states, k)
            if kept(t, k):
                total += grad_a.T @ states[k + shift]
            delta = grad_a @ across
    return total
