"""A compiled check is data: it comes back from its files the same, and holds no source of reference or mistakes."""

import json
from pathlib import Path

import pytest
import torch

from seqviz.checks import check_against, compiled
from seqviz.checks.authoring import ExerciseError, exercise, mistake
from seqviz.checks.compiled import (
    Check,
    check_folders,
    compile_check,
    find_check,
    from_files,
    installed_exercises,
    to_files,
)
from seqviz.checks.values import same
from tests.checks.toy import leaky


@pytest.fixture
def check() -> Check:
    return compile_check(leaky, 6, assignment="02_unrolling", number="02.1")


def test_it_holds_inputs_outputs_and_every_mistakes_outputs(check: Check):
    assert len(check.cases) == len(check.expected) == 3
    for case, expected in zip(check.cases, check.expected, strict=True):
        torch.testing.assert_close(leaky.reference(**case.arguments), expected)
    assert [known.name for known in check.mistakes] == [known.name for known in leaky.mistakes]
    for known, made in zip(check.mistakes, leaky.mistakes, strict=True):
        for case, answer in zip(check.cases, known.answers, strict=True):
            torch.testing.assert_close(made(**case.arguments), answer)


def test_it_comes_back_from_its_files(check: Check):
    files = to_files(check)
    assert list(files) == ["leaky.json", "leaky.safetensors"]
    back = from_files(*files.values())
    for name in Check.__dataclass_fields__:
        if name not in ("cases", "expected", "mistakes"):
            assert getattr(back, name) == getattr(check, name), name
    assert same([case.arguments for case in back.cases], [case.arguments for case in check.cases])
    assert [case.group for case in back.cases] == [case.group for case in check.cases]
    assert same(back.expected, check.expected)
    assert [(known.name, known.hint) for known in back.mistakes] == [
        (known.name, known.hint) for known in check.mistakes
    ]
    assert same([known.answers for known in back.mistakes], [known.answers for known in check.mistakes])
    assert to_files(back) == files


def test_its_files_hold_no_source(check: Check):
    everything = b"".join(to_files(check).values())
    for piece in (b"torch.tanh", b"(1 - alpha)", b"def ", b"swapped", b"reference"):
        assert piece not in everything


def test_another_seed_gives_other_numbers():
    one, other = (compile_check(leaky, 3, seed=seed) for seed in (1, 2))
    assert not same(one.expected, other.expected)
    assert same(one.expected, compile_check(leaky, 3, seed=1).expected)


def test_a_reference_without_an_answer_is_refused():
    @exercise(returns="x: unit", groups={"all": 1}, seconds=0.1)
    class endless:  # noqa: N801
        def inputs(generator):  # noqa: N805
            yield "all", {"x": 1}

        def reference(x):  # noqa: N805
            while True:
                pass

    with pytest.raises(ExerciseError, match="endless: the reference gives no answer"):
        compile_check(endless, 1)


def test_a_driver_exercises_a_class():
    @exercise(returns=("y: batch", "after: batch"), groups={"all": 1})
    class Scaled:
        def inputs(generator):  # noqa: N805
            yield "all", {"weight": 3.0, "x": torch.ones(2)}

        class reference:  # noqa: N801
            def __init__(self, weight: float) -> None:
                self.weight = weight

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                return self.weight * x

        @mistake("nothing kept", hint="What does __init__ do with its weight?")
        class forgetful:  # noqa: N801
            def __init__(self, weight: float) -> None:
                pass

            def forward(self, x: torch.Tensor) -> torch.Tensor:
                return x

        def drive(student, weight, x):  # noqa: N805
            module = student(weight)
            return module.forward(x), module.forward(2 * x)

    assert Scaled.parameters() == ["weight", "x"]
    check = from_files(*to_files(compile_check(Scaled, 1)).values())
    assert check.driver.startswith("def drive(student, weight, x):")
    assert [answer.tolist() for answer in check.expected[0]] == [[3, 3], [6, 6]]
    assert check_against(check, Scaled.reference).passed
    assert check_against(check, Scaled.mistakes[0].function).mistake == "nothing kept"


def _install(folder: Path, check: Check) -> None:
    folder.mkdir(parents=True)
    for name, data in to_files(check).items():
        (folder / name).write_bytes(data)


def test_it_is_found_beside_the_notebook_then_above_then_in_the_package(tmp_path: Path, monkeypatch):
    package = tmp_path / "package"
    monkeypatch.setattr(compiled, "_PACKAGE_COPY", package)
    monkeypatch.setattr(compiled, "_CHECKOUT_COPY", tmp_path / "nowhere")
    here = tmp_path / "course" / "exercises" / "mine"
    here.mkdir(parents=True)
    with pytest.raises(LookupError, match="no exercise called leaky; the exercises are not installed"):
        find_check("leaky", here)
    places = [(package, 1), (tmp_path / "course" / "checks", 2), (here / "checks", 3)]
    for folder, points in places:
        _install(folder, compile_check(leaky, points, number="02.1"))
        assert find_check("leaky", here).points == points
    assert check_folders(here) == [folder for folder, _ in reversed(places)]
    monkeypatch.chdir(here)
    assert find_check("leaky").points == 3
    with pytest.raises(LookupError, match="no exercise called other; the exercises are leaky"):
        find_check("other")


def test_half_a_check_is_passed_over(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(compiled, "_PACKAGE_COPY", tmp_path / "package")
    _install(tmp_path / "package", compile_check(leaky, 1, number="02.1"))
    (tmp_path / "checks").mkdir()
    (tmp_path / "checks" / "leaky.json").write_text("{}")
    assert find_check("leaky", tmp_path).points == 1


@pytest.mark.parametrize("name", ["leaky.json", "leaky.safetensors"])
@pytest.mark.parametrize("data", [b"", b"{}", b"version https://git-lfs.github.com/spec/v1"])
def test_a_damaged_check_is_named(tmp_path: Path, name: str, data: bytes):
    _install(tmp_path / "checks", compile_check(leaky, 1))
    (tmp_path / "checks" / name).write_bytes(data)
    with pytest.raises(ValueError, match=r"the check in .*checks for leaky is damaged; copy it again"):
        find_check("leaky", tmp_path)


def test_exercises_are_listed_in_the_order_of_the_chapters(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(compiled, "_PACKAGE_COPY", tmp_path / "nowhere")
    monkeypatch.setattr(compiled, "_CHECKOUT_COPY", tmp_path / "nowhere")
    (tmp_path / "checks").mkdir()
    for number, name in [("02.10", "ten"), ("10.1", "later"), ("02.9", "nine")]:
        (tmp_path / "checks" / f"{name}.json").write_text(json.dumps({"name": name, "number": number}))
        (tmp_path / "checks" / f"{name}.safetensors").write_bytes(b"")
    assert [words["name"] for words in installed_exercises(tmp_path)] == ["nine", "ten", "later"]
