"""What stands where in a packed batch: against a loop over steps and lengths."""

import numpy as np
import pytest

from seqviz.traces import trace_packing

SEQUENCES = ["is", "juice", "pie", "a", "juicy"]


def test_data_holds_each_step_of_the_sequences_that_still_have_one_longest_first():
    trace = trace_packing(SEQUENCES)
    longest_first = sorted(range(len(SEQUENCES)), key=lambda row: -len(SEQUENCES[row]))  # keeps the order of equals
    expected = [(row, step) for step in range(5) for row in longest_first if step < len(SEQUENCES[row])]
    assert list(zip(trace.rows, trace.steps, strict=True)) == expected
    np.testing.assert_array_equal(trace.batch_sizes, [5, 4, 3, 2, 2])
    assert trace.sequences[2] == ("p", "i", "e")


def test_tokens_may_be_words():
    trace = trace_packing([["red", "wine"], ["tea"]])
    assert trace.sequences == (("red", "wine"), ("tea",))
    np.testing.assert_array_equal(trace.batch_sizes, [2, 1])


@pytest.mark.parametrize("sequences", [[], ["is", ""]])
def test_what_torch_cannot_pack_is_refused(sequences):
    with pytest.raises(ValueError, match="expected one or more sequences, none of them empty"):
        trace_packing(sequences)
