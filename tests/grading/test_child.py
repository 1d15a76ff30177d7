"""Work in a child: what it returns comes back, and what takes too much is said."""

import time

import pytest

from seqviz.grading.child import OverLimitError, limited


def endless() -> None:
    while True:
        pass


def hoarding() -> None:
    hoard = []
    while True:
        hoard.append(bytes(10**8))


def failing() -> None:
    raise KeyError("ours")


def test_what_it_returns_comes_back() -> None:
    assert limited(lambda: {"a": [1, None, "ü\ud800"], "long": "x" * 10**6}) == {
        "a": [1, None, "ü\ud800"],
        "long": "x" * 10**6,
    }


def test_too_much_time_and_too_much_memory_are_told_apart() -> None:
    with pytest.raises(OverLimitError, match="took more than 1 s"):
        limited(endless, cpu_seconds=1)
    with pytest.raises(OverLimitError, match="too much memory"):
        limited(hoarding)


def test_a_failure_of_ours_is_not_taken_for_a_students() -> None:
    with pytest.raises(RuntimeError, match="KeyError: 'ours'"):
        limited(failing)


def test_waiting_is_not_computing() -> None:
    assert limited(lambda: time.sleep(1.5), cpu_seconds=1) is None
