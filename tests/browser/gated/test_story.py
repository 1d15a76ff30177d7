"""A story in JupyterLab: its words take the colour of a cell, by click and by key, and are read one by one."""

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from ..conftest import Watch
from ..page import at, control, made_by, show

pytestmark = pytest.mark.browser

STORY = """
import numpy as np
cells = np.random.default_rng(2).normal(size=(6, 3))
words = ("the", "boy", ",", "uncles", "were", "tired")
facts = {
    "plural": (np.array([0, 0, 0, 1, 1, 1], dtype=bool), 2),
    "feminine": (np.array([0, 1, 1, 0, 0, 0], dtype=bool), 1),
}
"""


def painted(explorer: Locator) -> list[float]:
    return explorer.locator(".seqviz-strip").evaluate("(row) => Array.from(row.children, (word) => word.level)")


def test_a_click_on_a_cell_paints_the_words_and_a_fact_brings_its_own(page: Page, watch: Watch):
    explorer = show(page, STORY, "sv.explore.story(words, cells, facts)")
    held = np.tanh(made_by(STORY)["cells"])
    caption = explorer.locator(".seqviz-caption")
    expect(caption).to_contain_text("cell 3, which goes along with plural")
    page.mouse.click(*at(explorer, ("xaxis2", 5), ("yaxis2", 1)))
    expect(caption).to_contain_text("painted by cell 1")
    np.testing.assert_allclose(painted(explorer), (1 + held[:, 0]) / 2, atol=1e-6)
    expect(explorer.locator(".seqviz-sentence")).to_contain_text("Word 5 of 6, “were”: the subject is plural.")
    control(explorer, "Paint by").press("Home")
    control(explorer, "Is the subject").select_option("feminine")
    expect(caption).to_contain_text("cell 2, which goes along with feminine")
    low, high = held[[0, 3, 4, 5], 1].mean(), held[1:3, 1].mean()
    np.testing.assert_allclose(painted(explorer), ((held[:, 1] - low) / (high - low)).clip(0, 1), atol=1e-6)
    assert watch == Watch()


def test_the_story_is_read_on_to_its_end(page: Page, watch: Watch):
    explorer = show(page, STORY, "sv.explore.story(words, cells, facts)")
    explorer.get_by_role("button", name="Read on").click()
    expect(explorer).to_have_attribute("data-selected", "5")
    expect(explorer.locator(".seqviz-sentence")).to_contain_text("Word 6 of 6, “tired”")
    assert watch == Watch()
