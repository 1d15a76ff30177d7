"""Tasks that ask for what was long ago, with numbers drawn as they are needed.

Each returns inputs and targets for a batch; none needs a file.
"""

import torch
from jaxtyping import Float, Int
from torch import Generator, Tensor


def adding_problem(
    batch: int, time: int, generator: Generator
) -> tuple[Float[Tensor, "batch time input=2"], Float[Tensor, " batch"]]:
    """Two of the numbers are marked, one in each half of the sequence; the target is their sum.

    where ``x[..., 0]`` holds numbers from 0 to 1 and ``x[..., 1]`` the marks. Who always answers 1 has a mean squared
    error of 1/6. Raises ValueError for less than two steps.

    Source: Hochreiter & Schmidhuber 1997, "Long short-term memory", experiment 4 (there the numbers are from −1 to 1);
    this form: Le, Jaitly, Hinton 2015, section 4.1.
    """
    if time < 2:
        raise ValueError(f"time: expected at least 2 steps, one for each mark, got {time}")
    numbers = torch.rand(batch, time, generator=generator)
    first = torch.randint(time // 2, (batch, 1), generator=generator)
    second = torch.randint(time // 2, time, (batch, 1), generator=generator)
    marks = torch.zeros(batch, time).scatter_(1, torch.cat([first, second], 1), 1.0)
    return torch.stack([numbers, marks], -1), (numbers * marks).sum(1)


def copy_memory(
    batch: int, delay: int, generator: Generator, symbols: int = 8, length: int = 10
) -> tuple[Int[Tensor, "batch time"], Int[Tensor, "batch time"]]:
    """Read some symbols, wait, and at a sign write them down again in their order.

    where symbols are 1 … ``symbols``, 0 is a blank and ``symbols + 1`` the sign. ``x`` holds ``length`` symbols,
    ``delay − 1`` blanks, the sign and ``length`` blanks; the targets are blanks and, in the last ``length`` steps, the
    symbols. Who forgets everything answers with blanks and guesses: a loss of length·log(symbols)/(delay + 2·length)
    per step. Raises ValueError for a delay below 1.

    Source: Hochreiter & Schmidhuber 1997; this form: Arjovsky, Shah, Bengio 2016, "Unitary evolution recurrent neural
    networks", experiments.
    """
    if delay < 1:
        raise ValueError(f"delay: expected at least 1 step, for the sign, got {delay}")
    message = torch.randint(1, symbols + 1, (batch, length), generator=generator)
    x = torch.zeros(batch, delay + 2 * length, dtype=torch.long)
    y = torch.zeros_like(x)
    x[:, :length] = message
    x[:, length + delay - 1] = symbols + 1
    y[:, -length:] = message
    return x, y


def delayed_echo(
    batch: int, time: int, lag: int, generator: Generator
) -> tuple[Float[Tensor, "batch time input=1"], Int[Tensor, "batch time"]]:
    """Coins are thrown for ever, heads +1 and tails −1; the target at every step is the coin of ``lag`` steps before.

    where y is 1 for heads and 0 for tails; in the first ``lag`` steps it asks for coins thrown before the sequence,
    which nobody can know. Raises ValueError for a lag below 1.

    Source: Jaeger 2001, "Short term memory in echo state networks".
    """
    if lag < 1:
        raise ValueError(f"lag: expected at least 1 step, got {lag}")
    coins = torch.randint(2, (batch, lag + time), generator=generator)
    return (2.0 * coins[:, lag:] - 1.0)[..., None], coins[:, :time]
