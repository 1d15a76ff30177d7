"""Pages from disk in headless Chromium with the network off: ``python -m benchmarks.pages [SITE]``.

Weighs every chapter's page, times how soon it can be used (from opening it to its first words, and to its first figure
or explorer drawn), and scrubs through each of its explorers with real key presses. Times are taken in the page
(stopwatch.js). The passes through the steps go through all pages in turn: a slow spell of the machine slows one pass.
Write the pages first: ``make docs``.
"""

import argparse
import statistics
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Route

from benchmarks import report
from benchmarks.explorers import (
    PASSES,
    STEP_BUDGET,
    STEP_MS,
    STOPWATCH,
    Times,
    slowest_step,
    step_times,
    there_and_back,
)
from benchmarks.jupyter import Watch, chromium
from benchmarks.unwatched import opened, unwatched_chromium

PAGE_BYTES = 3e6
USABLE_MS = 1000.0
PRESSES = 30
OPENINGS = 5


@contextmanager
def opened_page(browser: Browser, path: Path, watch: Watch, *scripts: Path) -> Iterator[Page]:
    """A page from disk; every request to anywhere but the disk is blocked and noted, and so are errors."""
    context = browser.new_context(viewport={"width": 1100, "height": 1000}, offline=True)

    def nowhere(route: Route) -> None:
        watch.elsewhere.append(route.request.url)
        route.abort()

    def note_error(message: ConsoleMessage) -> None:
        if message.type == "error":
            watch.errors.append(message.text)

    context.route(lambda url: not url.startswith(("file:", "data:", "blob:")), nowhere)
    page = context.new_page()
    page.on("pageerror", lambda error: watch.errors.append(str(error)))
    page.on("console", note_error)
    for script in scripts:
        page.add_init_script(path=script)
    try:
        page.goto(path.as_uri())
        yield page
    finally:
        context.close()


# Scrolls to the first figure or explorer as soon as the page has been read, and looks for it in every frame.
FIRST_DRAWN = """
globalThis.firstDrawn = new Promise((resolve) => document.addEventListener("readystatechange", () => {
  const near = [...document.querySelectorAll("[data-recording]")].find(
    (place) => JSON.parse(document.getElementById(place.dataset.recording).textContent).kind !== "quiz",
  );
  if (!near) return resolve(performance.now());
  const look = () => {
    near.scrollIntoView({ block: "center" }); // again: what stands above may still grow
    if (near.querySelector("svg")) resolve(performance.now());
    else requestAnimationFrame(look);
  };
  look();
}, { once: true }));
"""


# The browser reports a paint some time after it.
FIRST_WORDS = """new Promise((resolve) => new PerformanceObserver((paints) => {
  for (const paint of paints.getEntriesByName("first-contentful-paint")) resolve(paint.startTime);
}).observe({ type: "paint", buffered: true }))"""


def usable(unwatched: str, path: Path) -> dict[str, float]:
    """Return the milliseconds from opening a page until its words are there and until its first explorer is drawn."""
    with opened(unwatched, path, FIRST_DRAWN) as tab:
        drawn = tab.value("firstDrawn")
        paint = tab.value(FIRST_WORDS)
        return {"readable": paint, "usable": drawn}


def scrub(page: Page, number: int) -> tuple[str, Times] | None:
    """Press arrow keys on the last slider of a recorded widget; return its title and who draws, and the times."""
    place = page.locator("[data-recording]").nth(number)
    place.scroll_into_view_if_needed()
    root = place.locator(".seqviz")
    root.wait_for()
    sliders = root.locator("input[type=range]")
    if not sliders.count():
        return None
    page.wait_for_timeout(300)
    name = str(number)
    root.evaluate("(element, name) => stopwatch.watchOurs(name, element)", name)
    keys = there_and_back(sliders.last, PRESSES)
    page.wait_for_timeout(300)
    times = []
    for key in keys:
        page.wait_for_timeout(60)
        page.evaluate("name => stopwatch.expect(name)", name)
        page.keyboard.press(key)
        times.append(page.evaluate("name => stopwatch.last(name)", name))
    drawer = "we draw" if root.locator(".seqviz-scene").count() else "plotly draws"
    return f"{root.get_attribute('aria-label')} ({drawer})", times


def opening(unwatched: str, path: Path) -> list[dict[str, Any]]:
    """Return the rows for a page's size and for how soon it can be read and used."""
    size = path.stat().st_size
    openings = [usable(unwatched, path) for _ in range(OPENINGS)]
    readable = statistics.median(opening["readable"] for opening in openings)
    ready = statistics.median(opening["usable"] for opening in openings)
    return [
        _row(path, "size", f"{size / 1e6:.2f} MB", "≤ 3 MB", report.budget(size, PAGE_BYTES)),
        _row(path, "words there", f"{readable:.0f} ms"),
        _row(path, "usable", f"{ready:.0f} ms", "≤ 1 s", report.budget(ready, USABLE_MS)),
    ]


def scrubbing(browser: Browser, path: Path, watch: Watch) -> Iterator[tuple[Path, str, Times]]:
    """Yield the page, the title and the times of every explorer of a page, for one pass through its steps."""
    with opened_page(browser, path, watch, STOPWATCH) as page:
        for number in range(page.locator("[data-recording]").count()):
            if found := scrub(page, number):
                yield path, *found


def stepping(browser: Browser, pages: Sequence[Path], watch: Watch) -> Iterator[dict[str, Any]]:
    """Yield a row for every explorer."""
    rounds = [[found for path in pages for found in scrubbing(browser, path, watch)] for _ in range(PASSES)]
    for explorer in zip(*rounds, strict=True):
        path, title, _ = explorer[0]
        passes = [times for _, _, times in explorer]
        verdict = report.budget(slowest_step(passes), STEP_MS)
        yield _row(path, title, step_times(passes), STEP_BUDGET, verdict)


def _row(page: Path, what: str, measured: str, budget: str = "", verdict: str = "") -> dict[str, Any]:
    return {"page": page.stem, "what": what, "measured": measured, "budget": budget, "": verdict}


def main() -> int:
    """Print and write the table; 1 when there are no pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", nargs="?", type=Path, default=Path("site"))
    pages = sorted(parser.parse_args().site.resolve().glob("[0-9][0-9]_*.html"))
    if not pages:
        print("no pages: run `make docs` first", file=sys.stderr)
        return 1
    watch = Watch()
    with unwatched_chromium() as unwatched:  # one browser at a time: they would disturb each other
        rows = [row for path in pages for row in opening(unwatched, path)]
    with chromium() as browser:
        environment = report.environment("plotly") | {"chromium": browser.version, "load": report.load()}
        rows += stepping(browser, pages, watch)
    elsewhere = len(watch.elsewhere)
    rows.append(_row(Path("all"), "requests elsewhere", str(elsewhere), "0", report.budget(elsewhere, 0)))
    print(", ".join(f"{name} {value}" for name, value in environment.items()))
    print(report.table(rows))
    print("Written:", report.write("pages", {"environment": environment, "table": rows, "errors": watch.errors}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
