"""What a computation costs: time, memory kept for the backward pass, and memory allocated in all and at its peak."""

import gc
import time
import weakref
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

Run = Callable[[], Any]


def interleaved_seconds(runs: Mapping[str, Run], repeats: int, warm_ups: int = 2) -> dict[str, list[float]]:
    """Time every run ``repeats`` times, taking turns, so that a slow spell of the machine slows all of them.

    The i-th times of two runs belong together, so their ratio can be taken pair by pair. Raises ValueError for no
    repeats.
    """
    if repeats < 1:
        raise ValueError(f"repeats: expected at least 1, got {repeats}")
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    collecting = gc.isenabled()
    gc.disable()  # a collection would be charged to whichever run is on
    try:
        for turn in range(warm_ups + repeats):
            for name, run in runs.items():
                start = time.perf_counter()
                run()
                if turn >= warm_ups:
                    seconds[name].append(time.perf_counter() - start)
    finally:
        if collecting:
            gc.enable()
    return seconds


def kept_bytes(forward: Callable[[], Tensor], given: Iterable[Tensor] = ()) -> int:
    """Bytes that ``forward()`` keeps for its backward pass besides the ``given`` tensors, each storage counted once."""
    kept: list[Tensor] = []

    def keep(tensor: Tensor) -> Tensor:
        kept.append(tensor)
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda saved: saved):
        # the output stays alive until all is counted: a freed storage's address may be used again
        output = forward()
    existed = {tensor.untyped_storage().data_ptr() for tensor in given}
    storages = {tensor.untyped_storage().data_ptr(): tensor.untyped_storage().nbytes() for tensor in kept}
    del output
    return sum(size for address, size in storages.items() if address not in existed)


def peak_bytes(run: Run, given: Iterable[Tensor] = ()) -> int:
    """Return the peak of bytes alive in tensors made during ``run()``; the ``given`` ones and their views do not count.

    It sees every result of an operation, but not what an operation allocates for itself and frees again. While it
    watches, autograd accumulates gradients in new tensors instead of in place.
    """
    with _LiveStorages(given) as live:
        run()
    return live.peak


def made_bytes(run: Run, given: Iterable[Tensor] = ()) -> int:
    """Bytes of all tensors made during ``run()``, each storage counted once, whether it is still alive or not."""
    with _LiveStorages(given) as live:
        run()
    return live.made


def graph_nodes(output: Tensor) -> int:
    """How many nodes autograd has to visit, from ``output`` back to the leaves."""
    seen: set[Any] = set()
    waiting: list[Any] = [output.grad_fn]
    while waiting:
        node = waiting.pop()
        if node is not None and node not in seen:
            seen.add(node)
            waiting += [earlier for earlier, _ in node.next_functions]
    return len(seen)


class _LiveStorages(TorchDispatchMode):
    def __init__(self, given: Iterable[Tensor]) -> None:
        super().__init__()
        self.now = self.peak = self.made = 0
        self.known = weakref.WeakSet(tensor.untyped_storage() for tensor in given)

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(result):
            if isinstance(tensor, Tensor) and tensor.layout == torch.strided:  # oneDNN's own layout has no storage
                self._count(tensor.untyped_storage())
        return result

    def _count(self, storage: torch.UntypedStorage) -> None:
        if storage in self.known:
            return
        self.known.add(storage)
        size = storage.nbytes()
        self.now += size
        self.made += size
        self.peak = max(self.peak, self.now)
        weakref.finalize(storage, self._free, size)

    def _free(self, size: int) -> None:
        self.now -= size
