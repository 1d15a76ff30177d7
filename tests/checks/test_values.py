"""Whatever is encoded comes back the same, and nothing but what was encoded is read."""

import json

import numpy as np
import pytest
import safetensors.numpy
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqviz.checks.values import Raised, Unsupported, decode, encode, from_bytes, plain_copy, same, to_bytes

TORCH_DTYPES = [
    torch.bool,
    torch.uint8,
    torch.int8,
    torch.int16,
    torch.int32,
    torch.int64,
    torch.uint16,
    torch.uint32,
    torch.uint64,
    torch.float16,
    torch.bfloat16,
    torch.float32,
    torch.float64,
    torch.complex64,
    torch.complex128,
    torch.float8_e4m3fn,
]


@pytest.mark.parametrize("dtype", TORCH_DTYPES, ids=str)
@pytest.mark.parametrize("shape", [(), (0, 3), (2, 3), (2, 1, 4)], ids=str)
def test_tensors_of_every_dtype_and_shape_come_back(dtype: torch.dtype, shape: tuple[int, ...]):
    tensor = (torch.arange(24)[: int(np.prod(shape))] % 2 + 1).reshape(shape).to(dtype)
    back = from_bytes(to_bytes(tensor))
    assert back.dtype == dtype
    assert tuple(back.shape) == shape
    assert back.tolist() == tensor.tolist()


@pytest.mark.parametrize(
    "dtype", ["bool", "int8", "uint16", "<i4", ">i4", "uint64", "float16", "float64", "complex128"]
)
def test_arrays_come_back_as_arrays(dtype: str):
    array = np.arange(6).reshape(2, 3).astype(dtype)
    back = from_bytes(to_bytes(array))
    assert isinstance(back, np.ndarray)
    assert back.dtype == array.dtype.newbyteorder("=")
    np.testing.assert_array_equal(back, array)


leaves = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=8)
    | st.complex_numbers()
    | st.builds(Raised, st.text(max_size=5), st.text(max_size=5))
    | st.builds(Unsupported, st.text(max_size=5))
    | st.lists(st.floats(), max_size=4).map(lambda numbers: torch.tensor(numbers, dtype=torch.float64))
    | st.lists(st.integers(-9, 9), max_size=4).map(np.array)
)
keys = st.text(max_size=3)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3) | st.lists(inner, max_size=3).map(tuple) | st.dictionaries(keys, inner, max_size=3)
    ),
    max_leaves=12,
)


@settings(max_examples=200, deadline=None)
@given(values)
def test_every_nesting_comes_back(value):
    blob = to_bytes(value)
    assert same(from_bytes(blob), value)
    assert to_bytes(from_bytes(blob)) == blob


def test_types_are_kept_apart():
    value = [True, 1, 1.0, (1,), [1], {"1": "b"}, float("-inf")]
    back = from_bytes(to_bytes(value))
    assert back == value
    assert [type(item) for item in back] == [type(item) for item in value]


def test_the_blob_is_one_safetensors_file_whose_leaves_are_named():
    blob = to_bytes({"h": torch.ones(2, 3), "n": 1})
    tensors = safetensors.numpy.load(blob)
    assert {name: array.shape for name, array in tensors.items()} == {"0": (2, 3)}
    tree, _ = encode({"h": torch.ones(2, 3), "n": 1})
    assert tree == {"dict": [["h", {"tensor": "0"}], ["n", 1]]}


def test_nothing_is_shared_with_the_original():
    tensor, array = torch.zeros(3), np.zeros(3)
    copies = plain_copy((tensor, array))
    copies[0][0] = 1
    tensor[1] = 2
    array[1] = 2
    assert copies[0].tolist() == [1, 0, 0]
    assert copies[1].tolist() == [0, 0, 0]


