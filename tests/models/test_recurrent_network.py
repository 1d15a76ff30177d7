"""Step by step is the same as all at once, whatever the memory is."""

import pytest
import torch

from seqviz.models import GRU, LSTM, RNN

INPUTS, HIDDEN, OUTPUTS, BATCH, TIME = 3, 5, 4, 2, 7
NETWORKS = {
    "RNN": lambda: RNN(INPUTS, HIDDEN, OUTPUTS, "relu", torch.float64),
    "GRU, reset after": lambda: GRU(INPUTS, HIDDEN, OUTPUTS, dtype=torch.float64),
    "GRU, minimal": lambda: GRU(INPUTS, HIDDEN, OUTPUTS, "minimal", dtype=torch.float64),
    "LSTM": lambda: LSTM(INPUTS, HIDDEN, OUTPUTS, dtype=torch.float64),
    "LSTM without a forget gate": lambda: LSTM(INPUTS, HIDDEN, OUTPUTS, "igo", dtype=torch.float64),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_steps_and_readouts_give_what_the_call_gives(name):
    torch.manual_seed(0)
    network = NETWORKS[name]()
    x = torch.randn(BATCH, TIME, INPUTS, dtype=torch.float64)
    logits, states = network(x)
    memory = network.start(BATCH)
    assert network.inputs == INPUTS
    assert all(part.shape == (BATCH, HIDDEN) and not part.any() for part in memory)
    for t, x_t in enumerate(x.unbind(1)):
        memory = network.step(x_t, memory)
        torch.testing.assert_close(memory[0], states[:, t], rtol=0, atol=1e-12)
        torch.testing.assert_close(network.readout(memory), logits[:, t], rtol=0, atol=1e-12)


def test_the_last_part_of_an_lstms_memory_is_its_cell():
    torch.manual_seed(1)
    network = NETWORKS["LSTM"]()
    x = torch.randn(BATCH, TIME, INPUTS, dtype=torch.float64)
    _, cells = network.run(x)
    memory = network.start(BATCH)
    for x_t in x.unbind(1):
        memory = network.step(x_t, memory)
    torch.testing.assert_close(memory[-1], cells[:, -1], rtol=0, atol=1e-12)
