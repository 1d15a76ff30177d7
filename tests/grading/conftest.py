"""One parent for all tests that need kernels: as in a batch, behind the wall."""

from collections.abc import Iterator

import pytest

from seqviz.grading import sandbox
from seqviz.grading.parent import WarmParent


@pytest.fixture(scope="session")
def warm_parent() -> Iterator[WarmParent]:
    yield from _started(WarmParent(sandbox.BWRAP))


@pytest.fixture(scope="session")
def plain_parent() -> Iterator[WarmParent]:
    """As papermill starts it for its own notebooks: no sandbox."""
    yield from _started(WarmParent())


def _started(parent: WarmParent) -> Iterator[WarmParent]:
    parent.wait_until_ready()
    yield parent
    parent.stop()