def test_views_gradients_and_conjugates_become_plain_numbers():
    parameter = torch.nn.Parameter(torch.arange(6.0).reshape(2, 3))
    back = plain_copy(parameter.T)
    assert type(back) is torch.Tensor
    assert not back.requires_grad
    assert back.tolist() == [[0, 3], [1, 4], [2, 5]]
    assert plain_copy(torch.tensor([1 + 2j]).conj()).tolist() == [1 - 2j]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (object(), "an object of type object"),
        (torch.nn.Linear(1, 1), "an object of type torch.nn.modules.linear.Linear"),
        (torch.nn.Linear, "the class Linear itself"),
        (torch.tanh, "the function tanh itself"),
        ((item for item in ()), "an object of type generator"),
        (b"bytes", "an object of type bytes"),
        ({1}, "an object of type set"),
        (np.array(["a"]), "a NumPy array of dtype <U1"),
        (np.array([None]), "a NumPy array of dtype object"),
        (torch.ones(2, 2).to_sparse(), "a torch tensor without plain numbers (sparse, quantized, nested or meta)"),
        (torch.ones(2, device="meta"), "a torch tensor without plain numbers (sparse, quantized, nested or meta)"),
        (1 << 5000, "an enormous integer"),
        (ValueError("returned, not raised"), "an object of type ValueError"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_anything_else_is_a_wrong_type_in_words(value, words: str):
    assert from_bytes(to_bytes(value)) == Unsupported(words)
    assert from_bytes(to_bytes([value, 1])) == [Unsupported(words), 1]


def test_a_list_that_contains_itself_ends():
    endless: list = []
    endless += [endless, endless]
    assert "too deeply" in str(encode(endless))


def test_an_exception_with_a_broken_message_is_described():
    class BrokenError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no words")

    assert Raised.of(BrokenError()) == Raised("BrokenError", "")
    assert Raised.of(KeyError("x")) == Raised("KeyError", "'x'")


@pytest.mark.parametrize(
    "tree",
    [
        {"tensor": "missing"},
        {"tensor": "0", "dtype": "float64", "shape": [2]},  # four bytes cannot fill it
        {"tensor": "0", "shape": [2]},
        {"tensor": "0", "dtype": "load", "shape": [1]},
        {"tensor": "0", "dtype": "qint8", "shape": [4]},
        {"tensor": "0", "shape": [-1]},
        {"tensor": "0", "shape": [True]},
        {"tensor": "0", "surprise": 1},
        {"array": "0", "dtype": "object", "shape": [1]},
        {"array": "0", "dtype": "no such", "shape": [1]},
        {"tuple": 3},
        {"tuple": [], "dict": []},
        {"dict": [[1]]},
        {"dict": [[[1], 2]]},  # a list is no key
        {"float": "1e3"},
        {"unknown": 1},
        {},
    ],
    ids=str,
)
def test_a_tree_that_encode_cannot_make_is_refused(tree):
    with pytest.raises(ValueError, match=r"\w"):
        decode(tree, {"0": np.ones(1, np.float32)})


def test_a_deep_tree_is_refused():
    tree: list = []
    for _ in range(200):
        tree = [tree]
    with pytest.raises(ValueError, match="deeply"):
        decode(tree, {})


def _with_tree(text: str) -> bytes:
    return safetensors.numpy.save({"0": np.ones(1, np.float32)}, {"tree": text})


@pytest.mark.parametrize(
    "blob",
    [
        b"",
        b"\x00" * 8,
        b"no blob at all, but longer than eight bytes",
        safetensors.numpy.save({"0": np.ones(1)}),  # no tree
        _with_tree("NaN"),
        _with_tree("[" * 100_000),
        _with_tree("{"),
        _with_tree(json.dumps({"tensor": "1"})),
        to_bytes(torch.ones(3))[:-1],
    ],
)
def test_other_bytes_are_refused(blob: bytes):
    with pytest.raises(ValueError, match=r"\w"):
        from_bytes(blob)


def test_same_sees_the_last_bit_the_dtype_and_the_shape():
    one = torch.tensor([1.0, float("nan")])
    assert same(one, one.clone())
    assert not same(one, torch.tensor([1.0 + 2**-23, float("nan")]))
    assert not same(one, one.double())
    assert not same(one, one[None])
    assert not same([1], [True])


def test_a_tensor_named_twice_crosses_once():
    tensor, array = torch.ones(1000), np.ones(1000)
    _, tensors = encode([tensor, array] * 50)
    assert len(tensors) == 2
    back = from_bytes(to_bytes([tensor, array] * 50))
    assert len({id(item) for item in back}) == 2


@pytest.mark.parametrize("key", [1, 1.5, (1,), None, True])
def test_only_texts_are_keys(key: object):
    assert plain_copy({key: 1}) == Unsupported("a dict whose keys are not all texts")
    with pytest.raises(ValueError, match="not a text with a value"):
        decode({"dict": [[key, 1]]}, {})


def test_tensors_are_read_up_to_a_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("seqviz.checks.values.MAX_BYTES", 1000)
    blob = to_bytes([torch.zeros(500, dtype=torch.uint8) for _ in range(3)])
    with pytest.raises(ValueError, match="MB of tensors"):
        from_bytes(blob)
