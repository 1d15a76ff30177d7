"""One parent for all tests that need kernels: as in a batch, behind the wall."""

from collections.abc import Iterator

import pytest

from seqviz.grading import sandbox
from seqviz.grading.kernel_client import KernelServer


@pytest.fixture(scope="session")
def warm_parent() -> Iterator[KernelServer]:
    yield from _started(KernelServer(sandbox.BWRAP))


@pytest.fixture(scope="session")
def plain_parent() -> Iterator[KernelServer]:
    """As papermill starts it for its own notebooks: no sandbox."""
    yield from _started(KernelServer())


def _started(parent: KernelServer) -> Iterator[KernelServer]:
    parent.wait_until_ready()
    yield parent
    parent.stop()
