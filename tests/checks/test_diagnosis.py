"""Points by group, the first failure, and a mistake that is named only if every case agrees."""

from dataclasses import replace

import pytest
import torch

from seqviz.checks.calling import Outcome, call_all
from seqviz.checks.compiled import Check, KnownMistake, compile_check
from seqviz.checks.diagnosis import Verdict, diagnose
from seqviz.checks.values import Raised
from tests.checks.toy import double_and_half, leaky


@pytest.fixture(scope="module")
def check() -> Check:
    return compile_check(leaky, 6)


def judge(check: Check, function) -> Verdict:
    return diagnose(check, call_all(function, [case.arguments for case in check.cases], 5))


def test_right_gets_all_points(check: Check):
    verdict = judge(check, leaky.reference)
    assert (verdict.points, verdict.max_points, verdict.passed, verdict.mistake) == (6.0, 6.0, True, None)
    assert [(group.name, group.points, group.max_points) for group in verdict.groups] == [
        ("several", 4.0, 4.0),
        ("alpha = 1", 2.0, 2.0),
    ]


def test_a_group_is_earned_when_all_its_cases_are_right(check: Check):
    def right_for_two(x, h, alpha):
        return leaky.reference(x, h, alpha) if len(x) != 4 else x

    verdict = judge(check, right_for_two)
    assert verdict.points == 2.0
    assert [group.passed for group in verdict.groups] == [False, True]
    assert [failure.case for failure in verdict.failures] == [1]
    assert not verdict.passed
    assert verdict.mistake is None


def test_every_known_mistake_is_named(check: Check):
    for known, points in zip(leaky.mistakes, (0.0, 2.0), strict=True):
        verdict = judge(check, known.function)
        assert verdict.mistake is not None
        assert (verdict.mistake.name, verdict.points) == (known.name, points)


def test_a_mistake_is_not_named_from_part_of_the_cases(check: Check):
    def swapped_once(x, h, alpha):
        return leaky.mistakes[0](x, h, alpha) if len(x) == 2 else torch.zeros_like(x)

    assert judge(check, swapped_once).mistake is None


def test_a_right_answer_with_changed_inputs_fails(check: Check):
    def in_place(x, h, alpha):
        result = leaky.reference(x, h, alpha)
        x.zero_()
        return result

    verdict = judge(check, in_place)
    assert verdict.points == 0.0
    assert all(failure.difference is None and failure.outcome.changed == ("x",) for failure in verdict.failures)


def _with_mistake(check: Check, *answers) -> Check:
    return replace(check, mistakes=(KnownMistake("raises", "hint", answers),))


def test_a_mistake_may_be_an_exception_in_some_cases(check: Check):
    answers = (Raised("RuntimeError", "one"), *check.expected[1:])
    outcomes = [Outcome(Raised("RuntimeError", "other words")), *(Outcome(value) for value in check.expected[1:])]
    named = diagnose(_with_mistake(check, *answers), outcomes).mistake
    assert named is not None
    assert named.name == "raises"
    outcomes[0] = Outcome(Raised("ValueError", "one"))
    assert diagnose(_with_mistake(check, *answers), outcomes).mistake is None


def test_exceptions_alone_name_no_mistake(check: Check):
    raised = [Raised("RuntimeError", "")] * 3
    assert diagnose(_with_mistake(check, *raised), [Outcome(value) for value in raised]).mistake is None


def test_thirds_add_up_to_the_whole():
    check = replace(compile_check(leaky, 1), groups={"several": 1, "alpha = 1": 2})
    verdict = judge(check, leaky.reference)
    assert verdict.points == 1.0
    assert [group.max_points for group in verdict.groups] == [0.3333, 0.6667]
    assert judge(check, leaky.mistakes[1].function).points == 0.6667


def test_an_output_that_is_right_in_every_case_of_a_group_earns_its_part():
    check = compile_check(double_and_half, 4)
    assert judge(check, lambda x: (2 * x, x)).points == 2.0
    assert judge(check, lambda x: (x / 2, 2 * x)).points == 0.0, "exchanged: neither is right"
    assert judge(check, lambda x: 2 * x).points == 0.0, "one output only"
    once_wrong = judge(check, lambda x: (2 * x if len(x) != 4 else x, x / 2))
    assert [group.points for group in once_wrong.groups] == [1.5, 1.0]
    assert not once_wrong.groups[0].passed


def test_changed_inputs_earn_nothing_however_right_the_outputs():
    def in_place(x):
        answer = 2 * x, x / 2
        x += 1
        return answer

    assert judge(compile_check(double_and_half, 4), in_place).points == 0.0
