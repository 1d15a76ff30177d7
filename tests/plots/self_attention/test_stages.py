"""Every cell is a number of the trace, and the panels add up."""

import numpy as np
import pytest

from seqviz.plots.self_attention.stages import describe_stages, stages
from seqviz.traces.self_attention.records import StagesTrace

TRACE = StagesTrace(
    tokens=("a", " ", "c"),
    layer=0,
    head=1,
    q=np.array([[1.0, 0.5], [2.0, -1.0], [0.0, 1.0]]),
    k=np.array([[2.0, 0.0], [0.5, 1.0], [1.0, 1.0]]),
    v=np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 4.0]]),
    allowed=np.tril(np.ones((3, 3), dtype=bool)),
)


def cells(word):
    return {trace.uid: np.array(trace.z) for trace in stages(TRACE, word).figure.data}


@pytest.mark.parametrize("word", range(3))
def test_the_stages_of_a_look_lead_from_the_vectors_to_the_sum(word):
    shown = cells(word)
    np.testing.assert_array_equal(shown["query"][0], TRACE.q[word])
    np.testing.assert_array_equal(shown["keys"], TRACE.k)
    np.testing.assert_allclose(shown["scores"][:, 0], TRACE.k @ TRACE.q[word])
    seen = word + 1
    assert np.isnan(shown["scores"][seen:, 1]).all()
    scores = shown["scores"][:seen, 1]
    np.testing.assert_allclose(scores * 2**0.5, shown["scores"][:seen, 0])
    np.testing.assert_allclose(shown["weights"][:seen, 0], np.exp(scores) / np.exp(scores).sum())
    assert not shown["weights"][seen:].any()
    np.testing.assert_allclose(shown["gives"], shown["weights"] * TRACE.v)
    np.testing.assert_allclose(shown["sum"][0], shown["weights"][:, 0] @ TRACE.v)


def test_numbers_are_written_where_they_have_room():
    assert stages(TRACE, 0).figure.data[1].texttemplate == "%{z:.2f}"
    many = np.ones((3, 9))
    wide = StagesTrace(tokens=("a", "b", "c"), layer=0, head=0, q=many, k=many, v=many, allowed=TRACE.allowed)
    assert [trace.texttemplate for trace in stages(wide, 0).figure.data if trace.uid in ("keys", "gives")] == [None] * 2


def test_the_sentence_says_the_numbers_and_what_is_closed():
    assert describe_stages(TRACE, 1) == (
        "Layer 1, head 2: word 2, “␣”, looks at “a” 97% (q·k = 4.00, by √2 2.83) and “␣” 6% "
        "(q·k = 0.00, by √2 0.00). It may not look at 1 of 3 words."
    ).replace("97%", f"{TRACE.weights[1, 0]:.0%}").replace("6%", f"{TRACE.weights[1, 1]:.0%}")
    assert "may not" not in describe_stages(TRACE, 2)
