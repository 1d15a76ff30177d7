"""Every cell says what happened to its token, rows come with the steps, and the sentence counts."""

import numpy as np

from seqviz.plots.transformer.cache import AGAIN, FIRST, KEPT, NAMES, cache, cache_patch, cells, describe_cache
from seqviz.traces.transformer.records import CacheTrace

TRACE = CacheTrace(
    tokens=("a", " ", "b", "c"),
    prompt=2,
    said=("b", "c", "a"),
    again=np.array([2, 3, 4]),
    cached=np.array([2, 1, 1]),
    apart=np.array([1e-7, 4e-7, 2e-7]),
    numbers=8,
)
NO = np.nan
WITHOUT = [[FIRST, FIRST, NO, NO], [AGAIN, AGAIN, FIRST, NO], [AGAIN, AGAIN, AGAIN, FIRST]]
WITH = [[FIRST, FIRST, NO, NO], [KEPT, KEPT, FIRST, NO], [KEPT, KEPT, KEPT, FIRST]]


def test_a_token_is_computed_once_and_then_again_or_kept():
    np.testing.assert_array_equal(cells(TRACE)["again"], WITHOUT)
    np.testing.assert_array_equal(cells(TRACE)["cached"], WITH)


def test_rows_come_with_the_steps():
    patch = cache_patch(TRACE, 1)
    np.testing.assert_array_equal(patch["again.z"], [*WITHOUT[:2], [NO] * 4])
    np.testing.assert_array_equal(patch["cached.z"], [*WITH[:2], [NO] * 4])
    maps = {trace.uid: trace for trace in cache(TRACE, 2).figure.data if trace.uid}
    np.testing.assert_array_equal(maps["again"].z, WITHOUT)
    assert maps["cached"].xaxis == "x2"


def test_every_kind_of_cell_has_a_name_and_its_colour_covers_its_number():
    figure = cache(TRACE, 2).figure
    named = {trace.name: trace.marker.color for trace in figure.data if trace.name}
    assert tuple(named) == NAMES
    scale = figure.data[0].colorscale
    for kind, color in zip((KEPT, FIRST, AGAIN), named.values(), strict=True):
        place = (kind + 0.5) / 3  # of the number between zmin and zmax
        assert [at for at, of in scale if of == color] == [kind / 3, (kind + 1) / 3]
        assert kind / 3 < place < (kind + 1) / 3


def test_the_sentence_counts_the_step_and_all_up_to_it():
    assert describe_cache(TRACE, 1) == (
        "Step 2: after “a␣b” comes “c”. Without a cache 3 tokens go through the blocks, 5 so far; with one 1 token "
        "goes, 3 so far, and 24 numbers are kept. Their log-probabilities differ by 0.0000004 at most."
    )
