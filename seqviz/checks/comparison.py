"""Compare an answer with the expected one, and say in words where they first differ."""

import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch

from .values import Raised, Unsupported, same

# a narrower number type cannot be as exact as the exercise's tolerance, which is meant for float64
_LEAST_TOLERANCE = {"float32": 1e-4, "complex64": 1e-4, "float16": 2e-2, "bfloat16": 5e-2}


@dataclass(frozen=True)
class Output:
    """The name of one output and of its axes, from an exercise's ``returns="h_t: batch unit"``."""

    name: str
    axes: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "Output":
        """Read ``"name: axis axis"``."""
        name, _, axes = text.partition(":")
        return cls(name.strip(), tuple(axes.split()))


@dataclass(frozen=True)
class Difference:
    """The first difference between an answer and the expected one, in words."""

    kind: str  # type, none, exception, length, shape, dtype or value
    output: str  # the name of the output that differs, or ""
    expected: str
    got: str
    place: str = ""  # "batch 1, time 3, unit 0"
    extent: str = ""  # "5 of 24 numbers differ, by at most 0.3"
    dtype: str = ""  # the dtype of the tensor or array that is expected, for a difference in dtype


def compare(expected: Any, got: Any, tolerance: float, outputs: Sequence[Output] = ()) -> Difference | None:
    """Return the first difference, or None if ``got`` equals ``expected`` within ``tolerance``.

    Numbers differ when they are further apart than ``tolerance`` times (1 + the largest expected magnitude), both in
    float64; for narrower types the tolerance is at least what the type can hold.
    """
    return next(_differences(expected, got, tolerance, tuple(outputs), ""), None)


def _differences(
    expected: Any, got: Any, tolerance: float, outputs: tuple[Output, ...], name: str
) -> Iterator[Difference]:
    output = outputs[0] if len(outputs) == 1 else Output(name, ())
    if isinstance(expected, Raised) or isinstance(got, (Raised, Unsupported)):
        if not (isinstance(expected, Raised) and isinstance(got, Raised) and expected.kind == got.kind):
            kind = "exception" if isinstance(got, Raised) else "type"
            yield _as_a_whole(kind, output.name, expected, got)
    elif isinstance(expected, (tuple, list)):
        yield from _sequence_differences(expected, got, tolerance, outputs, name)
    elif isinstance(expected, dict):
        yield from _dict_differences(expected, got, tolerance, outputs, name)
    else:
        yield from _leaf_differences(expected, got, tolerance, output)


def _sequence_differences(
    expected: Any, got: Any, tolerance: float, outputs: tuple[Output, ...], name: str
) -> Iterator[Difference]:
    if not isinstance(got, (tuple, list)):
        yield _as_a_whole("none" if got is None else "type", name, expected, got)
    elif len(got) != len(expected):
        yield _as_a_whole("length", name, expected, got)
    else:
        for position, (expected_item, item) in enumerate(zip(expected, got, strict=True)):
            named = outputs[position : position + 1] if len(outputs) == len(expected) else ()
            label = named[0].name if named else f"{name}[{position}]"
            yield from _differences(expected_item, item, tolerance, named, label)


def _dict_differences(
    expected: dict[Any, Any], got: Any, tolerance: float, outputs: tuple[Output, ...], name: str
) -> Iterator[Difference]:
    if not isinstance(got, dict) or got.keys() != expected.keys():
        kind = "none" if got is None else "length" if isinstance(got, dict) else "type"
        yield _as_a_whole(kind, name, expected, got)
        return
    by_name = {output.name: (output,) for output in outputs}
    for key, expected_item in expected.items():
        yield from _differences(expected_item, got[key], tolerance, by_name.get(key, ()), f"{name}[{key!r}]")


