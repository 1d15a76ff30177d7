"""The first difference is found, in the right words, and nothing within the tolerance is one."""

import numpy as np
import pytest
import torch

from seqviz.checks.comparison import Output, compare, describe
from seqviz.checks.values import Raised, Unsupported

STATES = Output.parse("states: batch time unit")


def kind(expected, got, tolerance: float = 1e-9, outputs=()) -> str | None:
    difference = compare(expected, got, tolerance, outputs)
    return difference and difference.kind


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (torch.ones(2, 3).double(), torch.ones(2, 3).double() + 1e-10),
        (1e6 * torch.ones(2).double(), 1e6 * torch.ones(2).double() + 1e-4),  # relative to the largest
        (torch.ones(2), torch.ones(2) + 1e-5),  # float32 cannot be held to 1e-9
        (torch.tensor([float("nan"), float("inf")]), torch.tensor([float("nan"), float("inf")])),
        (torch.ones(2, dtype=torch.bfloat16), torch.ones(2, dtype=torch.bfloat16)),
        (torch.tensor([1 + 1j]), torch.tensor([1 + 1j])),
        (torch.empty(0, 3), torch.empty(0, 3)),
        (np.arange(3), np.arange(3)),
        (1.5, 1.5),
        (1.5, torch.tensor(1.5).double()),
        (torch.tensor(1.5), 1.5),
        (torch.tensor(1.5).double(), np.float64(1.5)),
        (torch.tensor(5.0), 5),
        (torch.tensor(float("nan")), float("nan")),
        (1.5, np.float64(1.5)),
        (2, 2.0),
        ((1.0, 2.0), [1.0, 2.0]),
        ({"a": 1, "b": "x"}, {"b": "x", "a": 1}),
        (None, None),
        (True, True),
        (True, torch.tensor(True)),
        (False, np.array(False)),
        ("text", "text"),
        (Raised("ValueError", "one"), Raised("ValueError", "other words")),
    ],
    ids=str,
)
def test_equal_within_the_tolerance(expected, got):
    assert compare(expected, got, 1e-9) is None


@pytest.mark.parametrize(
    ("expected", "got", "what"),
    [
        (torch.ones(2, 3).double(), torch.ones(2, 3).double() + 1e-8, "value"),
        (torch.ones(2), torch.ones(2) + 1e-3, "value"),
        (torch.tensor([1.0]), torch.tensor([float("nan")]), "value"),
        (torch.tensor([float("nan")]), torch.tensor([1.0]), "value"),
        (torch.tensor([float("inf")]), torch.tensor([-float("inf")]), "value"),
        (torch.tensor([1, 2]), torch.tensor([1, 3]), "value"),
        (torch.tensor([True]), torch.tensor([False]), "value"),
        (torch.tensor([1 + 1j]), torch.tensor([1 - 1j]), "value"),
        (torch.ones(2, 3), torch.ones(3, 2), "shape"),
        (torch.ones(2, 3), torch.ones(2, 3, 1), "shape"),
        (torch.ones(2).double(), torch.ones(2), "dtype"),
        (torch.ones(2), torch.ones(2).double(), "dtype"),
        (torch.ones(2), torch.ones(2).long(), "dtype"),
        (1 / 3, torch.tensor(1 / 3), "dtype"),
        (1.5, torch.tensor([1.5]).double(), "type"),
        (torch.tensor([1.5]), 1.5, "type"),
        (torch.tensor(1.5), 1.6, "value"),
        (torch.tensor(1.5), True, "type"),
        (torch.ones(2), np.ones(2, np.float32), "type"),
        (torch.ones(2), [1.0, 1.0], "type"),
        (torch.ones(2), (torch.ones(2),), "type"),
        ((torch.ones(2), 1), torch.ones(2), "type"),
        (torch.ones(2), None, "none"),
        ((1, 2), None, "none"),
        ({"a": 1}, None, "none"),
        (1.5, -(10**400), "value"),  # beyond any float
        (1.0, True, "type"),
        (True, 1, "type"),
        (True, torch.tensor(1), "type"),
        (True, torch.tensor([True]), "type"),
        (True, torch.tensor(False), "value"),
        ("a", "b", "value"),
        ((1, 2), (1,), "length"),
        ({"a": 1}, {"b": 1}, "length"),
        ({"a": 1}, [1], "type"),
        (torch.ones(2), Raised("ValueError", ""), "exception"),
        (Raised("ValueError", ""), Raised("TypeError", ""), "exception"),
        (Raised("ValueError", ""), 1, "type"),
        (torch.ones(2), Unsupported("an object of type set"), "type"),
        ((1, torch.ones(2)), (1, Unsupported("an object of type set")), "type"),
    ],
    ids=str,
)
def test_each_kind_of_difference(expected, got, what: str):
    assert kind(expected, got) == what


