"""``make lab``, which is ``python start.py``: the whole project, its first notebook, no question; under a base_url."""

import sys

import pytest
from playwright.sync_api import expect

from benchmarks.jupyter import free_port, run_all
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
    options = f"--no-browser --port {port} --allow-root --LabApp.expose_app_in_browser=True"
    command = ["make", "lab", f"ARGS={options} --ServerApp.base_url=/user/ada/"]  # as JupyterHub sets it
    with serving(command, ROOT, tmp_path / "log", **fresh) as address:
        assert {"notebooks", "exercises", "README.md"} <= contents(address)
        assert address.startswith(f"http://127.0.0.1:{port}/user/ada/lab/tree/notebooks/00_start_here.ipynb?token=")
        page = browser.new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.locator(".jp-Notebook h1", has_text="Start here").wait_for()
        page.wait_for_function("() => document.querySelector('#jp-main-statusbar')?.textContent.includes('Idle')")
        assert page.locator(".Toastify__toast").count() == 0
        assert not [url for url in asked if "/lab/api/news" in url], "nor is anything fetched"
        run_all(page)
        expect(page.get_by_text("Everything is as it should be.")).to_be_visible()
        page.locator(".jp-OutputArea-output svg circle").first.wait_for()
        assert [
            url for url in asked if not url.startswith((f"http://127.0.0.1:{port}/user/ada/", "data:", "blob:"))
        ] == []
        page.close()
    log = (tmp_path / "log").read_text()
    assert "[W " not in log, "what a student needs not know is not printed"
    assert "[I " not in log
