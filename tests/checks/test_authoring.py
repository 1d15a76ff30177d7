"""What an author writes becomes ordinary functions; what is missing is said in words."""

import pytest
import torch

from seqviz.checks.authoring import Exercise, ExerciseError, draw_cases, exercise, mistake, normal
from seqviz.checks.values import same
from tests.checks.toy import leaky


def test_the_class_becomes_an_exercise_of_ordinary_functions():
    assert isinstance(leaky, Exercise)
    assert (leaky.name, leaky.summary) == ("leaky", "A leaky unit without a bias.")
    assert leaky.parameters() == ["x", "h", "alpha"]
    assert [known.name for known in leaky.mistakes] == ["leak on the wrong term", "a plain step"]
    x, h = torch.zeros(1), torch.ones(1)
    assert leaky.reference(x, h, 0.25).tolist() == [0.75]
    assert leaky.mistakes[0](x, h, 0.25).tolist() == [0.25]
    assert [(output.name, output.axes) for output in leaky.outputs] == [("h_t", ("batch", "unit"))]


def test_the_same_seed_draws_the_same_cases_and_another_seed_others():
    cases = draw_cases(leaky, 1)
    assert [case.group for case in cases] == ["several", "several", "alpha = 1"]
    assert all(same(one.arguments, other.arguments) for one, other in zip(cases, draw_cases(leaky, 1), strict=True))
    for one, other in zip(cases, draw_cases(leaky, 2), strict=True):
        assert not torch.equal(one.arguments["x"], other.arguments["x"])


def test_normal_numbers_have_the_dtype_asked_for_and_the_same_draw():
    def draw(**options):
        return normal(torch.Generator().manual_seed(0), 2, 3, **options)

    assert (draw().dtype, draw().shape) == (torch.float64, (2, 3))
    torch.testing.assert_close(draw(dtype=torch.float32).double(), draw(), rtol=0, atol=1e-6)
    torch.testing.assert_close(draw(scale=3.0), 3 * draw(), rtol=0, atol=1e-12)
    assert normal(torch.Generator().manual_seed(0)).shape == ()  # no axes, no sizes


def _exercise_drawing(*drawn, groups=None):
    class task:  # noqa: N801
        def inputs(generator):  # noqa: N805
            yield from drawn

        def reference(x, h):  # noqa: N805
            return x + h

    return exercise(returns="sum: unit", groups=groups or {"all": 1})(task)


@pytest.mark.parametrize(
    ("drawn", "groups", "words"),
    [
        ([], None, "inputs draw no case"),
        ([("all", {"h": 1, "x": 2})], None, r"inputs draw \['h', 'x'\], the reference takes \['x', 'h'\]"),
        ([("all", {"x": 1})], None, r"inputs draw \['x'\]"),
        ([("other", {"x": 1, "h": 2})], None, "group 'other', of"),
        ([("all", {"x": 1, "h": 2})], {"all": 1, "edge": 1}, "no case for the group edge"),
    ],
)
def test_cases_that_do_not_fit_are_refused(drawn, groups, words: str):
    with pytest.raises(ExerciseError, match=f"task: .*{words}"):
        draw_cases(_exercise_drawing(*drawn, groups=groups), 0)


def test_a_class_without_reference_or_inputs_is_refused():
    with pytest.raises(ExerciseError, match="empty: no function inputs and no reference"):

        @exercise(returns="x: unit", groups={"all": 1})
        class empty:  # noqa: N801
            pass


def test_mistakes_need_a_hint():
    with pytest.raises(TypeError, match="hint"):
        mistake("a name")  # type: ignore[call-arg]
