"""A real JupyterLab on 127.0.0.1 and a real Chromium that may talk to nobody else."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from benchmarks.jupyter import (
    PATIENCE_MS,
    Lab,
    Watch,
    chromium,
    open_notebook,
    run_all,
    running_lab,
    watched_page,
)

__all__ = ["ROOT", "Lab", "Watch", "open_notebook", "run_all"]

ROOT = Path(__file__).parents[2]
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    for name in ("notebooks", "exercises"):
        shutil.copytree(ROOT / name, folder / name)
    with running_lab(folder) as lab:
        yield lab


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def watch() -> Watch:
    return Watch()


# A machine that is busy draws late; a test that passes by luck here fails there.
LATE_FRAMES = """
window.requestAnimationFrame = (draw) => setTimeout(() => draw(performance.now()), %d);
window.cancelAnimationFrame = clearTimeout;
"""


@pytest.fixture
def page(browser: Browser, lab: Lab, watch: Watch, pytestconfig: pytest.Config) -> Iterator[Page]:
    with watched_page(browser, lab, watch) as page:
        if delay := pytestconfig.getoption("--frame-ms"):
            page.add_init_script(LATE_FRAMES % delay)
        yield page
