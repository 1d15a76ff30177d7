import base64
from typing import Any

import pytest
import torch

from seqviz.checks.calling import NOT_CALLED, TIME_LIMIT
from seqviz.checks.compiled import Case, Check
from seqviz.checks.diagnosis import diagnose
from seqviz.checks.values import Raised, Unsupported, from_bytes, to_bytes
from seqviz.grading import probe_in_kernel
from seqviz.grading.probe_in_grader import NO_ANSWER, Probe


def check() -> Check:
    cases = tuple(Case("all", {"x": torch.full((2,), float(n))}) for n in range(3))
    expected = tuple(case.arguments["x"] * 2 for case in cases)
    return Check("double", "", "", "", 3.0, {"all": 1.0}, (), 1e-9, 1.0, "", (), cases, expected, ())


def told(probe: Probe, case: Any, value: Any, **other: Any) -> dict[str, Any]:
    blob = base64.b64encode(to_bytes([value, [], "", ""])).decode()
    return {probe_in_kernel.MIME: {"nonce": probe.nonce, "case": case, "answer": blob} | other}


def test_answers_are_put_in_their_places_and_judged() -> None:
    probe = Probe(check())
    answers: dict[int, str] = {}
    for case in (2, 0, 1):
        probe.take(told(probe, case, torch.full((2,), 2.0 * case)), answers)
    assert diagnose(probe.check, probe.outcomes(answers, timeout=False)).points == 3.0


def test_no_answer_is_wrong_whatever_is_expected() -> None:
    probe = Probe(check())
    outcomes = probe.outcomes({}, timeout=False)
    assert diagnose(probe.check, outcomes).points == 0.0
    assert all(isinstance(one.value, Raised) and one.value.kind == NO_ANSWER for one in outcomes)


def test_the_first_answer_for_a_case_counts() -> None:
    probe = Probe(check())
    answers: dict[int, str] = {}
    probe.take(told(probe, 0, "wrong"), answers)
    probe.take(told(probe, 0, torch.zeros(2)), answers)
    assert probe.outcomes(answers, timeout=False)[0].value == "wrong"


@pytest.mark.parametrize("case", [-1, 3, 10**30, True, 1.0, "0", None, [0]])
def test_answers_to_no_case_are_passed_over(case: Any) -> None:
    probe = Probe(check())
    answers: dict[int, str] = {}
    probe.take(told(probe, case, torch.zeros(2)), answers)
    assert (answers == {}) is (case is not True)  # True is the number 1


def test_answers_to_another_question_are_passed_over() -> None:
    probe, other = Probe(check()), Probe(check())
    answers: dict[int, str] = {}
    probe.take(told(other, 0, torch.zeros(2)), answers)
    for data in (
        None,
        3,
        {},
        {probe_in_kernel.MIME: []},
        {probe_in_kernel.MIME: {"nonce": probe.nonce}},
        told(probe, 0, 1, answer=3),
    ):
        probe.take(data, answers)
    assert answers == {}


@pytest.mark.parametrize("text", ["!!", "AAAA", "é", base64.b64encode(to_bytes(3)).decode()])
def test_answers_that_cannot_be_read_are_wrong_and_say_so(text: str) -> None:
    probe = Probe(check())
    answers: dict[int, str] = {}
    probe.take(told(probe, 0, None, answer=text), answers)
    assert isinstance(probe.outcomes(answers, timeout=False)[0].value, Unsupported)


def test_a_late_case_is_out_of_time_and_the_rest_not_tried() -> None:
    probe = Probe(check())
    answers: dict[int, str] = {}
    probe.take(told(probe, 0, torch.zeros(2)), answers)
    first, *others = probe.outcomes(answers, timeout=True)
    assert torch.equal(first.value, torch.zeros(2))
    assert [one.value.kind for one in others] == [TIME_LIMIT, NOT_CALLED]


def test_the_question_shows_the_inputs_and_neither_expected_values_nor_points() -> None:
    probe = Probe(check())
    asked = from_bytes(base64.b64decode(probe.code.split('"')[5]))
    assert set(asked) == {"function", "driver", "cases", "seconds"}
    assert all(set(case) == {"x"} for case in asked["cases"])


class Shell:
    """Stands for IPython's, in the kernel."""

    def __init__(self, **names: Any) -> None:
        self.user_ns = names
        self.display_pub = self
        self.told: list[Any] = []

    def publish(self, *, data: Any, metadata: Any) -> None:
        self.told.append(data)


@pytest.mark.parametrize(("function", "points"), [(lambda x: 2 * x, 3.0), (lambda x: x, 0.0), (None, 0.0)])
def test_question_and_answer_fit_together(monkeypatch: pytest.MonkeyPatch, function: Any, points: float) -> None:
    shell = Shell(**({"double": function} if function else {}))
    monkeypatch.setattr("IPython.core.getipython.get_ipython", lambda: shell)
    probe = Probe(check())
    exec(probe.code)
    answers: dict[int, str] = {}
    for data in shell.told:
        probe.take(data, answers)
    assert diagnose(probe.check, probe.outcomes(answers, timeout=False)).points == points
    if function is None:
        assert all(one.value.kind == "NameError" for one in probe.outcomes(answers, timeout=False))
