"""`sv.check`: found by the function's name."""

import pytest

import seqviz as sv


def test_a_name_without_an_exercise_is_told_the_names_there_are():
    def nonsense():
        pass

    with pytest.raises(LookupError, match=r"no exercise called nonsense; the exercises are .*leaky_step"):
        sv.check(nonsense)


@pytest.mark.parametrize("value", [3, None, "leaky_step"])
def test_something_else_than_a_function_is_refused(value):
    with pytest.raises(TypeError, match="without calling it; it got"):
        sv.check(value)


def test_the_names_for_students_are_there():
    assert callable(sv.check)
    assert callable(sv.progress)
