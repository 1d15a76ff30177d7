"""Our figures beside plotly's FigureWidget in JupyterLab and headless Chromium: ``python -m benchmarks.explorers``.

Both in one notebook, in turns, with real key presses. Times are taken in the page (stopwatch.js): a press starts at its
event's time stamp, and what it changes is painted when the frame that shows it is complete.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from benchmarks import report
from benchmarks.jupyter import Lab, Watch, chromium, launched, open_notebook, running_lab, watched_page

STOPWATCH = Path(__file__).with_name("stopwatch.js")
WITHOUT_EXTENSION = "--ServerApp.jpserver_extensions={'seqviz.lab': False}"
OURS, PEER = "ours", "FigureWidget"
Times = list[dict[str, float]]  # of each press or run, milliseconds to: asked, answered, drawn, painted

STATE_BYTES = 50e3
OPEN_RATIO = 0.2
LIVE_MS = 33.0
STEP_MS = 16.7
STEP_BUDGET = f"each step, in its fastest pass, ≤ {STEP_MS} ms"
LAG_MS = 2 * LIVE_MS  # from the last of many presses: the answer under way, and one more
HEAP_BYTES = 2e6

PASSES = 3  # through recorded steps: other work of the machine delays different ones in each


@dataclass(frozen=True)
class Sizes:
    hidden: int = 64
    text: str = "the value of the expression is not known"
    points: int = 300  # of the learning curve
    opened: int = 7  # figures of each kind, the first not counted
    presses: int = 60
    passes: int = PASSES
    repeats_per_second: int = 30
    seconds: float = 5.0
    reruns: int = 10


SETUP = """
import ipywidgets, json, torch
import plotly.graph_objects as go
import seqviz as sv
from ipywidgets.widgets.widget import _remove_buffers
from seqviz.widgets.explorers.recurrent.gradient_ribbon import scaled, spectral_radius
from seqviz.widgets.runtime import shared_runtime

torch.manual_seed({seed})
torch.set_num_threads(1)
alphabet, text = sv.data.PROSE_ALPHABET, {text!r}
model = sv.models.RNN(len(alphabet), {hidden}, len(alphabet))
losses = {{"loss": [3 / (1 + step / 50) for step in range({points})]}}
picture = sv.plots.losses(losses)
"""
STATE = """
def size(widget):
    state, _, buffers = _remove_buffers(widget.get_state())
    return len(json.dumps(state, ensure_ascii=False).encode()) + sum(memoryview(buffer).nbytes for buffer in buffers)

print(json.dumps({
    "sv.show, a line": size(sv.show(picture)),
    "explore.unrolled": size(sv.explore.unrolled()),
    "explore.run": size(sv.explore.run(model, alphabet, text)),
    "explore.gradient_ribbon": size(sv.explore.gradient_ribbon(model, alphabet, text)),
    "explore.terms": size(sv.explore.terms(model, alphabet, text)),
    "FigureWidget": size(go.FigureWidget(picture.figure)),
    "shared runtime": size(shared_runtime()),
}))
"""
SHOW, RIBBON, THEIRS = (
    "sv.show(picture)",
    "ribbon = sv.explore.gradient_ribbon(model, alphabet, text); ribbon",
    "go.FigureWidget(picture.figure)",
)
# What one would write by hand: the same model, the same curve, an observed slider.
FOLLOWER = """
own = spectral_radius(model)
trace = sv.traces.trace_gradient_ribbon(model, alphabet, text)
peer = go.FigureWidget(sv.plots.gradient_ribbon(trace, len(text) - 2).figure)
slider = ipywidgets.FloatSlider(min=0, max=3, step=0.01, value=round(own, 2))
answers = []

def follow(change):
    trace = sv.traces.trace_gradient_ribbon(scaled(model, change["new"] / own), alphabet, text)
    peer.data[0].y = trace.norms[-1]
    answers.append(change["new"])

