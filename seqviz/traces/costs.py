"""What a computation costs: its time, what it keeps for the backward pass, what it makes and holds at once."""

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
    """Time every run ``repeats`` times, taking turns: what slows the machine for a while slows all of them.

    The i-th times of two runs belong together, so their ratio can be taken pair by pair. Raises ValueError for no
    repeats.
    """
    if repeats < 1:
        raise ValueError(f"repeats: expected at least 1, got {repeats}")
    seconds: dict[str, list[float]] = {name: [] for name in runs}
    collecting = gc.isenabled()
    gc.disable()  # a collection would be charged to whoever happens to run
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
    with torch.autograd.graph.saved_tensors_hooks(lambda tensor: (kept.append(tensor), tensor)[1], lambda saved: saved):
        # the output stays until all is counted: the address of a freed storage may be given to another
        output = forward()
    existed = {tensor.untyped_storage().data_ptr() for tensor in given}
    storages = {tensor.untyped_storage().data_ptr(): tensor.untyped_storage().nbytes() for tensor in kept}
    del output
    return sum(size for address, size in storages.items() if address not in existed)


def peak_bytes(run: Run, given: Iterable[Tensor] = ()) -> int:
    """Most bytes alive at once in tensors made during ``run()``; the ``given`` ones and their views do not count.

    Every result of an operation is seen; memory that an operation takes for itself and frees again is not. While it
    looks, autograd adds gradients that meet at one tensor into a new tensor instead of in place.
    """
    with _LiveStorages(given) as live:
        run()
    return live.peak


def made_bytes(run: Run, given: Iterable[Tensor] = ()) -> int:
    """Bytes of all tensors made during ``run()``, each storage counted once, whether it lived on or not."""
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