def test_the_first_place_is_the_earliest_step_then_the_first_sequence():
    expected = torch.zeros(2, 4, 3).double()
    got = expected.clone()
    got[0, 3, 0] = 1.0
    got[1, 2, 1] = 0.5
    got[1, 2, 2] = 2.0
    difference = compare(expected, got, 1e-9, [STATES])
    assert difference is not None
    assert difference.place == "batch 1, time 2, unit 1"
    assert (difference.expected, difference.got) == ("0", "0.5")
    assert difference.extent == "3 of 24 numbers differ, by at most 2"
    assert difference.output == "states"


@pytest.mark.parametrize(
    ("expected", "got", "said"),
    [
        (4.0, 4.5, ("4", "4.5")),
        (4.0, 4.0 + 4e-6, ("4", "4.000004")),
        (4.0, 4.0 + 4e-14, ("4", "4.00000000000004")),
    ],
)
def test_numbers_are_written_so_that_one_sees_where_they_differ(expected: float, got: float, said: tuple[str, str]):
    difference = compare(*torch.tensor([[expected], [got]], dtype=torch.float64), 1e-16)
    assert difference is not None
    assert (difference.expected, difference.got) == said


def test_without_names_the_axes_are_numbered():
    difference = compare(torch.zeros(2, 2), torch.tensor([[0.0, 0.0], [1.0, 0.0]]), 1e-9)
    assert difference is not None
    assert difference.place == "axis 0 1, axis 1 0"


def test_the_output_that_differs_is_named():
    outputs = [Output.parse("h_t: batch unit"), Output.parse("W: unit joint")]
    expected = (torch.zeros(2, 3), torch.zeros(3, 4))
    difference = compare(expected, (torch.zeros(2, 3), torch.zeros(4, 3)), 1e-9, outputs)
    assert difference is not None
    assert (difference.kind, difference.output) == ("shape", "W")
    assert difference.expected == "tensor of shape (3, 4), float32"
    assert difference.got == "tensor of shape (4, 3), float32"


def test_named_outputs_of_a_dict_and_nested_ones():
    outputs = [Output.parse("h: unit"), Output.parse("c: unit")]
    expected = {"h": torch.zeros(2), "c": torch.zeros(2)}
    difference = compare(expected, {"h": torch.zeros(2), "c": torch.ones(2)}, 1e-9, outputs)
    assert difference is not None
    assert (difference.output, difference.place) == ("c", "unit 0")
    nested = compare(((1, 2), 3), ((1, 5), 3), 1e-9)
    assert nested is not None
    assert nested.output == "[0][1]"


def test_no_warning_for_infinities():
    assert kind(torch.tensor([float("inf"), 1.0]), torch.tensor([float("inf"), 2.0])) == "value"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "None"),
        (torch.ones(3), "tensor of shape (3,), float32"),
        (torch.tensor(1), "tensor of shape (), int64"),
        (np.ones((2, 3)), "NumPy array of shape (2, 3), float64"),
        ((1, None), "tuple of 2 (the number 1, None)"),
        ((3, 1, 1, 0), "the tuple (3, 1, 1, 0)"),
        ([(3, 1), (2, 4)], "the list [(3, 1), (2, 4)]"),
        ([["add", "keep"], [True]], "the list [['add', 'keep'], [True]]"),
        ([], "empty list"),
        ({"a": 1}, "dict with 1 keys ('a')"),
        ("x" * 100, f"the text {'x' * 60!r}"),
        (0.25, "the number 0.25"),
        (True, "True"),
        (Raised("ValueError", "words"), "ValueError: words"),
        (Raised("ValueError", ""), "ValueError"),
        (Unsupported("a set"), "a set"),
    ],
)
def test_descriptions(value, words: str):
    assert describe(value) == words


def test_a_number_too_long_to_write_down_is_described_by_its_length():
    assert describe(-(10**6000)) == f"a whole number of {(10**6000).bit_length()} bits"
    difference = compare(1.5, 10**6000, 1e-9)
    assert difference is not None
    assert (difference.kind, difference.got) == ("value", "inf")


@pytest.mark.parametrize("third", [torch.tensor(1) / 3, torch.tensor(1 / 3).double(), np.array(1 / 3, np.float32)])
def test_a_number_may_come_in_a_narrower_type_where_nothing_shows_it(third: object):
    """What torch divides of whole numbers is float32."""
    assert compare(1 / 3, third, 1e-6) is None


def test_a_number_of_which_a_narrower_type_shows_has_the_wrong_dtype():
    difference = compare(1 / 3, torch.tensor(1) / 3, 1e-9)
    assert difference is not None
    assert (difference.kind, difference.dtype) == ("dtype", "")
