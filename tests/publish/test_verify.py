"""An unfair or a blunt check is found before students see it."""

from pathlib import Path

import pytest

from seqviz.checks.check_file import load_exercises
from seqviz.checks.compiled import compile_check
from seqviz.publish.verify import faults
from tests.publish.course import CHECK


def found(text: str, tmp_path: Path) -> list[str]:
    path = tmp_path / "toy.py"
    path.write_text(text, encoding="utf-8")
    exercise = load_exercises(path)["double"]
    return list(faults(exercise, compile_check(exercise, 2)))


MISTAKE = '    @mistake("{name}", hint="{hint}")\n    def other(x):\n        return {value}\n'


def with_mistake(value: str, name: str = "other", hint: str = "Try 4.") -> str:
    return CHECK + "\n" + MISTAKE.format(name=name, hint=hint, value=value)


def test_a_good_check_has_none(tmp_path: Path):
    assert found(CHECK, tmp_path) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (with_mistake("x + x"), "the mistake “other” gets full points: no case catches it"),
        (with_mistake("x * x"), "the mistake “other” is taken for “squared”: no case tells them apart"),
        (with_mistake("x.no_such"), "the mistake “other” is not recognised"),
        (with_mistake("x + 1", name="squared"), "two mistakes are called “squared”"),
        (with_mistake("x + 1", hint=" "), "the mistake “other” has no hint"),
        (
            CHECK.replace("return 2 * x", "return x.mul_(2)"),
            "the reference fails its own check in case 1: it changes its input x",
        ),
        (
            CHECK.replace("return 2 * x", "return 2 * x + next(counter)").replace(
                "@exercise", "import itertools\n\ncounter = itertools.count()\n\n\n@exercise"
            ),
            "the reference fails its own check in case 1",
        ),
        (CHECK.replace('"y: batch"', '"y: batch time"'), "case 1: y has 1 axes, `returns` names 2"),
        (
            CHECK.replace('"y: batch"', '("y: batch", "z: batch")'),
            "case 1: the reference returns 1 outputs, `returns` names 2",
        ),
    ],
)
def test_each_fault_is_said_in_words(text: str, words: str, tmp_path: Path):
    assert any(fault.startswith(words) for fault in found(text, tmp_path))
