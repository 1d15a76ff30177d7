"""Numbers on their way to the browser."""

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from seqviz.widgets.binary import encode, figure_to_tree
from tests.widgets.wire import decoded

SHAPES = arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4)
# what float32 and int32 hold exactly comes back exactly
ARRAYS = st.one_of(
    arrays.arrays(np.float64, SHAPES, elements=st.floats(width=32)),
    arrays.arrays(np.float32, SHAPES, elements=st.floats(width=32)),
    arrays.arrays(np.int64, SHAPES, elements=st.integers(-(2**31), 2**31 - 1)),
    arrays.arrays(np.uint8, SHAPES),
    arrays.arrays(np.bool_, SHAPES),
)
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.floats(allow_nan=False))
TREES = st.recursive(
    ARRAYS | PLAIN,
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=4), below, max_size=3),
    max_leaves=8,
)


def same(sent, came):
    if isinstance(sent, np.ndarray):
        assert came.shape == sent.shape
        assert came.dtype in (np.float32, np.int32)
        np.testing.assert_array_equal(came, sent)
    elif isinstance(sent, dict):
        assert sent.keys() == came.keys()
        for key, value in sent.items():
            same(value, came[key])
    elif isinstance(sent, list):
        assert len(sent) == len(came)
        for pair in zip(sent, came, strict=True):
            same(*pair)
    else:
        assert came == sent
        assert type(came) is type(sent)


@given(TREES)
def test_what_is_encoded_comes_back(tree):
    same(tree, decoded(encode(tree)))


@given(arrays.arrays(np.float64, SHAPES, elements=st.floats(-1e30, 1e30)))
def test_numbers_are_rounded_to_float32_and_take_four_bytes_each(array):
    sent = encode(array)
    assert len(sent["bytes"]) == 4 * array.size
    with np.errstate(under="ignore"):
        np.testing.assert_array_equal(decoded(sent), array.astype(np.float32))


def test_the_order_in_memory_does_not_matter():
    matrix = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(decoded(encode(matrix.T)), matrix.T)
    np.testing.assert_array_equal(decoded(encode(matrix[:, ::-2])), matrix[:, ::-2])


def test_arrays_of_texts_become_lists_and_single_numbers_plain_ones():
    assert encode({"names": np.array(["a", "b"]), "pair": (np.float64(0.5), np.int64(2))}) == {
        "names": ["a", "b"],
        "pair": [0.5, 2],
    }
    assert type(encode(np.float64(0.5))) is float


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int32, np.uint8])
def test_a_figure_keeps_its_arrays_and_loses_plotlys_base64(dtype):
    z = np.arange(6).reshape(2, 3).astype(dtype)
    figure = go.Figure(go.Heatmap(z=z, colorscale=[(0, "#000000"), (1, "#ffffff")]))
    figure.add_scatter(x=np.arange(3).astype(dtype), y=[1, None, 2], text=["a", "b", "c"])
    figure.update_layout(title="Sizes", shapes=[{"type": "line", "x0": 1}])
    tree = figure_to_tree(figure)
    heatmap, scatter = tree["data"]
    np.testing.assert_array_equal(heatmap["z"], z)
    assert heatmap["z"].dtype == dtype
    np.testing.assert_array_equal(scatter["x"], np.arange(3))
    assert scatter["y"] == [1, None, 2]
    assert scatter["text"] == ["a", "b", "c"]
    assert heatmap["colorscale"] == [[0, "#000000"], [1, "#ffffff"]]
    assert tree["layout"]["shapes"] == [{"type": "line", "x0": 1}]
    assert set(tree) == {"data", "layout"}
    assert "bdata" not in str(tree)
