"""The story sends what its cells held, and a row of colours for each way to paint it."""

import numpy as np

from seqviz.widgets import explore
from seqviz.widgets.controls import Range
from tests.widgets.asked import answer, opened

CELLS = np.random.default_rng(2).normal(size=(6, 3))
WORDS = ("the", "boy", ",", "uncles", "were", "tired")
FACTS = {
    "plural": (np.array([0, 0, 0, 1, 1, 1], dtype=bool), 2),
    "feminine": (np.array([0, 1, 1, 0, 0, 0], dtype=bool), 1),
}


def test_it_opens_painted_by_the_cell_that_follows_the_first_fact(wire):
    explorer = explore.story(WORDS, CELLS, FACTS, step=4)
    content = opened(wire, explorer)["content"]
    strip, held = content["strip"], np.tanh(CELLS)
    assert strip["tokens"] == list(WORDS)
    low, high = held[:3, 2].mean(), held[3:, 2].mean()
    np.testing.assert_allclose(strip["levels"][0], ((held[:, 2] - low) / (high - low)).clip(0, 1), atol=1e-6)
    np.testing.assert_allclose(strip["levels"][1:], (1 + held.T) / 2, atol=1e-6)
    assert strip["captions"][0]["ends"] == ["not plural", "plural"]
    assert explorer.still()[1].startswith("Word 5 of 6, “were”: the subject is plural. Cell 3 stands at")
    paint = explorer._controls[strip["by"]]
    assert isinstance(paint, Range)
    # a click on row u of the cells, which counts from 1, selects the caption of cell u
    assert content["press"] == {"yaxis2": "paint"}
    assert (paint.minimum, strip["captions"][1]["words"]) == (0, "The story, painted by cell 1")


def test_another_fact_has_another_cell(wire):
    explorer = explore.story(WORDS, CELLS, FACTS)
    state = answer(wire, explorer, fact="feminine")
    assert state["content"]["strip"]["captions"][0]["ends"] == ["not feminine", "feminine"]
    assert state["figure"]["layout"]["yaxis"]["title"]["text"] == "cell 2"
    assert "Cell 2 stands at" in state["content"]["sentences"][0]