def _leaf_differences(expected: Any, got: Any, tolerance: float, output: Output) -> Iterator[Difference]:
    if _family(expected) == "boolean" and _is_one_boolean(got):
        got = bool(got)
    if _family(expected) != _family(got) and not _is_scalar_for(expected, got):
        yield _as_a_whole("none" if got is None else "type", output.name, expected, got)
    elif _shape(expected) != _shape(got):
        yield _as_a_whole("shape", output.name, expected, got)
    elif _is_other_dtype(expected, got, tolerance):
        wanted = "" if _family(expected) == "number" else _dtype(expected)
        yield replace(_as_a_whole("dtype", output.name, expected, got), dtype=wanted)
    elif _family(expected) in ("tensor", "array", "number"):
        yield from _value_differences(expected, got, tolerance, output)
    elif not same(expected, got):
        yield _as_a_whole("value", output.name, expected, got)


def _as_a_whole(kind: str, output: str, expected: Any, got: Any) -> Difference:
    """Return a difference that is not one of single numbers."""
    return Difference(kind=kind, output=output, expected=describe(expected), got=describe(got))


def _value_differences(expected: Any, got: Any, tolerance: float, output: Output) -> Iterator[Difference]:
    ours, theirs = _as_array(expected), _as_array(got)
    if ours.dtype.kind not in "fc":
        apart = ours != theirs
    else:
        tolerance = max(tolerance, _LEAST_TOLERANCE.get(_dtype(expected), 0.0))
        if isinstance(got, int) and abs(got) > sys.float_info.max:
            theirs = np.asarray(math.inf if got > 0 else -math.inf)
        finite = np.abs(ours[np.isfinite(ours)])
        allowed = tolerance * (1 + (finite.max() if finite.size else 0.0))
        with np.errstate(invalid="ignore"):  # inf − inf
            close = np.abs(ours - theirs) <= allowed
        apart = ~(close | (ours == theirs) | (np.isnan(ours) & np.isnan(theirs)))
    if apart.any():
        index = _first(apart, output.axes)
        yield Difference(
            kind="value",
            output=output.name,
            **_told_apart(ours[index], theirs[index]),
            place=_place(index, output.axes),
            extent=_extent(ours, theirs, apart),
        )


def _first(apart: np.ndarray, axes: tuple[str, ...]) -> tuple[int, ...]:
    """Return the earliest place: in time first, since a wrong step spoils the later ones, then in the axes' order."""
    places = np.argwhere(apart)
    order = list(range(apart.ndim))
    if "time" in axes[: apart.ndim]:
        order.sort(key=lambda axis: axes[axis] != "time")
    keys = [tuple(int(place[axis]) for axis in order) for place in places]
    return tuple(int(size) for size in places[keys.index(min(keys))])


def _place(index: tuple[int, ...], axes: tuple[str, ...]) -> str:
    names = axes if len(axes) == len(index) else tuple(f"axis {number}" for number in range(len(index)))
    return ", ".join(f"{name} {position}" for name, position in zip(names, index, strict=True))


def _extent(ours: np.ndarray, theirs: np.ndarray, apart: np.ndarray) -> str:
    if ours.size == 1:
        return ""
    count = f"{int(apart.sum())} of {ours.size} numbers differ"
    if ours.dtype.kind not in "fc":
        return count
    with np.errstate(invalid="ignore"):
        largest = np.abs(ours - theirs)[apart].max()
    return f"{count}, by at most {largest:.3g}" if math.isfinite(largest) else count


def _told_apart(expected: Any, got: Any) -> dict[str, str]:
    """Write two numbers with six digits, or with as many as it takes to see that they differ."""
    for digits in (6, 9, 12, 17):
        words = {"expected": _number(expected, digits), "got": _number(got, digits)}
        if words["expected"] != words["got"]:
            break
    return words


def _number(value: Any, digits: int) -> str:
    return f"{value:.{digits}g}" if isinstance(value, (np.floating, np.complexfloating)) else str(value)


def _family(value: Any) -> str:
    match value:
        case torch.Tensor():
            return "tensor"
        case np.ndarray():
            return "array"
        case bool():
            return "boolean"
        case int() | float() | complex():
            return "number"
    return type(value).__name__


