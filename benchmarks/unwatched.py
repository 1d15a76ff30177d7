"""A page in Chromium without developer tools: how soon is it drawn for a reader?

Playwright, like open developer tools, has the browser keep a stack for every error. plotly.js catches a few errors at
its start, and each costs a parse of the whole bundle: 0.2 s that no reader waits. So this speaks Chromium's protocol
and asks only for a result.
"""

import json
import subprocess
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tenacity import retry, stop_after_delay, wait_fixed
from websocket import WebSocket, create_connection

from benchmarks.jupyter import CHROMIUM, FLAGS


@dataclass
class Tab:
    """A tab and its connection to the browser's protocol."""

    line: WebSocket
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and return its result."""
        number = next(self.numbers)
        self.line.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (answer := json.loads(self.line.recv())).get("id") != number:
            pass  # an event
        return answer["result"]

    def value(self, expression: str) -> Any:
        """Return what an expression, or the promise it gives, comes to."""
        answer = self.ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"]["value"]


@contextmanager
def unwatched_chromium() -> Iterator[str]:
    """A headless Chromium with the network off; yields the address of its protocol."""
    with tempfile.TemporaryDirectory() as profile:
        options = [f"--user-data-dir={profile}", "--remote-debugging-port=0", "--window-size=1100,1000", "--headless"]
        offline = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
        process = subprocess.Popen([str(CHROMIUM), *FLAGS, *options, offline, "about:blank"], stderr=subprocess.DEVNULL)
        try:
            yield f"http://127.0.0.1:{_port(Path(profile) / 'DevToolsActivePort')}"
        finally:
            process.terminate()
            process.wait(20)


@retry(stop=stop_after_delay(60), wait=wait_fixed(0.1), reraise=True)
def _port(written: Path) -> str:
    return written.read_text().split("\n")[0]


@contextmanager
def opened(address: str, page: Path, script: str) -> Iterator[Tab]:
    """A page from disk in a tab of its own, which runs the script before its own ones."""
    request = urllib.request.Request(f"{address}/json/new?about:blank", method="PUT")
    with urllib.request.urlopen(request) as response:
        target = json.load(response)
    tab = Tab(create_connection(target["webSocketDebuggerUrl"], suppress_origin=True, timeout=60))
    try:
        tab.ask("Page.enable")
        tab.ask("Page.addScriptToEvaluateOnNewDocument", source=script)
        tab.ask("Page.navigate", url=page.as_uri())
        yield tab
    finally:
        tab.ask("Page.close")
        tab.line.close()
