"""What a browser test does to a page with explorers, and what it reads from it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Locator, Page, expect

from benchmarks.jupyter import run_all, wait_for_kernel
from seqviz.plots.wording import with_symbols, worded

Place = tuple[float, float]  # on the page, in pixels

IMPORTS = "import torch, seqviz as sv\ntorch.set_num_threads(1)"
TEXT = "the value is not known"
# The same cell makes the model here and in the kernel.
MODEL = f"""
import torch, seqviz as sv
torch.manual_seed(0); torch.set_num_threads(1)
model = sv.models.RNN(30, 16, 30)
alphabet = sv.data.PROSE_ALPHABET
text = {TEXT!r}
"""
EXPLORERS = (
    "sv.explore.unrolled()",
    "sv.explore.run(model, alphabet, text)",
    "sv.explore.gradient_ribbon(model, alphabet, text)",
    "sv.explore.terms(model, alphabet, text)",
    "sv.show(sv.plots.losses({'loss': [3.0, 2.0, 1.5]}))",
    "sv.quiz('Which way?', {'left': 'The other one.', 'right': 'Reading goes that way.'}, right='right')",
)


def made_by(cell: str) -> dict[str, Any]:
    """Run a cell here; return its names."""
    names: dict[str, Any] = {}
    exec(cell, names)
    return names


NOTEBOOK = "explorer.ipynb"
# Leaves a kernel nothing of earlier tests but what it has imported, and the runtime that the page has loaded.
TIDY = """
from ipywidgets.widgets.widget import _instances
from seqviz.widgets.runtime import shared_runtime
runtime = shared_runtime()
for widget in list(_instances.values()):
    if widget not in (runtime, runtime.layout):
        widget.close()
