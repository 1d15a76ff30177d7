"""What explains every case is said without an author; what explains only some, or could not have failed, is not."""

from collections.abc import Callable
from typing import Any

import pytest
import torch

from seqviz.checks.authoring import exercise, mistake, normal
from seqviz.checks.calling import call_all
from seqviz.checks.checking import check_against
from seqviz.checks.compiled import Check, compile_check
from seqviz.checks.diagnosis import diagnose
from seqviz.checks.slips import Slip


@exercise(returns=("states: batch time unit", "total: unit feature"), groups={"all": 1})
class summed:  # noqa: N801 called like the student's function
    """A running sum over time, and a product summed over the batch."""

    def inputs(generator):  # noqa: N805
        for batch, time, feature, dtype in [
            (2, 4, 3, torch.float64),
            (3, 5, 2, torch.float32),
            (4, 1, 3, torch.float64),
        ]:
            yield "all", {"x": normal(generator, batch, time, feature, dtype=dtype)}

    def reference(x):  # noqa: N805
        return x.cumsum(1), torch.einsum("btu,btf->uf", x, 2 * x[..., :1] + x.flip(-1))

    @mistake("doubled", hint="Count.")
    def doubled(x):  # noqa: N805
        states, total = summed.reference(x)
        return 2 * states, total


@exercise(returns="last: unit", groups={"all": 1})
class final:  # noqa: N801
    """The last step of one sequence."""

    def inputs(generator):  # noqa: N805
        for time in (1, 2):
            yield "all", {"x": normal(generator, time, 1)}

    def reference(x):  # noqa: N805
        return x[-1]


@pytest.fixture(scope="module")
def check() -> Check:
    return compile_check(summed, 1)


def said(check: Check, function: Callable[..., Any]) -> Any:
    return diagnose(check, call_all(function, [case.arguments for case in check.cases], 5)).mistake


def on(states: Callable[..., Any], total: Callable[..., Any] = lambda total, _: total) -> Callable[..., Any]:
    """Change the outputs of the reference."""

    def function(x):
        right = summed.reference(x)
        return states(right[0], x), total(right[1], x)

    return function


def kept(states: torch.Tensor, _: torch.Tensor) -> torch.Tensor:
    return states


def late(states: torch.Tensor, _: torch.Tensor) -> torch.Tensor:
    return torch.cat([torch.zeros_like(states[:, :1]), states[:, :-1]], 1)


SLIPS = {
    "the sign turned": on(lambda states, _: -states),
    "a constant factor": on(lambda states, _: 0.3 * states),
    "a mean for a sum": on(kept, lambda total, x: total / len(x)),
    "a sum for a mean": on(lambda states, x: states * x.shape[1]),
    "one step late": on(late),
    "one step early": on(lambda states, _: torch.cat([states[:, 1:], 0 * states[:, :1]], 1)),
    "time reversed": on(lambda states, _: states.flip(1)),
    "one step too many in front": on(lambda states, _: torch.cat([0 * states[:, :1], states], 1)),
    "one step too many at the end": on(lambda states, _: torch.cat([states, 0 * states[:, :1]], 1)),
    "the first step missing": on(lambda states, _: states[:, 1:]),
    "the last step missing": on(lambda states, _: states[:, :-1]),
    "transposed": on(kept, lambda total, _: total.T),
}


@pytest.mark.parametrize("name", SLIPS)
def test_each_slip_is_named_and_the_output_too(check: Check, name: str):
    slip = said(check, SLIPS[name])
    assert isinstance(slip, Slip)
    assert slip.name == name
    assert ("total" if name in ("a mean for a sum", "transposed") else "states") in slip.hint


def test_what_a_slip_says_of_its_size_is_true(check: Check):
    assert "axis 0 of x" in said(check, SLIPS["a mean for a sum"]).hint
    assert "axis 1 of x" in said(check, SLIPS["a sum for a mean"]).hint
    assert "0.3 times" in said(check, SLIPS["a constant factor"]).hint