def _is_scalar_for(expected: Any, got: Any) -> bool:
    """A single number may come as a tensor or an array of no axes, and the other way round: `loss`, `loss.item()`."""
    kinds = {_family(expected), _family(got)}
    return "number" in kinds and bool(kinds & {"tensor", "array"}) and _shape(expected) == _shape(got) == ()


def _is_one_boolean(got: Any) -> bool:
    """Whether it is True or False as a tensor or an array of no axes: `found.any()`."""
    return _family(got) in ("tensor", "array") and _shape(got) == () and _dtype(got) == "bool"


def _is_other_dtype(expected: Any, got: Any, tolerance: float) -> bool:
    if _family(expected) in ("tensor", "array"):
        return _family(got) != "number" and _dtype(expected) != _dtype(got)
    # a number may come in a narrower type where nothing shows it, as a share of whole numbers does
    narrower = isinstance(expected, float) and _dtype(got) in _LEAST_TOLERANCE
    return narrower and any(_value_differences(expected, got, tolerance, Output("", ())))


def _shape(value: Any) -> tuple[int, ...]:
    return tuple(value.shape) if isinstance(value, (torch.Tensor, np.ndarray)) else ()


def _dtype(value: Any) -> str:
    return str(value.dtype).removeprefix("torch.") if isinstance(value, (torch.Tensor, np.ndarray)) else "float64"


def dtypes_in(value: Any) -> set[str]:
    """Return the dtypes of the tensors and arrays in ``value``, which may hold them in lists and dicts."""
    if isinstance(value, (tuple, list)):
        return {dtype for item in value for dtype in dtypes_in(item)}
    if isinstance(value, dict):
        return dtypes_in(list(value.values()))
    return {_dtype(value)} if _family(value) in ("tensor", "array") else set()


def _as_array(value: Any) -> np.ndarray:
    if isinstance(value, torch.Tensor):
        value = value.to(
            torch.complex128 if value.is_complex() else torch.float64 if value.is_floating_point() else value.dtype
        )
        return value.numpy()
    array = np.asarray(value)
    return array.astype(np.float64) if array.dtype.kind == "f" else array


def describe(value: Any) -> str:
    """Say in a few words what ``value`` is: its type, and shape and dtype or the value itself."""
    match value:
        case None:
            return "None"
        case Raised(kind, message):
            return f"{kind}: {message}" if message else kind
        case Unsupported(words):
            return words
        case torch.Tensor():
            return f"tensor of shape {_sizes(value)}, {_dtype(value)}"
        case np.ndarray():
            return f"NumPy array of shape {_sizes(value)}, {_dtype(value)}"
        case tuple() | list() if _is_plain(value):
            return f"the {type(value).__name__} {value}"
        case tuple() | list():
            inside = ", ".join(describe(item) for item in value[:8]) + (", …" if len(value) > 8 else "")
            return f"{type(value).__name__} of {len(value)} ({inside})" if value else f"empty {type(value).__name__}"
        case dict():
            return f"dict with {len(value)} keys ({', '.join(map(repr, list(value)[:8]))})"
        case str():
            return f"the text {value[:60]!r}"
        case bool():
            return str(value)
        case int() if value.bit_length() > 64:
            return f"a whole number of {value.bit_length()} bits"
        case int():
            return f"the number {value}"
        case float() | complex():
            return f"the number {value:.6g}"
    return type(value).__name__


def _is_plain(value: Any) -> bool:
    """Say whether a list or tuple is best shown as Python writes it: short, with numbers and short texts in it."""
    if isinstance(value, (tuple, list)):
        return 0 < len(value) <= 8 and all(map(_is_plain, value))
    return len(value) <= 12 if isinstance(value, str) else isinstance(value, (int, float)) and abs(value) < 1e6


def _sizes(value: torch.Tensor | np.ndarray) -> str:
    return f"({', '.join(map(str, value.shape))}{',' if value.ndim == 1 else ''})"
