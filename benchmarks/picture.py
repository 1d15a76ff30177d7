"""Make the README's pictures again: real explorers in a real JupyterLab. ``python -m benchmarks.picture``."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.jupyter import Lab, Watch, chromium, open_notebook, run_all, running_lab, watched_page

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
TRAIN = """
import torch, seqviz as sv
torch.manual_seed(0); torch.set_num_threads(1)
alphabet = sv.data.PROSE_ALPHABET
model = sv.models.RNN(len(alphabet), 64, len(alphabet))
indices, generator = alphabet.encode(sv.data.prose()), torch.Generator().manual_seed(0)

def loss_of(step):
    x, y = sv.data.windows(indices, 32, 40, generator)
    return sv.models.losses.step_cross_entropy(model(alphabet.one_hot(x))[0], y).mean()

history = sv.training.train(model, loss_of, steps=600, learning_rate=5e-3, clip_norm=1.0)
"""
EXPLORERS = {
    "unrolling": "sv.explore.unrolled()",
    "gradient_ribbon": 'sv.explore.gradient_ribbon(model, alphabet, "the value of the expression is not known")',
}


def take(page: Page, lab: Lab) -> None:
    """Photograph every explorer, one pointed at so that it shows what pointing does."""
    open_notebook(page, lab, lab.notebook("picture.ipynb", TRAIN, *EXPLORERS.values()))
    run_all(page)
    explorers = page.locator(".seqviz")
    for number, name in enumerate(EXPLORERS):
        explorer = explorers.nth(number)
        explorer.scroll_into_view_if_needed()
        explorer.locator("svg").first.wait_for()
        if name == "unrolling":
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
