"""Values that cross a wall: a JSON tree whose tensor leaves name entries of one safetensors blob, never pickle.

Tensors and arrays of any numeric dtype, numbers, strings, booleans, None, tuples, lists and dicts of these (with texts
as keys: others can be chosen so that a dict takes for ever), and two stand-ins for what cannot: a raised exception
(:class:`Raised`), an object of any other type (:class:`Unsupported`).
:func:`encode` never fails; :func:`decode` trusts nothing and raises :class:`ValueError` for what it cannot read.
"""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import safetensors.numpy
import torch

MAX_DEPTH = 32
MAX_NODES = 200_000
MAX_INT_BITS = 4096
MAX_BYTES = 256 << 20  # of all tensors together

# dtypes that NumPy and every safetensors release store as they are; others travel as bytes, dtype and shape in the tree
_STORED = ("bool", "uint8", "int8", "int16", "int32", "int64", "float16", "float32", "float64")
_ARRAY_KINDS = "biufc"


@dataclass(frozen=True)
class Raised:
    """An exception as a value: the name of its type, and its message."""

    kind: str
    message: str

    @classmethod
    def of(cls, error: BaseException) -> "Raised":
        """Describe ``error``, whose own ``__str__`` may fail."""
        try:
            message = str(error)
        except Exception:
            message = ""
        return cls(str(type(error).__name__), message[:2000])


@dataclass(frozen=True)
class Unsupported:
    """What stands for an object that cannot cross: its type, in words."""

    words: str


@dataclass
class _Encoder:
    tensors: dict[str, np.ndarray] = field(default_factory=dict)
    nodes: int = 0
    seen: dict[int, tuple[Any, Any]] = field(default_factory=dict)  # by identity: an object, kept alive, and its tree

    def tree(self, value: Any, depth: int = 0) -> Any:
        self.nodes += 1
        if depth > MAX_DEPTH or self.nodes > MAX_NODES:
            return _unsupported("a structure nested too deeply, or with too many parts")
        match value:
            case None | bool() | str():
                return value if value is None or isinstance(value, bool) else str(value)
            case torch.Tensor() | np.ndarray() | np.generic():
                if id(value) not in self.seen:
                    tensor = isinstance(value, torch.Tensor)
                    self.seen[id(value)] = value, self.tensor(value) if tensor else self.array(np.asarray(value))
                return self.seen[id(value)][1]
            case int():
                return int(value) if value.bit_length() <= MAX_INT_BITS else _unsupported("an enormous integer")
            case float():
                return float(value) if math.isfinite(value) else {"float": repr(float(value))}
            case complex():
                return {"complex": [repr(value.real), repr(value.imag)]}
            case Raised():
                return {"raised": [value.kind, value.message]}
            case Unsupported():
                return _unsupported(value.words)
            case list():
                return [self.tree(item, depth + 1) for item in value]
            case tuple():
                return {"tuple": [self.tree(item, depth + 1) for item in value]}
            case dict() if all(isinstance(key, str) for key in value):
                return {"dict": [[str(key), self.tree(item, depth + 1)] for key, item in value.items()]}
            case dict():
                return _unsupported("a dict whose keys are not all texts")
        return _unsupported(_type_in_words(value))

    def tensor(self, value: torch.Tensor) -> Any:
        if value.layout is not torch.strided or value.is_quantized or value.is_nested or value.device.type == "meta":
            return _unsupported("a torch tensor without plain numbers (sparse, quantized, nested or meta)")
        plain = value.detach().cpu().resolve_conj().resolve_neg().contiguous()
        flat = plain.reshape(-1).view(torch.uint8).numpy() if plain.numel() else np.empty(0, np.uint8)
        return self.leaf("tensor", str(plain.dtype).removeprefix("torch."), plain.shape, flat.copy())

    def array(self, value: np.ndarray) -> Any:
        if value.dtype.kind not in _ARRAY_KINDS or value.dtype.itemsize // (1 + (value.dtype.kind == "c")) > 8:
            return _unsupported(f"a NumPy array of dtype {value.dtype}")
        plain = np.ascontiguousarray(value.astype(value.dtype.newbyteorder("=")))
        return self.leaf("array", plain.dtype.name, value.shape, plain.reshape(-1).view(np.uint8))

    def leaf(self, kind: str, dtype: str, shape: tuple[int, ...], flat: np.ndarray) -> dict[str, Any]:
        name = str(len(self.tensors))
        if dtype in _STORED:
            self.tensors[name] = flat.view(dtype).reshape(shape)
            return {kind: name}
        self.tensors[name] = flat
        return {kind: name, "dtype": dtype, "shape": list(shape)}


def _unsupported(words: str) -> dict[str, str]:
    return {"unsupported": words}


def _type_in_words(value: Any) -> str:
    if isinstance(value, type):
        return f"the class {value.__name__} itself"
    if callable(value) and hasattr(value, "__name__"):
        return f"the function {value.__name__} itself"
    kind = type(value)
    where = "" if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}."
    return f"an object of type {where}{kind.__qualname__}"


def encode(value: Any) -> tuple[Any, dict[str, np.ndarray]]:
    """Return the JSON tree of ``value`` and its tensors as arrays. Nothing is shared with ``value``."""
    encoder = _Encoder()
    return encoder.tree(value), encoder.tensors


def decode(tree: Any, tensors: Mapping[str, np.ndarray]) -> Any:
    """Rebuild the value of :func:`encode`; raise ValueError for a tree or tensors that it cannot have made."""
    return _Decoder(tensors).value(tree)


