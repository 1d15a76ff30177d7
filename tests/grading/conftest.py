"""One parent for all tests that need kernels: as in a batch, behind the wall."""

from collections.abc import Iterator

import pytest

from seqviz.grading import sandbox
from seqviz.grading.parent import WarmParent


@pytest.fixture(scope="session")
def warm_parent() -> Iterator[WarmParent]:
    parent = WarmParent(sandbox.BWRAP)
    parent.wait_until_ready()
    yield parent
    parent.stop()