slider.observe(follow, "value")
ipywidgets.VBox([slider, peer])
"""
SAID = "print(json.dumps({'sentence': ribbon.still()[1], 'answers': len(answers)}))"


@dataclass(frozen=True)
class Cell:
    """Code, and whose figure it draws."""

    code: str
    draws: str | None = None


def notebook(sizes: Sizes, seed: int) -> dict[str, Cell]:
    """Return the cells by name: set-up, state, figures to open in turns, what has sliders, one of each to re-run."""
    setup = SETUP.format(seed=seed, text=sizes.text, hidden=sizes.hidden, points=sizes.points)
    kinds = {"figure": Cell(SHOW, OURS), "explorer": Cell(RIBBON, OURS), PEER: Cell(THEIRS, PEER)}
    return {
        "setup": Cell(setup),
        "state": Cell(STATE),
        **{f"open {kind} {turn}": cell for turn in range(sizes.opened) for kind, cell in kinds.items()},
        **{f"again {kind}": cell for kind, cell in kinds.items()},
        "scene": Cell("sv.explore.unrolled()", OURS),
        "ribbon": Cell(RIBBON, OURS),
        "follower": Cell(FOLLOWER, PEER),
        "said": Cell(SAID),
    }


class Bench:
    """One notebook in one page, and the measurements on it."""

    def __init__(self, page: Page, lab: Lab, sizes: Sizes, seed: int) -> None:
        self.page, self.sizes = page, sizes
        self.random = random.Random(seed)
        self.cells = notebook(sizes, seed)
        self.names = list(self.cells)
        page.add_init_script(path=STOPWATCH)
        open_notebook(page, lab, lab.notebook("bench.ipynb", *(cell.code for cell in self.cells.values())))
        self.devtools = page.context.new_cdp_session(page)
        self.output("setup")

    def output(self, name: str) -> str:
        return self.page.evaluate("cell => stopwatch.output(cell)", self.names.index(name))

    def draw(self, name: str) -> dict[str, float]:
        """Run a cell that draws and return the milliseconds until it is seen."""
        return self.page.evaluate(
            "([cell, figure]) => stopwatch.runCell(cell, figure)", [self.names.index(name), self.cells[name].draws]
        )

    def within(self, name: str, selector: str) -> Locator:
        return self.page.locator(".jp-Notebook .jp-Cell").nth(self.names.index(name)).locator(selector)

    def state(self) -> dict[str, int]:
        """Return the bytes of every figure's state."""
        return json.loads(self.output("state"))

    def opened(self) -> dict[str, Times]:
        """Run cells of each kind in turns, from the second figure on."""
        kinds = ("figure", "explorer", PEER)
        times: dict[str, Times] = {kind: [] for kind in kinds}
        for turn in range(self.sizes.opened):
            for kind in kinds:
                run = self.draw(f"open {kind} {turn}")
                if turn > 0:
                    times[kind].append(run)
        return times

    def show_sliders(self) -> None:
        """Draw what has sliders, and let the stopwatch watch it."""
        for name in ("scene", "ribbon", "follower"):
            self.draw(name)
        for name in ("scene", "ribbon"):
            self.within(name, ".seqviz").evaluate("(element, name) => stopwatch.watchOurs(name, element)", name)
        plot = self.within("follower", ".js-plotly-plot")
        plot.evaluate("element => stopwatch.watchPlotly('follower', element)")

    def focus(self, name: str, label: str | None = None) -> Locator:
        """Put the focus on a slider, which keys then move; the follower has one, without a label."""
        place = self.within(name, ".seqviz-controls" if label else ".noUi-handle")
        slider = place.get_by_label(label) if label else place
        slider.scroll_into_view_if_needed()
        slider.focus()
        # the caret of the cell that ran last blinks on for a while, and a page that moves is not idle
        self.page.wait_for_function("document.getAnimations().every(({ playState }) => playState !== 'running')")
        return slider

    def focus_radius(self, name: str) -> None:
        self.focus(name, "Spectral radius" if name == "ribbon" else None)

    def press(self, watched: str, key: str) -> dict[str, float]:
        """Press a key at a random moment of a frame, and wait until the picture changes."""
        self.page.wait_for_timeout(self.random.uniform(60, 120))
        self.page.evaluate("name => stopwatch.expect(name)", watched)
        self.page.keyboard.press(key)
        return self.page.evaluate("name => stopwatch.last(name)", watched)

    def live(self, name: str) -> Times:
        """Press ten keys on a slider, on and back, each time from another place; the kernel computes every answer."""
        self.focus_radius(name)
        return [self.press(name, key) for key in ["ArrowRight"] * 7 + ["ArrowLeft"] * 3]

    def scrub(self, name: str, label: str) -> Times:
        """Move through the recorded steps, back and forth, so that every press changes something."""
        keys = there_and_back(self.focus(name, label), self.sizes.presses)
        self.page.wait_for_timeout(300)
        return [self.press(name, key) for key in keys]

    def hold(self, name: str) -> dict[str, float]:
        """Hold a key down, as many times a second as a keyboard repeats, and see how far behind the picture is."""
        before = json.loads(self.output("said"))["answers"]
        self.focus_radius(name)
        self.page.evaluate("name => stopwatch.startRepeats(name)", name)
        start = time.perf_counter()
        for number in range(round(self.sizes.repeats_per_second * self.sizes.seconds)):
            time.sleep(max(0.0, start + number / self.sizes.repeats_per_second - time.perf_counter()))
            self.page.keyboard.down("ArrowRight")
        self.page.keyboard.up("ArrowRight")
        log = self.page.evaluate("name => stopwatch.repeats(name)", name)
        said = json.loads(self.output("said"))
        shown = self.within("ribbon", ".seqviz-sentence").inner_text()
        if shown.replace("_", "") != said["sentence"].replace("_", ""):  # the page sets an index low instead
            raise AssertionError(f"expected the kernel's last sentence {said['sentence']!r} on the page, got {shown!r}")
        keys, painted = log["keys"], log["painted"]
        return {
            "keys": len(keys),
            "keys_per_second": 1e3 * (len(keys) - 1) / (keys[-1] - keys[0]),
            "answers": len(dict.fromkeys(log["states"])) if name == "ribbon" else said["answers"] - before,
            "pictures": len(dict.fromkeys(log["states"])),
            "last_key_to_last_paint_ms": max(painted) - keys[-1],
        }

    def heap(self) -> dict[str, list[int]]:
        """Return the bytes in use after two runs of a cell, and after each of some more, collected."""
        used: dict[str, list[int]] = {}
        for kind in ("figure", "explorer", PEER):
            self.draw(f"again {kind}")
            used[kind] = []
            for _ in range(self.sizes.reruns + 1):
                self.draw(f"again {kind}")
                used[kind].append(self.used_heap())
        return used

    def used_heap(self) -> int:
        self.page.wait_for_timeout(300)
        for _ in range(3):
            self.devtools.send("HeapProfiler.collectGarbage")
        usage = self.devtools.send("Runtime.getHeapUsage")
        # typed arrays and nodes lie outside the heap of objects
        return int(usage["usedSize"] + usage.get("backingStorageSize", 0) + usage.get("embedderHeapUsedSize", 0))