@dataclass
class _Decoder:
    tensors: Mapping[str, np.ndarray]
    nodes: int = 0
    bytes: int = 0
    read: dict[str, Any] = field(default_factory=dict)  # what is named twice is one and the same

    def value(self, tree: Any, depth: int = 0) -> Any:
        self.nodes += 1
        if depth > MAX_DEPTH + 1 or self.nodes > 2 * MAX_NODES:
            raise ValueError("the value is nested too deeply, or has too many parts")
        if tree is None or isinstance(tree, (bool, int, float, str)):
            return tree
        if isinstance(tree, list):
            return [self.value(item, depth + 1) for item in tree]
        if not isinstance(tree, dict):
            raise ValueError(f"unknown part {type(tree).__name__} in a value")
        match tree:
            case {"tensor": str(name), **rest}:
                return self.once(json.dumps(tree), self.tensor, name, rest)
            case {"array": str(name), **rest}:
                return self.once(json.dumps(tree), self.array, name, rest)
            case {"tuple": list(items)} if len(tree) == 1:
                return tuple(self.value(item, depth + 1) for item in items)
            case {"dict": list(pairs)} if len(tree) == 1:
                return self.dictionary(pairs, depth)
            case {"float": "nan" | "inf" | "-inf" as text} if len(tree) == 1:
                return float(text)
            case {"complex": [str(real), str(imaginary)]} if len(tree) == 1:
                return complex(float(real), float(imaginary))
            case {"raised": [str(kind), str(message)]} if len(tree) == 1:
                return Raised(kind, message)
            case {"unsupported": str(words)} if len(tree) == 1:
                return Unsupported(words)
        raise ValueError(f"unknown part {sorted(tree)} in a value")

    def dictionary(self, pairs: list[Any], depth: int) -> dict[Any, Any]:
        result = {}
        for pair in pairs:
            if not (isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str)):
                raise ValueError("a dict entry is not a text with a value")
            result[pair[0]] = self.value(pair[1], depth + 1)
        return result

    def once(self, key: str, make: Callable[..., Any], name: str, rest: Mapping[str, Any]) -> Any:
        if key not in self.read:
            self.read[key] = make(*self.stored(name, rest))
        return self.read[key]

    def stored(self, name: str, rest: Mapping[str, Any]) -> tuple[str, tuple[int, ...], bytearray]:
        if name not in self.tensors:
            raise ValueError(f"tensor {name} is missing")
        stored = self.tensors[name]
        dtype, shape = rest.get("dtype", stored.dtype.name), rest.get("shape", stored.shape)
        if rest.keys() - {"dtype", "shape"} or not isinstance(dtype, str) or not _is_shape(shape):
            raise ValueError(f"tensor {name} has no dtype or shape, or more than these")
        self.bytes += stored.nbytes
        if self.bytes > MAX_BYTES:
            raise ValueError(f"more than {MAX_BYTES >> 20} MB of tensors")
        return dtype, tuple(shape), bytearray(stored.tobytes())

    def tensor(self, dtype_name: str, shape: tuple[int, ...], data: bytearray) -> torch.Tensor:
        dtype = getattr(torch, dtype_name, None)
        if not isinstance(dtype, torch.dtype) or dtype_name.startswith(("q", "bits")):
            raise ValueError(f"unknown dtype {dtype_name}")
        if len(data) != math.prod(shape) * dtype.itemsize:
            raise ValueError("a tensor's bytes do not fill its shape")
        return torch.frombuffer(data, dtype=dtype).reshape(shape) if data else torch.empty(shape, dtype=dtype)

    def array(self, dtype_name: str, shape: tuple[int, ...], data: bytearray) -> np.ndarray:
        try:
            dtype = np.dtype(dtype_name)
        except TypeError as error:
            raise ValueError(f"unknown dtype {dtype_name}") from error
        if dtype.kind not in _ARRAY_KINDS or len(data) != math.prod(shape) * dtype.itemsize:
            raise ValueError("an array's bytes do not fill its shape")
        return np.frombuffer(data, dtype=dtype).reshape(shape)


def _is_shape(shape: Any) -> bool:
    return isinstance(shape, (list, tuple)) and all(type(size) is int and size >= 0 for size in shape)


def to_bytes(value: Any) -> bytes:
    """Return ``value`` as one safetensors blob; its metadata holds the tree."""
    tree, tensors = encode(value)
    return safetensors.numpy.save(tensors, {"tree": json.dumps(tree, allow_nan=False)})


def from_bytes(blob: bytes) -> Any:
    """Read the value of :func:`to_bytes`; raise ValueError for any other bytes."""
    try:
        header_size = int.from_bytes(blob[:8], "little")  # safetensors: eight bytes, then the header as JSON
        header = json.loads(blob[8 : 8 + header_size])
        tree = json.loads(header["__metadata__"]["tree"], parse_constant=_no_constant)
        tensors = safetensors.numpy.load(blob)
    except (KeyError, TypeError, ValueError, RecursionError, MemoryError, safetensors.SafetensorError) as error:
        raise ValueError(f"not a value that crossed as safetensors: {error}") from error
    return decode(tree, tensors)


def _no_constant(text: str) -> None:
    raise ValueError(f"{text} is no JSON")


def plain_copy(value: Any) -> Any:
    """Return what would arrive on the other side of the wall: detached, unshared, of plain types."""
    return decode(*encode(value))


def same(first: Any, second: Any) -> bool:
    """Say whether two values are the same to the last bit, dtypes, shapes and NaN included."""
    (tree, tensors), (other_tree, other_tensors) = encode(first), encode(second)
    return json.dumps(tree) == json.dumps(other_tree) and all(
        stored.dtype == other_tensors[name].dtype
        and stored.shape == other_tensors[name].shape
        and stored.tobytes() == other_tensors[name].tobytes()
        for name, stored in tensors.items()
    )
