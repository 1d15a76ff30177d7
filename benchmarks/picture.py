"""Make the README's pictures again: real explorers in a real JupyterLab. ``python -m benchmarks.picture``."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.jupyter import Lab, Watch, chromium, open_notebook, run_all, running_lab, watched_page

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
MODEL = """
import seqviz as sv
alphabet, model = sv.data.PROSE_ALPHABET, sv.trained("prose_rnn")
"""
EXPLORERS = {
    "unrolled": "sv.explore.unrolled()",
    "gradient_ribbon": 'sv.explore.gradient_ribbon(model, alphabet, "the value of the expression is not known")',
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
            explorer.get_by_role("button", name="W_hh").click()
            explorer.locator("path.lit").first.wait_for(state="attached")
        explorer.screenshot(path=PICTURES / f"{name}.png")
        print(f"wrote {(PICTURES / name).relative_to(PICTURES.parents[1])}.png")


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
