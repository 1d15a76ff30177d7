"""A beam as a tree: places, lines and words are those of the trace, and nothing lies on anything else."""

import numpy as np
import pytest

from seqviz.plots.translation.beam import HALF_A_WORD, ROOT, beam, beam_figure, describe_beam, laid_out
from seqviz.traces.translation.records import BeamTrace, Branch


def branch(token: str, parent: int, p: float, log_p: float, kept: bool = True, rank: int = 0) -> Branch:
    return Branch(token, parent, p, log_p, kept, token == "<eos>", rank)


TRACE = BeamTrace(
    source="12",
    width=2,
    alpha=1.0,
    steps=(
        (branch("zwei", -1, 0.5, -0.7), branch("zwölf", -1, 0.4, -0.9), branch("eins", -1, 0.1, -2.3, kept=False)),
        (
            branch("<eos>", 1, 0.9, -1.0, rank=1),
            branch("zwei", 0, 0.6, -1.2),
            branch("<eos>", 0, 0.2, -2.3, kept=False),
        ),
        (branch("<eos>", 1, 0.5, -1.9, rank=2),),
    ),
    outputs=(("zwölf", -1.0, -0.5), ("zwei zwei", -1.9, -0.63)),
)


def parts(step: int | None = None) -> dict:
    return {trace.uid: trace for trace in beam(TRACE, step).figure.data}


def lines(trace) -> set[tuple[float, ...]]:
    """Each line from its start to its end; those that have not appeared have no x."""
    x, y = np.asarray(trace.x).reshape(-1, 3), np.asarray(trace.y).reshape(-1, 3)
    ends = zip(x[:, 0], y[:, 0], x[:, 1], y[:, 1], strict=True)
    return {tuple(float(v) for v in np.round(line, 3)) for line in ends if not np.isnan(line[0])}


def test_children_stand_in_the_order_of_their_parents():
    first, second, third = laid_out(TRACE).places
    assert [x for x, _ in first] == pytest.approx([1 / 6, 3 / 6, 5 / 6])
    assert [x for x, _ in second] == pytest.approx(
        [5 / 6, 1 / 6, 3 / 6]
    )  # both children of “zwei”, then that of “zwölf”
    assert [y for row in (first, second, third) for _, y in row] == [1, 1, 1, 2, 2, 2, 3]


def test_lines_run_from_below_a_word_to_above_the_next():
    root, above, below = ROOT + HALF_A_WORD, 1 - HALF_A_WORD, 1 + HALF_A_WORD
    drawn = parts()
    assert lines(drawn["cut"]) == {
        (0.5, root, 0.833, above),
        (0.167, below, 0.5, 2 - HALF_A_WORD),
    }
    assert lines(drawn["best"]) == {(0.5, root, 0.5, above), (0.5, below, 0.833, 2 - HALF_A_WORD)}
    assert len(lines(drawn["kept"])) == 5


def test_words_outputs_and_what_was_cut_off_are_told_apart():
    drawn = parts()
    assert drawn["words"].text == ("zwei", "zwölf", "zwei")
    assert drawn["missed"].text == ("<i>eins</i>", "<i>■</i>")
    assert drawn["outputs"].text == ("1", "2")
    assert drawn["outputs"].customdata[0] == "&lt;eos&gt;: 90.0%, log P −1.00, output 1"


def test_it_grows_step_by_step_and_the_best_shows_at_the_end():
    assert [int((~np.isnan(np.asarray(parts(step)["words"].x))).sum()) for step in range(3)] == [2, 3, 3]
    assert [len(lines(parts(step)["best"])) for step in range(3)] == [0, 0, 2]


def test_a_step_takes_the_same_room_in_every_tree():
    short = BeamTrace("1", 1, 0.0, TRACE.steps[:1], (("zwei", -0.7, -0.7),))
    heights = [beam_figure(laid_out(trace)).layout.height for trace in (short, TRACE)]
    margins = beam_figure(laid_out(short)).layout.margin
    rows = [
        (height - margins.t - margins.b) / (last + 0.5 - 0.02) for height, last in zip(heights, (1, 3), strict=True)
    ]
    assert min(rows) * 2 * HALF_A_WORD > 18, "pixels between the lines above and below a word"


def test_the_sentence_says_what_was_kept_and_what_won():
    tree = laid_out(TRACE)
    assert describe_beam(tree, 0) == (
        "“12”, step 1 of 3, width 2. Kept: “zwei” 50% and “zwölf” 40%. Cut off next: “eins” 10%."
    )
    assert describe_beam(tree, 2) == (
        "“12”, step 3 of 3, width 2. Kept: the end 50%. "
        "The best output of 2: “zwölf”, log P −1.00, −0.50 after division."
    )