get_ipython().reset()
"""
NEW_CELLS = """async ([path, cells, tidy]) => {
  const panel = await window.jupyterapp.commands.execute("docmanager:open", { path });
  await panel.sessionContext.ready;
  const notebook = panel.content.model.sharedModel;
  const old = notebook.cells.length;
  notebook.insertCells(old, cells.map((source) => ({ cell_type: "code", source })));
  notebook.deleteCellRange(0, old);
  await panel.sessionContext.session.kernel.requestExecute({ code: tidy, silent: true }).done;
}"""


def show(page: Page, *cells: str) -> Locator:
    """Run the cells as the only ones of the shared notebook; return the last explorer, drawn and in sight."""
    page.evaluate(NEW_CELLS, [NOTEBOOK, [IMPORTS, *cells], TIDY])
    run_all(page)
    explorer = page.locator(".seqviz").last
    expect(explorer).to_be_visible()
    if "quiz" not in cells[-1]:
        expect(explorer).to_have_attribute("data-selected", re.compile(r"\d+"))
    explorer.scroll_into_view_if_needed()
    wait_until_all_fill(page)
    return explorer


def save(page: Page) -> None:
    """Save the notebook in front."""
    page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    page.wait_for_function("() => !window.jupyterapp.shell.currentWidget.context.model.dirty")


def clear(page: Page) -> None:
    """Empty the shared notebook and save it: opened anew, it finds neither outputs nor widgets of earlier tests."""
    page.evaluate(NEW_CELLS, [NOTEBOOK, [], TIDY])
    save(page)


def reload_saved(page: Page, path: str = NOTEBOOK) -> None:
    """Save the notebook in front and load the page anew with it alone, not with all that was open once."""
    save(page)
    page.goto(page.evaluate("(path) => `${location.origin}/lab/tree/${path}?reset`", path))
    page.wait_for_function("() => window.jupyterapp?.restored.then(() => true)")
    wait_for_kernel(page)


@contextmanager
def document(page: Page, path: str) -> Iterator[Locator]:
    """A notebook of the server in front, with a kernel of its own; both are gone at the end."""
    id = page.evaluate(
        """async (path) => {
          const panel = await window.jupyterapp.commands.execute("docmanager:open", { path });
          await panel.sessionContext.ready;
          return panel.id;
        }""",
        path,
    )
    try:
        page.wait_for_function("(path) => window.jupyterapp.shell.currentWidget?.context?.path === path", arg=path)
        wait_for_kernel(page)
        yield page.locator(f"[id='{id}']")
    finally:
        page.evaluate(
            """async (path) => {
              const panel = [...window.jupyterapp.shell.widgets("main")].find(({ context }) => context?.path === path);
              const { id } = panel.sessionContext.session;
              panel.dispose();
              await window.jupyterapp.serviceManager.sessions.shutdown(id);
            }""",
            path,
        )


def as_read(text: str) -> str:
    """Return a text as the page has it, which sets an index low and h_t^[2] high as well, but not in “quotes”."""
    return re.sub("</?su[bp]>", "", with_symbols(text))


def control(explorer: Locator, label: str) -> Locator:
    return explorer.locator(".seqviz-controls").get_by_label(as_read(label))


def set_range(slider: Locator, value: float) -> None:
    """Move a slider as a hand does: it tells of every input."""
    slider.evaluate(
        "(input, value) => { input.value = value; input.dispatchEvent(new Event('input', { bubbles: true })); }", value
    )


def plotted(explorer: Locator, trace: int, name: str) -> np.ndarray:
    """Read numbers back from the drawn figure."""
    values = explorer.locator(".seqviz-figure").evaluate(
        "(div, [trace, name]) => Array.from(div.data[trace][name], (v) => v.length === undefined ? v : Array.from(v))",
        [trace, name],
    )
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def wait_for_sentence(explorer: Locator, sentence: str) -> None:
    expect(explorer.locator(".seqviz-sentence")).to_have_text(as_read(worded(sentence)))


def point_at(explorer: Locator, place: float, height: int = 100) -> None:
    """Move the mouse over the figure, at a value of its horizontal axis: that previews; a click keeps it."""
    figure = explorer.locator(".seqviz-figure")
    x = figure.evaluate("(div, at) => div._fullLayout.xaxis._offset + div._fullLayout.xaxis.c2p(at)", place)
    figure.hover(position={"x": x, "y": height})


def at(explorer: Locator, x: tuple[str, float] | str, y: tuple[str, float] | str) -> Place:
    """Where on the page values of two axes meet; of an axis without a value it is the middle."""
    left, top = explorer.locator(".seqviz-figure").evaluate(
        """(div, axes) => {
          const box = div.getBoundingClientRect();
          const [across, up] = axes.map(([name, value]) => {
            const { _offset, _length, c2p } = div._fullLayout[name];
            return _offset + (value === undefined ? _length / 2 : c2p(value));
          });
          return [box.left + across, box.top + up];
        }""",
        [[axis] if isinstance(axis, str) else list(axis) for axis in (x, y)],
    )
    return left, top


def pull(page: Page, start: Place, *places: Place) -> None:
    """Drag with the mouse from place to place."""
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 1, start[1] + 1)  # as a hand begins
    for place in places:
        page.mouse.move(*place, steps=4)
    page.mouse.up()


def touch(page: Page, *places: Place) -> None:
    """Put a finger down, move it from place to place and lift it."""
    finger = page.context.new_cdp_session(page)
    for kind, place in [("touchStart", places[0]), *(("touchMove", place) for place in places[1:]), ("touchEnd", None)]:
        points = [{"x": place[0], "y": place[1]}] if place else []
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    finger.detach()


def between(start: Place, end: Place) -> list[Place]:
    """Return places on the way, both ends included."""
    return [(start[0] + (end[0] - start[0]) * i / 8, start[1] + (end[1] - start[1]) * i / 8) for i in range(9)]


# A page that is kept busy has no frames either, but its clock does not run.
FRAMES = """(seconds) => new Promise((resolve) => {
  let ticks = 0;
  const clock = setInterval(() => ++ticks === 10 * seconds && say("none"), 100);
  const say = (frames) => { clearInterval(clock); resolve(frames); };
  requestAnimationFrame(() => requestAnimationFrame(() => say("some")));
})"""


def draws_nothing(page: Page, seconds: int = 10) -> bool:
    """Say whether a page that is up and running gets no frames for so long."""
    try:
        return page.wait_for_function(FRAMES, arg=seconds, timeout=2000 * seconds).json_value() == "none"
    except Error:
        return False


FAULTS = Path(__file__).with_name("faults.js").read_text(encoding="utf-8")


def faults(explorer: Locator) -> list[str]:
    """Say what is wrong with how an explorer lies on the screen: texts on each other or cut off, panels too narrow."""
    return explorer.evaluate(FAULTS)


def resize(page: Page, width: int) -> None:
    """Give the window of JupyterLab a width and wait until the document in front, if any, takes up what there is."""
    page.set_viewport_size({"width": width, "height": 1000})
    page.wait_for_function(
        """() => {
          const side = document.querySelector(".jp-SideBar.jp-mod-right").getBoundingClientRect();
          const panel = window.jupyterapp.shell.currentWidget?.node.getBoundingClientRect();
          return side.right === innerWidth && (!panel || (panel.right <= side.left && side.left - panel.right < 10));
        }"""
    )


def wait_until_it_fills(explorer: Locator) -> None:
    """Wait until a figure is drawn for the width there is."""
    figure = explorer.locator(".seqviz-figure")
    figure.page.wait_for_function("(div) => div.dataset.width === String(div.clientWidth)", arg=figure.element_handle())


def wait_until_all_fill(page: Page) -> None:
    """Wait until every figure of the notebook in front is drawn for the width there is; then nothing moves any more."""
    page.wait_for_function(
        """() => [...document.querySelectorAll(".jp-NotebookPanel:not(.lm-mod-hidden) .seqviz-figure")]
             .every((div) => !div.clientWidth || div.dataset.width === String(div.clientWidth))"""
    )


def drawn(explorer: Locator) -> str:
    """Everything inside the axes, without the names that plotly makes up and paths with nothing on them."""
    svg = explorer.locator(".cartesianlayer").evaluate("(layer) => layer.outerHTML")
    return re.sub(r" d=\"M0,0\"|clip\w+|trace\w{6,}|(image-rendering|-ms-interpolation-mode): [\w-]+; *", "", svg)


def set_theme(page: Page, theme: str) -> None:
    """Change JupyterLab's theme."""
    page.evaluate("(theme) => window.jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
    page.wait_for_function("(theme) => document.body.dataset.jpThemeName === theme", arg=theme)


def violations(page: Page, context: str | None = None, **options: Any) -> list[dict[str, Any]]:
    """What axe finds; how it would describe all that it finds good takes five times as long as to look."""
    return Axe().run(page, context=context, options={"resultTypes": ["violations"], **options}).response["violations"]


def serious_violations(page: Page, context: str | None = None, **options: Any) -> list[tuple[str, str]]:
    """What axe finds that keeps somebody out, with the first place of each."""
    return [
        (found["id"], found["nodes"][0]["html"])
        for found in violations(page, context, **options)
        if found["impact"] in ("serious", "critical")
    ]


def lasting_violations(page: Page, context: str) -> list[tuple[str, str]]:
    """What axe finds, and finds again: while JupyterLab puts cells away, a label may be gone before its box."""
    found = serious_violations(page, context)
    again = serious_violations(page, context) if found else []
    return [one for one in found if one in again]
