"""The picture of a gated unit: its numbers are the record's, in both forms of the reset, and a held gate is named."""

import numpy as np
import pytest

from seqviz.plots.gated import gru_cell
from seqviz.traces.gated.records import GRUCellTrace

R, Z, N, BEFORE = 0.25, 0.75, -0.4, 0.8
H = 0.75 * 0.8 + 0.25 * -0.4


def recorded(reset_after=False, held=""):
    sums = np.arange(9).reshape(1, 3, 3) / 4
    return GRUCellTrace(
        tokens=("x",),
        unit=3,
        reset_after=reset_after,
        held=held,
        sums=sums,
        gates=np.array([[R, Z, N]]),
        unreset=np.array([1.5]),
        states=np.array([BEFORE, 0.4]),
        after=np.array([H]),
        answers=np.array([[0.3, -0.001]]),
        free_answers=np.array([[0.1, 0.2]]),
    )


@pytest.mark.parametrize(("reset_after", "offered"), [(False, BEFORE), (True, 1.5)])
def test_every_wire_carries_its_number(reset_after, offered):
    diagram = gru_cell.gru_cell_diagram(recorded(reset_after), 0)
    expected = {"h before": BEFORE, "looked at": offered, "r": R, "seen": R * offered, "seen on": R * offered, "z": Z}
    expected |= {"rest": 1 - Z, "n": N, "kept": Z * BEFORE, "written": (1 - Z) * N, "h": H}
    assert {name: wire.value for name, wire in diagram.wires if wire.value is not None} == pytest.approx(expected)
    assert ("matrix" in dict(diagram.nodes)) == reset_after


def test_every_part_is_an_equation_with_its_numbers():
    said = [gru_cell.gru_cell(recorded(), 0, part).sentence for part in range(6)]
    assert tuple(part.name for part in gru_cell.gru_cell_diagram(recorded(), 0).parts) == gru_cell.PARTS
    assert "This unit holds 0.80." in said[0]
    assert "r_t = σ(W_xr x_t + W_hr h_t−1 + b_r) = σ(0.00 + 0.25 + 0.50) = 0.25." in said[1]
    assert "z_t = σ(W_xz x_t + W_hz h_t−1 + b_z) = σ(0.75 + 1.00 + 1.25) = 0.75." in said[2]
    assert (
        "n_t = tanh(W_xn x_t + W_hn (r_t ⊙ h_t−1) + b_n) = tanh(1.50 + 1.75 + 2.00) = −0.40, "
        "of which the old state brings 1.75 (unreset 1.50)." in said[3]
    )
    assert "h_t = z_t ⊙ h_t−1 + (1 − z_t) ⊙ n_t = 0.75 · 0.80 + 0.25 · (−0.40) = 0.50." in said[4]
    assert said[5].endswith("ŷ_t = W_hy h_t + b_y, from all units = 0.30, 0.00. The answer ŷ_t is 0.30, 0.00.")
    assert "n_t = tanh(W_xn x_t + r_t ⊙ (W_hn h_t−1 + b_hn) + b_n)" in gru_cell.gru_cell(recorded(True), 0, 3).sentence


def test_a_held_gate_is_named_and_the_free_answer_stands_beside():
    diagram = gru_cell.gru_cell_diagram(recorded(held="r_t = 1"), 0)
    assert [name for name, node in diagram.nodes if node.held] == ["r"]
    sentence = gru_cell.gru_cell(recorded(held="r_t = 1"), 0, 1).sentence
    assert sentence.startswith("Unit 4, step 1, reads “x”; r_t held at 1. ")
    assert "would be σ(0.00 + 0.25 + 0.50), and is held at 0." in sentence
    assert sentence.endswith("The answer ŷ_t is 0.30, 0.00; with its own gates it is 0.10, 0.20.")
