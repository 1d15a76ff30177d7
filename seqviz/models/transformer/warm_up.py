"""The learning rate of the first Transformer: it grows for a while, then falls with the root of the step."""

from seqviz.models import expect


def noam_rate(step: int, size: int, warm_up: int) -> float:
    r"""Return $d^{-1/2} \min(t^{-1/2}, t \cdot \text{warm-up}^{-3/2})$.

    where the step t is counted from 1. Both parts meet at t = warm-up, where the rate is highest. The name is that of
    Noam Shazeer, as tensor2tensor has it.

    Source: Vaswani et al. 2017, "Attention is all you need", equation 3.

    Raises ValueError for a step below 1: at step 0 the first part is infinite.
    """
    expect.at_least_one(step=step, size=size, warm_up=warm_up)
    return size**-0.5 * min(step**-0.5, step * warm_up**-1.5)
