"""A small exercise for the tests of the engine, and a course of it on disk."""

import torch

from seqviz.checks import exercise, mistake, normal


@exercise(
    returns="h_t: batch unit",
    groups={"several": 2, "alpha = 1": 1},
    forbid=("torch.nn", "seqviz.models", ".backward"),
    seconds=2.0,
)
class leaky:  # noqa: N801 called like the student's function
    """A leaky unit without a bias."""

    def inputs(generator):  # noqa: N805
        for group, batch, alpha in [("several", 2, 0.3), ("several", 4, 0.6), ("alpha = 1", 3, 1.0)]:
            yield group, {"x": normal(generator, batch, 5), "h": normal(generator, batch, 5), "alpha": alpha}

    def reference(x, h, alpha):  # noqa: N805
        return (1 - alpha) * h + alpha * torch.tanh(x)

    @mistake("leak on the wrong term", hint="Try α = 0.")
    def swapped(x, h, alpha):  # noqa: N805
        return alpha * h + (1 - alpha) * torch.tanh(x)

    @mistake("a plain step", hint="Where is α?")
    def plain(x, h, alpha):  # noqa: N805
        return torch.tanh(x)


@exercise(returns=("double: unit", "half: unit"), groups={"small": 3, "large": 1})
class double_and_half:  # noqa: N801 called like the student's function
    "Two outputs."

    def inputs(generator):  # noqa: N805
        yield "small", {"x": normal(generator, 3)}
        yield "small", {"x": normal(generator, 4)}
        yield "large", {"x": 100 * normal(generator, 2)}

    def reference(x):  # noqa: N805
        return 2 * x, x / 2
