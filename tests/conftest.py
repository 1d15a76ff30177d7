"""Shape annotations are enforced here, and only here: notebooks run without the cost. No browser, no browser tests."""

import os

import pytest
from jaxtyping import install_import_hook

from benchmarks.jupyter import CHROMIUM

install_import_hook(["seqviz.models", "seqviz.traces", "seqviz.data", "seqviz.training"], "beartype.beartype")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--frame-ms", type=int, help="in browser tests: draw a frame no sooner than this, to find what does not wait"
    )


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """Say of a test that it is run again, and why that is (tests/browser/conftest.py)."""
    return ("run again, since its page was drawn no more", "A", "AGAIN") if report.outcome == "again" else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if CHROMIUM or os.environ.get("CI"):
        return  # in CI a missing browser is a failure
    for item in items:
        if "browser" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="Chromium is not installed; on Debian: apt-get install chromium"))
