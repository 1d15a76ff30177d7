"""``make lab`` serves the whole project and opens its first notebook."""

import json
import os
import signal
import subprocess
import sys
import urllib.request

import pytest
from tenacity import retry, stop_after_delay, wait_fixed

from benchmarks.jupyter import free_port

from .conftest import ROOT

pytestmark = pytest.mark.browser


@pytest.mark.skipif(
    not sys.prefix.startswith(str(ROOT)), reason="make lab would install a second environment: run me by `make test`"
)
def test_make_lab_opens_the_first_notebook_at_the_projects_root(tmp_path):
    port = free_port()
    options = f"--no-browser --port {port} --allow-root --IdentityProvider.token=mine"
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            ["make", "lab", f"ARGS={options}"], cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
    try:
        listed = contents(port)
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # make and the server that it started
        process.wait(30)
    assert {"notebooks", "exercises", "README.md"} <= {entry["name"] for entry in listed}
    assert f"http://127.0.0.1:{port}/lab/tree/notebooks/00_start_here.ipynb" in (tmp_path / "log").read_text()


@retry(stop=stop_after_delay(90), wait=wait_fixed(0.3), reraise=True)
def contents(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/contents?token=mine", timeout=5) as response:
        return json.load(response)["content"]
