"""Make the README's pictures and film again: real explorers in a real JupyterLab. ``python -m benchmarks.picture``."""

import tempfile
from pathlib import Path

from playwright.sync_api import Locator, Page

from benchmarks.film import Film
from benchmarks.jupyter import Lab, Watch, chromium, open_notebook, run_all, running_lab, watched_page

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
MODEL = """
import seqviz as sv
alphabet, model = sv.data.PROSE_ALPHABET, sv.trained("prose_rnn")
"""
EXPLORERS = {
    "unrolled": "sv.explore.unrolled()",
    "gradient_ribbon": 'sv.explore.gradient_ribbon(model, alphabet, "the value of the expression is not known")',
    "run": 'sv.explore.run(model, alphabet, "the value of the expression")',
}


def take(page: Page, lab: Lab) -> None:
    """Photograph every explorer, one pointed at so that it shows what pointing does."""
    open_notebook(page, lab, lab.notebook("picture.ipynb", MODEL, *EXPLORERS.values()))
    run_all(page)
    explorers = page.locator(".seqviz")
    for number, name in enumerate(EXPLORERS):
        explorer = explorers.nth(number)
        explorer.scroll_into_view_if_needed()
        explorer.locator("svg").first.wait_for()
        if name == "unrolled":
            explorer.get_by_role("button", name="Whh").click()  # its index is set low
            explorer.locator("path.lit").first.wait_for(state="attached")
        if name == "run":
            film_reading(page, explorer)
        explorer.screenshot(path=PICTURES / f"{name}.png")
        print(f"wrote {(PICTURES / name).relative_to(PICTURES.parents[1])}.png")


def film_reading(page: Page, explorer: Locator) -> None:
    """Film a hand that points along the text, lets the network write on from two places, and paints it by a unit."""
    page.mouse.move(600, 400)
    film = Film(page, explorer)
    film.take(900)
    letters = explorer.locator(".seqviz-strip button")
    for step in (24, 21, 18, 14, 9):
        film.move_to(letters.nth(step), 3)
        film.take(250)
    for step in (9, 15):
        film.move_to(letters.nth(step))
        page.mouse.down()
        page.mouse.up()
        let_write(film, explorer)
    figure = explorer.locator(".seqviz-figure")
    box = figure.bounding_box()
    if not box:
        raise RuntimeError("expected the figure in sight")
    for height in (0.32, 0.55):
        film.move(box["x"] + 250, box["y"] + height * box["height"])
        page.mouse.down()
        page.mouse.up()
        film.take(1400)
    film.take(1500)
    path = PICTURES / "run.webp"
    film.write(path)
    print(f"wrote {path.relative_to(PICTURES.parents[1])}, {len(film.frames)} frames, {path.stat().st_size:,} bytes")


def let_write(film: Film, explorer: Locator) -> None:
    """Press ▶ and take frames until it has written."""
    button = explorer.locator(".seqviz-play")
    film.move_to(button)
    page = film.page
    page.mouse.down()
    page.mouse.up()
    film.take(160)
    while explorer.get_attribute("data-playing") == "true":
        film.take(160)
    film.take(1200)


def main() -> None:
    """Start JupyterLab and Chromium, take the pictures, stop both."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_lab(Path(folder)) as lab,
        chromium() as browser,
        watched_page(browser, lab, Watch()) as page,
    ):
        take(page, lab)


if __name__ == "__main__":
    main()
