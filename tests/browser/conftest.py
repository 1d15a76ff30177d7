"""A real JupyterLab on 127.0.0.1 and a real Chromium that may talk to nobody else.

Opening JupyterLab and starting a kernel take longer than most tests, so all tests of a process share one page and, in
it, one notebook and its kernel.
"""

import shutil
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

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


class NoFramesError(Exception):
    """Chromium has stopped drawing a page, for good; a new page is drawn again.

    Seen once in some thousand screenshots, and by other projects too. Everything that waits for a frame then fails.
    """


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=NoFramesError.__name__))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """Tell a test that failed from a browser that no longer draws."""
    try:
        return (yield)
    except Exception as error:
        page: Page | None = getattr(item, "funcargs", {}).get("page")
        if page and draws_nothing(page):
            raise NoFramesError("no frame within 10 s, while timers run") from error
        raise


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add to what is said of a failed test the last that JupyterLab has said; the next one gets a new page."""
    report = yield
    arguments = getattr(item, "funcargs", {})
    if report.failed and (lab := arguments.get("lab")):
        report.sections.append(("JupyterLab", "\n".join((lab.folder / "server.log").read_text().splitlines()[-40:])))
    if report.failed and (shared := arguments.get("_shared")):
        shared.spoilt = True
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
            self.close()
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
