"""Tests mirror the sources, and a picture has one name in every room."""

from pathlib import Path

import pytest

import seqviz
from seqviz.widgets import explore
from tests.test_imports import TOPICS

PACKAGE, TESTS = Path(seqviz.__file__).parent, Path(__file__).parent
ROOMS = ("data", "models", "plots", "recipes", "traces", "widgets")

# a file without a test of its name → what holds it
HELD_ELSEWHERE = {
    "models/gated/lstm_by_hand.py": "tests/models/gated/test_lstm.py, where both forms are put to the same tests",
    "plots/picture.py": "a record of two fields",
    "recipes/prose_rnn.py": "tests/recipes/test_weights.py",
    "widgets/explorers/parts.py": "the explorers that are made of them",
    **{
        f"traces/{topic}/records.py": "the traces that fill them and the plots that read them"
        for topic in TOPICS
        if (PACKAGE / "traces" / topic / "records.py").exists()
    },
}
# a test of several sources
OF_SEVERAL = {
    "data/test_records.py",  # the room of the JSON files is a package
    "widgets/explorers/test_every_explorer.py",
    "widgets/explorers/recurrent/test_of_a_model.py",
    "widgets/explorers/recurrent/test_of_gradients.py",
}


def sources() -> set[str]:
    paths = [path.relative_to(PACKAGE) for room in ROOMS for path in (PACKAGE / room).rglob("*.py")]
    return {path.as_posix() for path in paths if path.name != "__init__.py"}


def mirrored(test: str) -> str:
    """Return the source that a test belongs to by its name."""
    folder, _, name = test.rpartition("/")
    return f"{folder}/{name.removeprefix('test_')}"


def own_tests() -> set[str]:
    return {path.relative_to(TESTS).as_posix() for room in ROOMS for path in (TESTS / room).rglob("test_*.py")}


def test_every_source_has_a_test_of_its_name():
    assert sources() - {mirrored(test) for test in own_tests()} == set(HELD_ELSEWHERE)


def test_every_test_has_a_source_of_its_name():
    assert {test for test in own_tests() if mirrored(test) not in sources()} == OF_SEVERAL


@pytest.mark.parametrize("name", explore.__all__)
def test_an_explorer_has_its_name_in_every_room(name):
    (explorer,) = (PACKAGE / "widgets" / "explorers").rglob(f"{name}.py")
    topic = explorer.parent.name
    assert (PACKAGE / "plots" / topic / f"{name}.py").exists()
    trace = PACKAGE / "traces" / topic / f"{name}.py"
    assert trace.exists() or name == "task", "a task's example is data, nothing was run"
    assert callable(getattr(seqviz.plots, name))
    assert getattr(explore, name).__module__ == f"seqviz.widgets.explorers.{topic}.{name}"
    assert (TESTS / "browser" / topic / f"test_{name}.py").exists()
