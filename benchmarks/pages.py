"""Pages from disk in headless Chromium with the network off: ``python -m benchmarks.pages [SITE]``.

Weighs every chapter's page, times how soon it can be used (from opening it to its first explorer drawn, and to every
word readable), and scrubs through each of its explorers with real key presses. Times are taken in the page
(stopwatch.js). Write the pages first: ``make docs``.
"""

import argparse
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, ConsoleMessage, Page, Route

from benchmarks import report
from benchmarks.explorers import SCENE_MS, SCRUB_MS, STOPWATCH, percentiles
from benchmarks.jupyter import Watch, chromium

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


FIRST_DRAWN = """() => new Promise((resolve) => {
  const near = document.querySelector("[data-recording]");
  if (!near) return resolve(performance.now());
  near.scrollIntoView({ block: "center" });
  const drawn = () => near.querySelector(".seqviz-quiz, svg, .js-plotly-plot .main-svg");
  const look = () => (drawn() ? resolve(performance.now()) : requestAnimationFrame(look));
  look();
})"""


def usable(browser: Browser, path: Path, watch: Watch) -> dict[str, float]:
    """Return the milliseconds from opening a page until its words are there and until its first explorer is drawn."""
    with opened_page(browser, path, watch) as page:
        drawn = page.evaluate(FIRST_DRAWN)
        [paint] = page.evaluate("() => performance.getEntriesByName('first-contentful-paint').map((e) => e.startTime)")
        return {"readable": paint, "usable": drawn}


def scrub(page: Page, number: int) -> tuple[str, str, list[dict[str, float]]] | None:
    """Press arrow keys on the last slider of a recorded widget: its title, who draws, and the times."""
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
    slider = sliders.last
    slider.press("Home")
    last = int(slider.evaluate("input => input.max - input.min"))
    page.wait_for_timeout(300)
    keys = (["ArrowRight"] * last + ["ArrowLeft"] * last) * PRESSES
    times = []
    for key in keys[:PRESSES]:
        page.wait_for_timeout(60)
        page.evaluate("name => stopwatch.expect(name)", name)
        page.keyboard.press(key)
        times.append(page.evaluate("name => stopwatch.last(name)", name))
    drawer = "we draw" if root.locator(".seqviz-scene").count() else "plotly draws"
    return root.get_attribute("aria-label") or "", drawer, times


def measure(browser: Browser, path: Path, watch: Watch) -> list[dict[str, Any]]:
    """Return the rows of one page."""
    size = path.stat().st_size
    openings = [usable(browser, path, watch) for _ in range(OPENINGS)]
    readable, ready = (statistics.median(opening[what] for opening in openings) for what in ("readable", "usable"))
    rows = [
        {
            "page": path.stem,
            "what": "size",
            "measured": f"{size / 1e6:.2f} MB",
            "budget": "≤ 3 MB",
            "": report.budget(size, PAGE_BYTES),
        },
        {"page": path.stem, "what": "words there", "measured": f"{readable:.0f} ms", "budget": "", "": ""},
        {
            "page": path.stem,
            "what": "usable",
            "measured": f"{ready:.0f} ms",
            "budget": "≤ 1 s",
            "": report.budget(ready, USABLE_MS),
        },
    ]
    with opened_page(browser, path, watch, STOPWATCH) as page:
        for number in range(page.locator("[data-recording]").count()):
            if found := scrub(page, number):
                title, drawer, times = found
                limit = SCENE_MS if drawer == "we draw" else SCRUB_MS
                p50, p95 = percentiles(times)
                measured, budget = f"{p50:.1f} / {p95:.1f} ms", f"p95 ≤ {limit} ms"
                rows.append(
                    {
                        "page": path.stem,
                        "what": f"{title} ({drawer})",
                        "measured": measured,
                        "budget": budget,
                        "": report.budget(p95, limit),
                    }
                )
    return rows


def main() -> int:
    """Print and write the table; 1 when there are no pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("site", nargs="?", type=Path, default=Path("site"))
    pages = sorted(parser.parse_args().site.resolve().glob("[0-9][0-9]_*.html"))
    if not pages:
        print("no pages: run `make docs` first", file=sys.stderr)
        return 1
    watch = Watch()
    with chromium() as browser:
        environment = report.environment("plotly") | {"chromium": browser.version, "load": report.load()}
        rows = [row for path in pages for row in measure(browser, path, watch)]
    rows.append(
        {
            "page": "all",
            "what": "requests elsewhere",
            "measured": str(len(watch.elsewhere)),
            "budget": "0",
            "": report.budget(len(watch.elsewhere), 0),
        }
    )
    print(", ".join(f"{name} {value}" for name, value in environment.items()))
    print(report.table(rows))
    print("Written:", report.write("pages", {"environment": environment, "table": rows, "errors": watch.errors}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
