"""A student's function can do what it likes; the caller comes back in time and knows what happened."""

import signal
import sys
import threading
import warnings

import pytest
import torch

from seqviz.checks.calling import NOT_CALLED, PRINTED_LIMIT, TIME_LIMIT, call, call_all
from seqviz.checks.values import Raised, Unsupported


def test_arguments_go_by_position_in_their_order():
    assert call(lambda first, second: first - second, {"b": 5, "a": 3}, 5).value == 2


def test_every_call_gets_fresh_copies():
    given = []

    def grow(numbers: list) -> int:
        given.append(numbers)
        numbers.append(1)
        return len(numbers)

    numbers: list = []
    outcomes = call_all(grow, [{"numbers": numbers}, {"numbers": numbers}], 5)
    assert [outcome.value for outcome in outcomes] == [1, 1]
    assert numbers == []


@pytest.mark.parametrize(
    ("function", "changed"),
    [
        (lambda x, h: x + h, ()),
        (lambda x, h: x.add_(h), ("x",)),
        (lambda x, h: x.mul_(2) + h.zero_(), ("x", "h")),
        (lambda x, h: x.clone().add_(h), ()),
        (lambda x, h: x.resize_(1), ("x",)),
        (lambda x, h: h.T.mul_(2), ("h",)),
    ],
    ids=["new", "x", "both", "clone", "resized", "through a view"],
)
def test_inputs_changed_in_place_are_named(function, changed: tuple[str, ...]):
    arguments = {"x": torch.ones(2, 2), "h": torch.full((2, 2), 3.0)}
    assert call(function, arguments, 5).changed == changed
    assert arguments["x"].tolist() == [[1, 1], [1, 1]]


def test_an_input_changed_before_an_exception_is_named():
    def function(x: torch.Tensor) -> None:
        x.zero_()
        raise ValueError

    outcome = call(function, {"x": torch.ones(1)}, 5)
    assert (outcome.value, outcome.changed) == (Raised("ValueError", ""), ("x",))


@pytest.mark.parametrize("kind", [ValueError, SystemExit, KeyboardInterrupt, GeneratorExit, BaseException])
def test_every_exception_is_an_outcome(kind: type[BaseException]):
    def function(x: int) -> None:
        raise kind("words")

    assert call(function, {"x": 1}, 5).value == Raised(kind.__name__, "words")


def test_the_line_named_is_the_students_not_the_librarys():
    def function(x: torch.Tensor) -> torch.Tensor:
        y = x + 1
        return torch.nn.functional.linear(y, y.T)

    line = call(function, {"x": torch.ones(2, 3)}, 5).line
    assert line.endswith("return torch.nn.functional.linear(y, y.T)")


def test_what_cannot_cross_is_a_wrong_type():
    assert call(lambda x: (y for y in [x]), {"x": 1}, 5).value == Unsupported("an object of type generator")


def endless(x: int) -> None:
    while True:
        pass


def endless_and_stubborn(x: int) -> None:
    while True:
        try:
            while True:
                pass
        except:  # noqa: E722 what students write
            pass


@pytest.mark.parametrize("function", [endless, endless_and_stubborn])
def test_an_endless_loop_ends_and_leaves_no_thread(function):
    outcome = call(function, {"x": 1}, 0.2)
    assert outcome.value == Raised(TIME_LIMIT, "no answer within 0.2 s")
    assert [thread.name for thread in threading.enumerate() if thread.name == "check"] == []


def test_a_loop_in_a_notebooks_thread_ends_as_well():
    outcomes: list = []
    worker = threading.Thread(target=lambda: outcomes.append(call(endless, {"x": 1}, 0.2)))
    worker.start()
    worker.join(20)
    assert outcomes[0].value.kind == TIME_LIMIT


def test_one_that_waits_outside_python_is_left_behind():
    gate = threading.Lock()
    gate.acquire()
    outcome = call(lambda x: gate.acquire(), {"x": 1}, 0.2)
    assert outcome.value.kind == TIME_LIMIT
    left_behind = [thread for thread in threading.enumerate() if thread.name == "check"]
    gate.release()
    for thread in left_behind:
        thread.join(20)
    assert not any(thread.is_alive() for thread in left_behind)


def test_after_the_time_limit_the_other_cases_are_not_tried():
    tried = []

    def slow_at_two(x: int) -> int:
        tried.append(x)
        while x == 2:
            pass
        return x

    outcomes = call_all(slow_at_two, [{"x": 1}, {"x": 2}, {"x": 3}, {"x": 4}], 0.2)
    assert outcomes[0].value == 1
    assert [outcome.value.kind for outcome in outcomes[1:]] == [TIME_LIMIT, NOT_CALLED, NOT_CALLED]
    assert tried == [1, 2]


def test_a_late_answer_does_not_count():
    def late(x: int) -> int:
        try:
            while True:
                pass
        except BaseException:
            return x

    assert call(late, {"x": 1}, 0.2).value.kind == TIME_LIMIT


def test_printed_text_and_warnings_are_kept_and_reach_neither_stream(capsys):
    def function(x: int) -> int:
        print("to stdout")
        print("to stderr", file=sys.stderr)
        warnings.warn("look out", stacklevel=1)
        return x

    printed = call(function, {"x": 1}, 5).printed
    assert printed.startswith("to stdout\nto stderr\n")
    assert "look out" in printed
    assert capsys.readouterr() == ("", "")


def test_what_one_call_prints_is_not_ascribed_to_the_next():
    outcomes = call_all(print, [{"x": "a"}, {"x": "b"}], 5)
    assert [outcome.printed for outcome in outcomes] == ["a\n", "b\n"]


def test_a_flood_of_text_is_cut():
    printed = call(lambda x: print("long " * 10_000), {"x": 1}, 5).printed
    assert len(printed) <= PRINTED_LIMIT + 2
    assert printed.endswith(" …")


def test_streams_and_warning_filters_are_put_back():
    streams, filters = (sys.stdout, sys.stderr), list(warnings.filters)
    call(endless, {"x": 1}, 0.1)
    assert (sys.stdout, sys.stderr) == streams
    assert list(warnings.filters) == filters


def test_the_students_grad_mode_is_the_usual_one():
    with torch.no_grad():  # thread-local: the function's own thread does not see it
        assert call(lambda x: torch.is_grad_enabled(), {"x": 1}, 5).value is True


@pytest.mark.skipif(sys.platform == "win32", reason="signals to one thread exist on POSIX only")
def test_an_interrupted_check_stops_the_function():
    """The stop button of a notebook sends SIGINT to the kernel."""
    # a shell's background job, as some continuous integration is, would pass on to us that SIGINT is to be ignored
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    def function(x: int) -> None:
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)
        while True:
            pass

    try:
        with pytest.raises(KeyboardInterrupt):
            call(function, {"x": 1}, 30)
    finally:
        signal.signal(signal.SIGINT, before)
    assert [thread.name for thread in threading.enumerate() if thread.name == "check"] == []
