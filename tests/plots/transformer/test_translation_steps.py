"""Maps, bars and sentences hold the trace's numbers; a letter shows the step that reads it most."""

import numpy as np

from seqviz.plots.transformer.translation_steps import (
    describe_translation_steps,
    step_of,
    translation_steps,
    translation_steps_levels,
    translation_steps_patch,
)
from seqviz.traces.transformer.records import TranslationStepsTrace

IN_FED = np.zeros((2, 1, 2, 2))
IN_FED[0, 0] = [[1, 0], [0.4, 0.6]]
IN_FED[1, 0] = [[1, 0], [0.3, 0.7]]
IN_SOURCE = np.zeros((2, 1, 2, 3))
IN_SOURCE[0, 0] = [[0.2, 0.2, 0.6], [0, 0, 1]]
IN_SOURCE[1, 0] = [[0.1, 0.8, 0.1], [0.5, 0.3, 0.2]]
TRACE = TranslationStepsTrace(
    source=("a", " ", "b"),
    fed=("<bos>", "4"),
    said=("4", "<eos>"),
    outputs=("3", "4", "<eos>"),
    probabilities=np.array([[0.2, 0.7, 0.1], [0.1, 0.1, 0.8]]),
    in_source=IN_SOURCE,
    in_fed=IN_FED,
)


def test_a_letter_of_the_source_shows_the_step_that_reads_it_most():
    assert [step_of(TRACE, selection) for selection in range(5)] == [0, 1, 1, 0, 1]


def test_the_maps_have_a_row_for_every_head_and_nothing_that_is_not_written():
    patch = translation_steps_patch(TRACE, 0)
    np.testing.assert_array_equal(patch["source.z"], [[0.2, 0.2, 0.6], [0.1, 0.8, 0.1]])
    np.testing.assert_array_equal(patch["fed.z"], [[1, np.nan], [1, np.nan]])
    np.testing.assert_array_equal(patch["next.y"], [0.2, 0.7, 0.1])
    np.testing.assert_array_equal(patch["said.y"], [0, 0.7, 0])
    np.testing.assert_array_equal(translation_steps_patch(TRACE, 1)["fed.z"], [[0.4, 0.6], [0.3, 0.7]])
    assert IN_FED[0, 0, 0, 1] == 0  # the trace is as it was
    for selection, step in ((2, 1), (3, 0)):
        np.testing.assert_array_equal(translation_steps_patch(TRACE, selection)["next.y"], TRACE.probabilities[step])


def test_letters_are_lit_by_the_last_layer():
    levels = translation_steps_levels(TRACE)
    np.testing.assert_allclose(levels[0], [1, np.nan, 0.1, 0.8, 0.1])
    np.testing.assert_allclose(levels[1], [0.3, 0.7, 0.5, 0.3, 0.2])
    np.testing.assert_array_equal(levels[3], levels[0])


def test_axes_name_the_letters():
    figure = translation_steps(TRACE).figure
    assert list(figure.layout.xaxis.ticktext) == ["a", "␣", "b"]
    assert list(figure.layout.xaxis2.ticktext) == ["▷", "4"]
    assert list(figure.layout.xaxis3.ticktext) == ["3", "4", "⏎"]
    assert list(figure.layout.yaxis.ticktext) == ["1.1", "2.1"]


def test_the_sentence_says_what_is_fed_where_heads_look_and_what_is_expected():
    assert describe_translation_steps(TRACE, 0) == (
        "Output 1: fed is the start. In the source, head 2.1 looks hardest: at “␣”, step 2 (80%). In what was written, "
        "head 1.1: at “start”, step 1 (100%). It expects “4” 70%, “3” 20% and “end” 10%. The whole: “4”."
    )
    told = describe_translation_steps(TRACE, 2)
    assert told.startswith("Source 1, “a”, is read most at output 2. Output 2: fed are the start and “4”. In the ")
