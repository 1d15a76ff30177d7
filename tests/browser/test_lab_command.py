"""``make lab``, which is ``python start.py``, serves the whole project, opens its first notebook and asks nothing."""

import sys
from urllib.parse import urlparse

import pytest

from benchmarks.jupyter import free_port
from tests.lab.serving import contents, serving

from .conftest import ROOT

pytestmark = pytest.mark.browser


@pytest.mark.skipif(
    not sys.prefix.startswith(str(ROOT)), reason="make lab would install a second environment: run me by `make test`"
)
def test_make_lab_opens_the_first_notebook_at_the_projects_root(tmp_path, browser):
    port = free_port()
    # a newcomer's: no settings of their own
    fresh = {"HOME": str(tmp_path), "JUPYTER_CONFIG_DIR": str(tmp_path / "config")}
    command = ["make", "lab", f"ARGS=--no-browser --port {port} --allow-root"]
    with serving(command, ROOT, tmp_path / "log", **fresh) as address:
        assert {"notebooks", "exercises", "README.md"} <= contents(address)
        assert urlparse(address).netloc == f"127.0.0.1:{port}"
        page = browser.new_page()
        asked = []
        page.on("request", lambda request: asked.append(urlparse(request.url).path))
        page.goto(address)
        page.locator(".jp-Notebook h1", has_text="Start here").wait_for()
        page.wait_for_function("() => document.querySelector('#jp-main-statusbar')?.textContent.includes('Idle')")
        assert page.locator(".Toastify__toast").count() == 0
        assert not [path for path in asked if path.startswith("/lab/api/news")], "nor is anything fetched"
        page.close()
    log = (tmp_path / "log").read_text()
    assert "[W " not in log, "what a student needs not know is not printed"
    assert "[I " not in log
