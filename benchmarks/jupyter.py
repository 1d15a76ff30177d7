"""A real JupyterLab on 127.0.0.1 and a real Chromium that can reach nothing else, for benchmarks and browser tests."""

import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, BrowserType, ConsoleMessage, Error, Page, Route, sync_playwright
from tenacity import retry, stop_after_delay, wait_fixed

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 90_000  # a wait ends as soon as it is answered; only a busy machine takes long
# What JupyterLab itself logs whatever the notebook; everything else is an error of ours.
KNOWN_NOISE = (
    "favicon",
    "Failed to load resource: the server responded with a status of 404",
    "WebGL",
    "GPU stall",
    "[anywidget] Failed to initialize model.",  # of a model that takes two seconds; it is drawn all the same
)

SETTINGS = {
    # no question about news, which would contact a web host
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    # a notebook that is closed while it is being saved leaves a dialog that keeps the focus
    "docmanager-extension/plugin": {"autosave": False},
}


@dataclass
class Watch:
    """What a page must not do, but did."""

    elsewhere: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@dataclass
class Lab:
    """A running server and the folder it serves."""

    url: str
    folder: Path

    def notebook(self, name: str, *cells: str) -> str:
        """Write a notebook of code cells and return its name."""
        nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
        nb.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3"}
        nbformat.write(nb, self.folder / name)
        return name


def free_port() -> int:
    """Return a port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running_lab(folder: Path, *options: str) -> Iterator[Lab]:
    """JupyterLab on a free port of 127.0.0.1, with ``folder`` as its root; stopped at the end."""
    port = free_port()
    for name, values in SETTINGS.items():
        settings = folder / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        settings.parent.mkdir(parents=True, exist_ok=True)
        settings.write_text(json.dumps(values))
    command = [sys.executable, "-m", "jupyter", "lab", "--no-browser", f"--port={port}", "--ServerApp.ip=127.0.0.1"]
    command += ["--IdentityProvider.token=", "--LabApp.expose_app_in_browser=True", "--allow-root"]
    command += [f"--ServerApp.root_dir={folder}", f"--LabApp.user_settings_dir={folder / 'settings'}"]
    # workspaces too: two servers that share a folder of them take each other's files away
    command += [f"--LabApp.workspaces_dir={folder / 'workspaces'}", *options]
    environment = os.environ | {"SEQVIZ_DATA_DIR": str(folder / "data"), "OMP_NUM_THREADS": "1"}
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=environment)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_up(url)
            yield Lab(url, folder)
        finally:
            process.terminate()
            process.wait(20)


@retry(stop=stop_after_delay(60), wait=wait_fixed(0.2), reraise=True)
def _wait_until_up(url: str) -> None:
    with urllib.request.urlopen(f"{url}/api/status", timeout=2) as response:
        json.load(response)


def launched(chromium: BrowserType, *flags: str) -> Browser:
    """Start a headless Chromium."""
    return chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *flags])


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright, launched(playwright.chromium, *flags) as browser:
        yield browser


@contextmanager
def watched_page(browser: Browser, lab: Lab, watch: Watch) -> Iterator[Page]:
    """A page of its own; requests to anywhere but the server are blocked and noted, and so are errors."""
    context = browser.new_context(viewport={"width": 1200, "height": 1000})

    def only_here(route: Route) -> None:
        if route.request.url.startswith(lab.url):
            route.continue_()
        else:
            watch.elsewhere.append(route.request.url)
            route.abort()

    context.route(lambda url: url.startswith(("http:", "https:")), only_here)
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()

    def note_error(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(noise in message.text + str(message.location) for noise in KNOWN_NOISE):
            watch.errors.append(message.text)

    def note_uncaught(error: Error) -> None:
        if not any(noise in str(error) for noise in KNOWN_NOISE):
            watch.errors.append(str(error))

    page.on("pageerror", note_uncaught)
    page.on("console", note_error)
    try:
        yield page
        _stop_kernels(page, lab)
    finally:
        context.close()


def _stop_kernels(page: Page, lab: Lab) -> None:
    page.goto(f"{lab.url}/api/status")
    for session in page.request.get(f"{lab.url}/api/sessions").json():
        token = next((c.get("value", "") for c in page.context.cookies() if c.get("name") == "_xsrf"), "")
        page.request.delete(f"{lab.url}/api/sessions/{session['id']}", headers={"X-XSRFToken": token})


def open_notebook(page: Page, lab: Lab, path: str) -> None:
    """Open a notebook and wait until its kernel can run cells."""
    page.goto(f"{lab.url}/lab/tree/{path}?reset")
    page.locator(".jp-Notebook").wait_for()
    page.wait_for_function("() => window.jupyterapp.restored.then(() => true)")  # the side bars are where they stay
    wait_for_kernel(page)


def wait_for_kernel(page: Page) -> None:
    """Wait until the kernel of the notebook in front can run cells."""
    page.wait_for_function(
        "() => window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
    )


def run_all(page: Page, timeout: float = 120) -> None:
    """Run every cell and wait for the last; fail if one raised."""
    # the command's promise settles when every cell has run, and with false when one raised
    page.set_default_timeout(timeout * 1000)
    succeeded = page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
    page.set_default_timeout(PATIENCE_MS)
    raised = page.locator("[data-mime-type='application/vnd.jupyter.error']").all_inner_texts()
    assert succeeded is not False, raised
    assert not raised
