"""A real JupyterLab on 127.0.0.1 and a real Chromium that may talk to nobody else.

Opening JupyterLab and starting a kernel take longer than most tests, so all tests of a process share one page and, in
it, one notebook and its kernel.
"""

import shutil
from collections.abc import Generator, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from playwright.sync_api import Browser, Error, Page, expect

from benchmarks.jupyter import (
    PATIENCE_MS,
    Lab,
    Watch,
    chromium,
    open_notebook,
    running_lab,
    watched_page,
)

from .page import NOTEBOOK, draws_nothing, resize, set_theme

__all__ = ["ROOT", "Lab", "Watch"]

ROOT = Path(__file__).parents[2]
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    for name in ("notebooks", "exercises"):
        shutil.copytree(ROOT / name, folder / name)
    # Sockets that are files: another process may take the port that was free when a kernel was given it, and
    # JupyterLab then starts the kernel five times with that same port and gives up (jupyter_client 8.10).
    with running_lab(folder, "--KernelManager.transport=ipc") as lab:
        yield lab


FROZEN = pytest.StashKey[bool]()  # of a test that failed: whether its page was drawn no more


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Run a test that failed on a page which Chromium has stopped drawing again, once, on a new page.

    Now and then a page gets no frames any more, for good, and every wait for one runs out; a new page gets them.
    """
    if not item.get_closest_marker("browser"):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, log=False, nextitem=nextitem)
    if item.stash.get(FROZEN, False):
        for report in reports:
            if report.failed:
                report.outcome = "again"
                item.ihook.pytest_runtest_logreport(report=report)
        reports = runtestprotocol(item, log=False, nextitem=nextitem)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to what is said of a failed test the last that JupyterLab has said; the next one gets a new page."""
    report = yield
    arguments = getattr(item, "funcargs", {})
    if report.failed and (lab := arguments.get("lab")):
        report.sections.append(("JupyterLab", "\n".join((lab.folder / "server.log").read_text().splitlines()[-40:])))
    if report.failed and (shared := arguments.get("_shared")):
        shared.spoilt = True
        item.stash.setdefault(FROZEN, shared.frozen())
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def _watch() -> Watch:
    return Watch()


@pytest.fixture
def watch(_watch: Watch, request: pytest.FixtureRequest) -> Watch:
    if "page" not in request.fixturenames:
        return Watch()  # of a page of its own; what JupyterLab says meanwhile, beside it, is no matter of this test
    _watch.elsewhere.clear()
    _watch.errors.clear()
    return _watch


# A machine that is busy draws late; a test that passes by luck here fails there.
LATE_FRAMES = """
window.requestAnimationFrame = (draw) => setTimeout(() => draw(performance.now()), %d);
window.cancelAnimationFrame = clearTimeout;
"""


class SharedPage:
    """The page of JupyterLab that tests share, opened when it is first asked for."""

    def __init__(self, browser: Browser, lab: Lab, watch: Watch, frame_ms: int | None) -> None:
        self._browser, self._lab, self._watch, self._frame_ms = browser, lab, watch, frame_ms
        self._page: Page | None = None
        self._open = ExitStack()
        self.spoilt = False  # a test that failed may have left anything behind

    def page(self) -> Page:
        """Return the page as a test may expect it, whatever the test before did."""
        if self.spoilt:
            with suppress(Error):  # what is left of it closes all the same
                self.close()
            self._watch.elsewhere.clear()
            self._watch.errors.clear()
        if self._page is None:
            self._page = self._open.enter_context(watched_page(self._browser, self._lab, self._watch))
            if self._frame_ms:
                self._page.add_init_script(LATE_FRAMES % self._frame_ms)
            # empty: outputs that were saved name widgets of a kernel that is gone
            open_notebook(self._page, self._lab, self._lab.notebook(NOTEBOOK))
        self._page.mouse.move(0, 0)
        self._page.emulate_media(reduced_motion="null")
        set_theme(self._page, "JupyterLab Light")
        return self._page

    def frozen(self) -> bool:
        """Say whether the page is drawn no more, through no fault of its own."""
        return self._page is not None and draws_nothing(self._page)

    def close(self) -> None:
        self._page, self.spoilt = None, False
        self._open.close()


@pytest.fixture(scope="session")
def _shared(browser: Browser, lab: Lab, _watch: Watch, pytestconfig: pytest.Config) -> Iterator[SharedPage]:
    shared = SharedPage(browser, lab, _watch, pytestconfig.getoption("--frame-ms"))
    yield shared
    shared.close()


@pytest.fixture
def page(_shared: SharedPage, watch: Watch) -> Page:
    return _shared.page()


@pytest.fixture
def narrow(page: Page) -> Iterator[Page]:
    """JupyterLab in a window of 700 pixels: beside its own columns a figure is as narrow as on a phone."""
    resize(page, 700)
    yield page
    resize(page, 1200)


@pytest.fixture(params=["JupyterLab Light", "JupyterLab Dark"])
def theme(request: pytest.FixtureRequest) -> str:
    return request.param
