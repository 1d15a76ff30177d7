"""The stretches are the probabilities laid end to end, and the outlined one is where the number falls."""

from dataclasses import replace

import numpy as np
import pytest

from seqviz.plots.language.sampling import SHOWN, describe_sampling, sampling, stretches
from seqviz.traces.language.records import SamplingTrace


def trace_of(count: int) -> SamplingTrace:
    expected = np.arange(count, 0, -1.0)
    expected /= expected.sum()
    sharp = expected**4 / (expected**4).sum()
    cut = np.where(np.arange(count) < 2, expected, 0.0)
    return SamplingTrace(
        outputs=tuple("abcdefghijklmnop "[:count]),
        expected=expected,
        temperatures=np.array([0.25, 1.0]),
        probabilities=np.stack([sharp, cut / cut.sum()]),
        u=0.61,
        drawn=np.array([int(np.searchsorted(sharp.cumsum(), 0.61)), 1]),
    )


@pytest.mark.parametrize("count", [3, SHOWN, SHOWN + 1, SHOWN + 4])
@pytest.mark.parametrize("step", [0, 1])
def test_each_stretch_is_as_long_as_its_probability_and_the_number_lies_in_the_outlined_one(count: int, step: int):
    trace = trace_of(count)
    figure = sampling(trace, step).figure
    drawn = {one.uid: one for one in figure.data}
    shown = min(count, SHOWN + 1)
    for bar, p in (("before", trace.expected), ("after", trace.probabilities[step])):
        left = 0.0
        for i in range(shown):
            width = p[i] if i < SHOWN else p[SHOWN:].sum()
            x = drawn[f"{bar}-{i}"].x
            np.testing.assert_allclose([min(x), max(x)], [left, left + width], atol=1e-12)
            left += width
    assert list(drawn["number"].x) == [0.61, 0.61]
    assert min(drawn["drawn"].x) <= 0.61 <= max(drawn["drawn"].x)


def test_a_stretch_too_narrow_for_a_name_has_none():
    names = next(one for one in sampling(trace_of(3), 0).figure.data if one.uid == "after-names")
    assert list(names.text) == ["a", "b", "c"]
    np.testing.assert_array_equal(np.isnan(np.array(names.x, dtype=float)), [False, False, True])


def test_wide_letters_and_long_names_need_more_room():
    p = np.array([0.3, 0.05, 0.05, *[0.045] * 9, 0.195])
    trace = replace(trace_of(13), outputs=tuple("amnbcdefghijk"), expected=p, probabilities=np.stack([p, p]))
    names = next(one for one in sampling(trace, 0).figure.data if one.uid == "after-names")
    shown = {name: not np.isnan(x) for name, x in zip(names.text, np.array(names.x, dtype=float), strict=True)}
    assert [shown["a"], shown["m"], shown["n"], shown["others"]] == [True, False, True, False]


def test_the_last_stretch_ends_at_1_whatever_the_rounding():
    assert stretches(np.array([0.1] * 10))[-1, 1] <= 1.0


def test_the_sentence_says_what_is_left_and_what_is_drawn():
    assert describe_sampling(trace_of(3), 1) == (
        "Temperature 1.00: 2 tokens are left, the likeliest “a” 60%, “b” 40%. "
        "The number 0.61 falls on “b”, which the model gave 33.3% and which has 40.0% now."
    )
