"""Let a network read a drawn digit, row by row or along the pen's way, and record its belief after every step."""

from typing import Literal

import torch

from seqviz.data.classification.pen_digits import Strokes, pen_pictures, pen_points, pen_steps
from seqviz.models import expect
from seqviz.models.recurrent_network import RecurrentNetwork
from seqviz.traces.classification.records import DigitTrace
from seqviz.traces.reading import to_numpy

Way = Literal["row by row", "along the pen"]


@torch.no_grad()
def trace_digit(network: RecurrentNetwork, strokes: Strokes, way: Way) -> DigitTrace:
    """Record the softmax over the ten digits after every row of the picture or every step of the pen.

    Raises ValueError for a drawing without a line, an unknown way, and where a weight is not finite.
    """
    expect.one_of("way", way, ("row by row", "along the pen"))
    expect.finite(**dict(network.named_parameters()))
    picture = pen_pictures([strokes]) if way == "row by row" else None
    steps = pen_steps([strokes]).x
    memory, beliefs = network.start(1), []
    for x_t in (steps if picture is None else picture).unbind(1):
        memory = network.step(x_t, memory)
        beliefs.append(network.readout(memory)[0].softmax(-1))
    return DigitTrace(
        picture=None if picture is None else to_numpy(picture[0]),
        points=to_numpy(pen_points(strokes)),
        lifted=to_numpy(steps[0, :, 2] > 0),
        beliefs=to_numpy(torch.stack(beliefs)),
    )