def test_time_and_batch_exchanged_are_transposed(check: Check):
    slip = said(check, on(lambda states, _: states.transpose(0, 1)))
    assert (slip.name, "axes 0 and 1" in slip.hint) == ("transposed", True)


def test_two_outputs_with_one_slip_are_both_named(check: Check):
    slip = said(check, on(lambda states, _: -states, lambda total, _: -total))
    assert (slip.name, "states and total" in slip.hint) == ("the sign turned", True)


def test_outputs_in_another_order(check: Check):
    slip = said(check, lambda x: summed.reference(x)[::-1])
    assert (slip.name, "in the order total, states" in slip.hint) == ("outputs exchanged", True)


def test_the_authors_name_comes_first(check: Check):
    assert said(check, summed.mistakes[0].function).name == "doubled"


NO_SLIPS = {
    "right in one case and turned in another": on(lambda states, x: -states if len(x) == 2 else states),
    "two slips at once": on(lambda states, _: -states, lambda total, _: total.T),
    "two factors": on(lambda states, _: 3 * states, lambda total, _: 5 * total),
    "a factor of each case's own": on(lambda states, x: states * float(x.sum())),
    "nothing but zeros": on(lambda states, _: 0 * states),
    "one wrong number": on(lambda states, _: states + 1e-3 * (states == states.max())),
    "a late step, and another dtype": on(lambda states, x: late(states, x).to(torch.float16)),
    "only the first step wrong": on(lambda states, _: torch.cat([7 + states[:, :1], states[:, 1:]], 1)),
    "too few outputs": lambda x: summed.reference(x)[:1],
    "a text": on(lambda *_: "states"),
    "None": on(lambda *_: None),
    "an exception in one case": on(lambda states, x: -states if len(x) == 2 else states[99]),
}


@pytest.mark.parametrize("name", NO_SLIPS)
def test_nothing_is_claimed_that_does_not_hold_everywhere(check: Check, name: str):
    assert said(check, NO_SLIPS[name]) is None


def test_an_input_that_was_changed_comes_first(check: Check):
    def careless(x):
        states, total = summed.reference(x)
        x.zero_()
        return -states, total

    assert said(check, careless) is None


def test_a_factor_that_nothing_could_have_spoken_against_is_not_claimed():
    """Two numbers are always multiples of two others, if each may have its own factor; and of one other number, too."""
    check = compile_check(final, 1)
    assert said(check, lambda x: 3 * x[-1]) is None
    assert said(check, lambda x: -x[-1]).name == "the sign turned"


def test_states_that_stand_still_are_not_late():
    @exercise(returns="states: time unit", groups={"all": 1})
    class still:  # noqa: N801
        def inputs(generator):  # noqa: N805
            for time in (2, 3):
                yield "all", {"h": normal(generator, 4), "time": time}

        def reference(h, time):  # noqa: N805
            return h.repeat(time, 1)

    def wrong_at_first(h, time):
        states = still.reference(h, time)
        return torch.cat([0 * states[:1], states[1:]])

    assert said(compile_check(still, 1), wrong_at_first) is None


def test_the_report_says_that_it_holds_everywhere(check: Check):
    message = check_against(check, SLIPS["the sign turned"]).message
    assert "The same in every case, “the sign turned”" in message
    assert "In every case states is right but for its sign." in message


def test_numbers_and_lists_have_slips_too():
    @exercise(returns=("first", "parts"), groups={"all": 1})
    class numbers:  # noqa: N801
        def inputs(generator):  # noqa: N805
            for size in (2, 3):
                yield "all", {"x": normal(generator, size)}

        def reference(x):  # noqa: N805
            return len(x) + 1, [x, 2 * x]

    check = compile_check(numbers, 1)
    assert said(check, lambda x: (-len(x) - 1, [-x, -2 * x])).name == "the sign turned"
    assert said(check, lambda x: (len(x) + 1, [4 * x, 8 * x])).name == "a constant factor"
    assert said(check, lambda x: (len(x) + 1, [2 * x, x])) is None