@contextmanager
def opened_bench(browser: Browser, watch: Watch, sizes: Sizes, seed: int, *options: str) -> Iterator[Bench]:
    """A JupyterLab of its own with the notebook open and the sliders drawn."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_lab(Path(folder), *options) as lab,
        watched_page(browser, lab, watch) as page,
    ):
        bench = Bench(page, lab, sizes, seed)
        bench.show_sliders()
        yield bench


def measure(sizes: Sizes, seed: int) -> dict[str, Any]:
    """Measure everything in one JupyterLab; the live slider in turns with a second one, without our extension."""
    watch = Watch()
    with chromium() as browser, opened_bench(browser, watch, sizes, seed) as bench:
        # in a browser of its own: a student has one page in front, and two would share its frames
        second = launched(browser.browser_type)
        with second, opened_bench(second, watch, sizes, seed, WITHOUT_EXTENSION) as without:
            live = live_in_turns({"": bench, ", no extension": without})
        in_turns = [
            (bench.scrub("ribbon", "Loss at step t"), bench.scrub("scene", "Step t")) for _ in range(sizes.passes)
        ]
        scrub, scene = zip(*in_turns, strict=True)
        result = {
            "chromium": browser.version,
            "live": live,
            "scrub": scrub,
            "scene": scene,
            "hold": {name: bench.hold(name) for name in ("ribbon", "follower")},
            "state": bench.state(),
            "open": bench.opened(),
            "heap": bench.heap(),
        }
    return result | {"elsewhere": watch.elsewhere, "errors": watch.errors}


def live_in_turns(benches: Mapping[str, Bench]) -> dict[str, Times]:
    """Press keys on every live slider, ten on each in turns; the kernel computes every answer."""
    times: dict[str, Times] = defaultdict(list)
    presses = max(bench.sizes.presses for bench in benches.values())
    for _ in range(0, presses, 10):
        for kind, bench in benches.items():
            for name in ("ribbon", "follower"):
                times[name + kind] += bench.live(name)
    return dict(times)


def there_and_back(slider: Locator, presses: int) -> list[str]:
    """Put a slider on its first step; return so many keys that move it to the last and back, or more to reach that."""
    slider.press("Home")
    last = int(slider.evaluate("input => input.max - input.min"))
    return ((["ArrowRight"] * last + ["ArrowLeft"] * last) * presses)[: max(presses, last)]


def slowest_step(passes: Sequence[Times]) -> float:
    """Return the milliseconds of the slowest step, each step counted in the pass in which it was fastest."""
    return max(min(press["painted"] for press in presses) for presses in zip(*passes, strict=True))


def percentiles(times: Times, point: str = "painted") -> tuple[float, float]:
    """Return the median and the 95th percentile of the milliseconds to a point."""
    cuts = statistics.quantiles([time[point] for time in times], n=100, method="inclusive")
    return cuts[49], cuts[94]


def rows(result: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the table: for each figure its budget, ours, FigureWidget's, and whether the budget is met."""
    table: list[dict[str, str]] = []

    def add(what: str, limit: str, ours: str, theirs: str, verdict: str = "") -> None:
        table.append({"what": what, "budget": limit, OURS: ours, PEER: theirs, "": verdict})

    def add_times(what: str, limit: float | None, ours: Times, theirs: Times) -> None:
        verdict = report.budget(percentiles(ours)[1], limit) if limit else ""
        budget = f"p95 ≤ {limit} ms" if limit else ""
        add(f"{what}, p50 / p95", budget, _p50_p95(ours), _p50_p95(theirs), verdict)

    state = dict(result["state"])
    theirs, runtime = state.pop("FigureWidget"), state.pop("shared runtime")
    for name, size in state.items():
        limit = f"≤ {STATE_BYTES / 1e3:.0f} kB"
        add(f"state, {name}", limit, _kilobytes(size), _kilobytes(theirs), report.budget(size, STATE_BYTES))
    add("state, plotly.js for all figures of a kernel", "", _kilobytes(runtime), "in each")
    opened = {kind: [run["painted"] for run in runs] for kind, runs in result["open"].items()}
    for kind in ("figure", "explorer"):
        share = report.ratio(opened[kind], opened[PEER])
        medians = [f"{statistics.median(opened[which]):.0f} ms" for which in (kind, PEER)]
        verdict = report.budget(share, OPEN_RATIO)
        add(f"cell run → {kind} painted", f"≤ {OPEN_RATIO}×", f"{medians[0]} ({share:.2f}×)", medians[1], verdict)
    live = result["live"]
    add_times("live slider → painted", LIVE_MS, live["ribbon"], live["follower"])
    without = live["ribbon, no extension"], live["follower, no extension"]
    add_times("the same without our server extension", None, *without)
    for drawer, passes in {"plotly draws": result["scrub"], "we draw": result["scene"]}.items():
        verdict = report.budget(slowest_step(passes), STEP_MS)
        add(f"recorded step → painted, {drawer}", STEP_BUDGET, step_times(passes), "", verdict)
    ours, theirs = result["hold"]["ribbon"], result["hold"]["follower"]
    lags = [f"{hold['last_key_to_last_paint_ms']:.0f} ms, {hold['answers']} answers" for hold in (ours, theirs)]
    verdict = report.budget(ours["last_key_to_last_paint_ms"], LAG_MS)
    add(f"{ours['keys']} key repeats, last → painted", f"≤ {LAG_MS:.0f} ms", lags[0], lags[1], verdict)
    grown = {kind: used[-1] - used[0] for kind, used in result["heap"].items()}
    for kind in ("figure", "explorer"):
        texts = [f"{grown[which] / 1e6:.2f} MB" for which in (kind, PEER)]
        verdict = report.budget(grown[kind], HEAP_BYTES)
        runs = len(result["heap"][kind]) - 1
        add(f"heap, {kind} run {runs} times more", f"< {HEAP_BYTES / 1e6:.0f} MB", texts[0], texts[1], verdict)
    elsewhere = len(result["elsewhere"])
    add("requests elsewhere", "0", str(elsewhere), "", report.budget(elsewhere, 0))
    return table


