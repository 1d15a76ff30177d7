"""The picture of a cell: its numbers are the record's, and each line of the equations comes out."""

import numpy as np
import pytest

from seqviz.plots.gated import lstm_cell
from seqviz.traces.gated.records import LSTMCellTrace

INPUT, FORGET, CANDIDATE, OUTPUT = 0.25, 0.5, -0.75, 0.875
C, TANH_C = 0.5 * 2.0 + 0.25 * -0.75, np.tanh(0.8125)


@pytest.fixture
def trace():
    sums = np.arange(24).reshape(2, 4, 3) / 8
    gates = np.array([[0.1, 0.2, 0.3, 0.4], [INPUT, FORGET, CANDIDATE, OUTPUT]])
    return LSTMCellTrace(
        tokens=("the", "cat"),
        unit=7,
        sums=sums,
        gates=gates,
        cells=np.array([0.0, 2.0, C]),
        states=np.array([0.0, 0.125, OUTPUT * TANH_C]),
    )


def test_every_wire_carries_its_number(trace):
    wires = dict(lstm_cell.lstm_cell_diagram(trace, 1).wires)
    expected = {"i": INPUT, "f": FORGET, "g": CANDIDATE, "o": OUTPUT, "c before": 2.0}
    expected |= {"kept": FORGET * 2, "written": INPUT * CANDIDATE, "c": C}
    expected |= {"squashed": TANH_C, "h": OUTPUT * TANH_C}
    assert {name: wire.value for name, wire in wires.items() if wire.value is not None} == pytest.approx(expected)
    assert wires["h before"].name == "h<sub>t−1</sub><br>0.12"


def test_every_part_is_an_equation_with_its_numbers(trace):
    diagram = lstm_cell.lstm_cell_diagram(trace, 1)
    assert tuple(part.name for part in diagram.parts) == lstm_cell.PARTS
    said = [lstm_cell.lstm_cell(trace, 1, part).sentence for part in range(7)]
    assert all(sentence.startswith("Cell 8, step 2, reads “cat”. ") for sentence in said)
    assert "This cell showed 0.12 and holds 2.00." in said[0]
    assert said[1].endswith("f_t = σ(W_xf x_t + W_hf h_t−1 + b_f) = σ(1.88 + 2.00 + 2.12) = 0.50.")
    assert said[2].endswith("i_t = σ(W_xi x_t + W_hi h_t−1 + b_i) = σ(1.50 + 1.62 + 1.75) = 0.25.")
    assert said[3].endswith("g_t = tanh(W_xg x_t + W_hg h_t−1 + b_g) = tanh(2.25 + 2.38 + 2.50) = −0.75.")
    assert said[4].endswith("c_t = f_t ⊙ c_t−1 + i_t ⊙ g_t = 0.50 · 2.00 + 0.25 · (−0.75) = 0.81.")
    assert said[5].endswith("o_t = σ(W_xo x_t + W_ho h_t−1 + b_o) = σ(2.62 + 2.75 + 2.88) = 0.88.")
    assert said[6].endswith("h_t = o_t ⊙ tanh c_t = 0.88 · 0.67 = 0.59.")


def test_a_wire_begins_where_another_ends(trace):
    wires = dict(lstm_cell.lstm_cell_diagram(trace, 1).wires)
    nodes = dict(lstm_cell.lstm_cell_diagram(trace, 1).nodes)
    for wire, node in (("f", "keep"), ("i", "write"), ("g", "write"), ("written", "add"), ("o", "show")):
        assert wires[wire].path[-1] == nodes[node].place
    assert wires["c before"].path[-1] == wires["kept"].path[0] == nodes["keep"].place
    assert wires["kept"].path[-1] == wires["c"].path[0] == nodes["add"].place
