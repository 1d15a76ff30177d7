"""``make lab``, which is ``python start.py``, and ``seqviz lab FOLDER``, as a newcomer sees them."""

import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from benchmarks.jupyter import free_port, run_all
from tests.lab.serving import contents, serving

from .conftest import ROOT

pytestmark = pytest.mark.browser
FIRST = "lab/tree/notebooks/00_start_here.ipynb?token="


OWN = sys.prefix.startswith(str(ROOT)) and not (ROOT / ".venv").is_symlink()


@pytest.mark.skipif(not OWN, reason="make lab would install this checkout into an environment that is not its own")
def test_make_lab_opens_the_first_notebook_at_the_projects_root(tmp_path: Path):
    port = free_port()
    command = ["make", "lab", f"ARGS=--no-browser --port {port} --allow-root"]
    with serving(command, ROOT, tmp_path / "log") as address:
        assert address.startswith(f"http://127.0.0.1:{port}/{FIRST}")
        assert {"notebooks", "exercises", "README.md"} <= contents(address)


def test_a_newcomers_folder_opens_without_a_question_and_draws_under_a_hubs_address(tmp_path: Path, browser: Browser):
    home = f"http://127.0.0.1:{(port := free_port())}/user/ada/"
    command = [sys.executable, "-m", "seqviz.cli", "lab", str(tmp_path / "mine"), "--no-browser", "--port", str(port)]
    command += ["--allow-root", "--LabApp.expose_app_in_browser=True"]
    command += ["--ServerApp.base_url=/user/ada/"]  # as JupyterHub sets it
    no_settings_yet = {"HOME": str(tmp_path), "JUPYTER_CONFIG_DIR": str(tmp_path / "config")}
    with serving(command, tmp_path, tmp_path / "log", **no_settings_yet) as address:
        assert address.startswith(home + FIRST)
        page = browser.new_page()
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address)
        page.locator(".jp-Notebook h1", has_text="Start here").wait_for()
        page.wait_for_function("() => document.querySelector('#jp-main-statusbar')?.textContent.includes('Idle')")
        assert page.locator(".Toastify__toast").count() == 0
        run_all(page)
        expect(page.get_by_text("Everything is as it should be.")).to_be_visible()
        page.locator(".jp-OutputArea-output svg circle").first.wait_for()
        assert not [url for url in asked if not url.startswith((home, "data:", "blob:")) or "/lab/api/news" in url]
        page.close()
    log = (tmp_path / "log").read_text()
    assert "[W " not in log, "what a student needs not know is not printed"
    assert "[I " not in log