def step_times(passes: Sequence[Times]) -> str:
    """Say how long recorded steps take: p50 and p95 of all presses, and the slowest step."""
    return f"{_p50_p95(list(chain.from_iterable(passes)))}, slowest {slowest_step(passes):.1f} ms"


def _p50_p95(times: Times) -> str:
    p50, p95 = percentiles(times)
    return f"{p50:.1f} / {p95:.1f} ms"


def _kilobytes(size: float) -> str:
    return f"{size / 1e3:,.1f} kB"


def whereabouts(times: Times) -> str:
    """Say where the median press spends its time, and how many had been answered before they were made."""
    points = {point: percentiles(times, point)[0] for point in ("drawn", "painted")}
    waited = [time for time in times if "answered" in time]
    if len(waited) > 1:
        points |= {f"{point} ({len(waited)})": percentiles(waited, point)[0] for point in ("asked", "answered")}
    return f"{len(times)} presses: " + ", ".join(f"{point} {at:.1f}" for point, at in points.items()) + " ms after it"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    seed = parser.parse_args(arguments).seed
    sizes = Sizes()
    result = measure(sizes, seed)
    packages = ("plotly", "ipywidgets", "anywidget", "jupyterlab", "jupyter_server", "torch")
    environment = report.environment(*packages) | {"chromium": result.pop("chromium"), "load": report.load()}
    print("Our figures beside plotly.graph_objects.FigureWidget, in one JupyterLab, in turns")
    print(", ".join(f"{name} {size}" for name, size in asdict(sizes).items()), end=f"; seed {seed}\n")
    print(", ".join(f"{name} {value}" for name, value in environment.items()))
    table = rows(result)
    print(report.table(table))
    for name, times in result["live"].items():
        print(f"Live slider, {name}: {whereabouts(times)}")
    kept = {"sizes": asdict(sizes), "seed": seed, "environment": environment, "table": table, "measured": result}
    print(f"Written: {report.write('explorers', kept)}")


if __name__ == "__main__":
    main()
