"""The course is found from anywhere below it."""

from pathlib import Path

import pytest

from seqviz.publish.course import find_root
from seqviz.publish.errors import ReleaseError


def test_the_root_is_found_from_below(tmp_path: Path) -> None:
    (tmp_path / "solutions").mkdir()
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert find_root(tmp_path / "a" / "b") == tmp_path
    assert find_root(tmp_path) == tmp_path
    with pytest.raises(ReleaseError, match="no folder solutions/"):
        find_root(Path("/"))
