"""A late thread is stopped without harm to the threads around it, traced or not."""

import sys
import threading

import pytest

from seqviz.checks.late import LateThread


def spin():
    while True:
        pass


def spin_and_catch():
    while True:
        try:
            float("no number")
        except:  # noqa: E722 what students write
            continue


def spin_in_a_helper():
    def helper():
        while True:
            try:
                spin()
            except:  # noqa: E722
                continue

    helper()


@pytest.fixture(params=[False, True], ids=["plain", "traced"])
def traced(request):
    """A debugger or coverage traces; CPython 3.11 has a trap there."""
    before = sys.gettrace()
    if request.param and before is None:
        sys.settrace(lambda frame, event, argument: None)
    yield
    sys.settrace(before)


@pytest.mark.usefixtures("traced")
@pytest.mark.parametrize("work", [spin, spin_and_catch, spin_in_a_helper])
def test_it_stops(work):
    thread = LateThread(work)
    assert not thread.run(0.1)
    thread.stop()
    assert not thread._thread.is_alive()


@pytest.mark.usefixtures("traced")
def test_one_that_waits_outside_python_is_left_and_the_caller_goes_on():
    gate = threading.Lock()
    gate.acquire()
    thread = LateThread(gate.acquire)
    assert not thread.run(0.1)
    thread.stop()
    assert thread._thread.is_alive()
    assert sum(number for number in range(1000)) == 499_500  # Python functions can be entered
    gate.release()
    thread._thread.join(20)
    assert not thread._thread.is_alive()


@pytest.mark.usefixtures("traced")
def test_work_in_time_is_left_in_peace():
    done = []
    thread = LateThread(lambda: done.append(1))
    assert thread.run(20)
    thread.stop()
    assert done == [1]


def test_after_a_stop_other_threads_are_not_disturbed():
    for _ in range(20):
        thread = LateThread(spin)
        thread.run(0.01)
        thread.stop()
    results = []
    others = [threading.Thread(target=lambda: results.append(sum(range(100_000)))) for _ in range(4)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    assert results == [sum(range(100_000))] * 4
    assert LateThread(lambda: None).run(20)
