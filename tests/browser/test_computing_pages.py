"""A page from disk that computes: any text, with the network off, and torch's numbers to float32."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

import seqviz as sv
from benchmarks.pages import opened_page
from seqviz.models.onnx_graph import can_export
from seqviz.plots.language.sentence import MOST_BITS, Reading, describe_sentence, surprise_levels
from seqviz.plots.wording import worded
from seqviz.publish.pages import onnxruntime
from seqviz.widgets.javascript import joined

from .computing import exported, first_explorer, loaded
from .conftest import Watch
from .page import control, made_by, plotted, serious_violations, wait_for_sentence

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not can_export(), reason="needs the package onnx, of the extra `pages`"),
]

# The same cell makes the readers here and in the kernel that is recorded.
MAKE = """
import torch, seqviz as sv
torch.manual_seed(0); torch.set_num_threads(1)
from seqviz.models.decoding import recurrent_decode_step
letters = sv.data.Tokenizer.of_characters("abcdefgh ")
text = letters.encode("a bad cab had a head bag decaf cafe fade hag")
network = sv.models.LSTM(9, 24, 9)
with torch.no_grad():
    for weights in network.parameters():
        weights.mul_(4)  # so that it is sure of something
readers = {
    "2-gram": (sv.models.ngram.ngram_decode_step(sv.models.NGram(text, 9, 2)), sv.models.ngram.no_context(1, 2)),
    "4-gram": (sv.models.ngram.ngram_decode_step(sv.models.NGram(text, 9, 4)), sv.models.ngram.no_context(1, 4)),
    "LSTM": (recurrent_decode_step(network), network.start(1)),
}
"""
GRAPHS = "01_first-graphs-1.js"
SENTENCE = 'sv.explore.sentence(readers, letters, "a bad cafe")'


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return exported(tmp_path_factory.mktemp("computing"), MAKE, SENTENCE).parent


@pytest.fixture
def page(browser: Browser, watch: Watch, site: Path) -> Iterator[Page]:
    with opened_page(browser, site / "01_first.html", watch) as page:
        yield page


@pytest.fixture
def explorer(page: Page) -> Locator:
    return first_explorer(page)


def assert_shown(explorer: Locator, text: str, model: str, step: int) -> None:
    """What is drawn and said is what torch makes of this text."""
    made = made_by(MAKE)
    trace = sv.traces.trace_sentence(made["readers"], made["letters"], text)
    expect(explorer.locator(".seqviz-strip button")).to_have_count(len(text))
    explorer.locator(".seqviz-strip button").nth(step).click()
    reading = Reading(trace, model)
    wait_for_sentence(explorer, describe_sentence(reading, step))
    for number, name in enumerate(trace.probabilities):
        np.testing.assert_allclose(plotted(explorer, number, "y"), np.minimum(trace.bits(name), MOST_BITS), rtol=1e-5)
    np.testing.assert_allclose(plotted(explorer, 4, "x"), trace.probabilities[model][step], rtol=1e-5, atol=1e-7)
    assert plotted(explorer, 5, "x").argmax() == trace.places[step]
    assert plotted(explorer, 3, "x").tolist() == [step, step]
    names = explorer.locator(".seqviz-strip button").evaluate_all("(all) => all.map((one) => one.ariaLabel)")
    assert names[:2] == [f"step {t + 1}, {'space' if text[t] == ' ' else text[t]}" for t in range(2)]
    levels = explorer.locator(".seqviz-strip button").evaluate_all("(all) => all.map((one) => one.level)")
    np.testing.assert_allclose(levels, surprise_levels(reading), rtol=1e-5, atol=1e-6)


def test_it_computes_what_torch_says_of_any_text(page: Page, watch: Watch, explorer: Locator, site: Path):
    box = control(explorer, "Type (only")
    assert not loaded(page), "nothing is loaded before the first key"
    expect(box).to_be_editable()
    shared = site / "shared"
    size = f"{sum((shared / name).stat().st_size for name in (onnxruntime.NAME, GRAPHS)) / 1e6:.1f} MB"
    expect(box).to_have_accessible_description(
        "Type your own: this page computes; at the first key or stroke it loads what that takes, "
        f"{size}, from its own folder."
    )
    box.fill("bad head had a decaf")
    assert_shown(explorer, "bad head had a decaf", "LSTM", 9)
    assert loaded(page)
    control(explorer, "What this model expected").select_option("4-gram")
    assert_shown(explorer, "bad head had a decaf", "4-gram", 3)
    box.fill("")
    expect(explorer.get_by_role("alert")).to_contain_text("empty text")
    box.press_sequentially("hag fed")
    assert_shown(explorer, "hag fed", "4-gram", 5)
    box.fill("a bad cafe")  # which was recorded
    assert_shown(explorer, "a bad cafe", "4-gram", 5)
    box.fill("a bad café")
    expect(explorer.locator("mark")).to_have_text(["é"])
    assert not serious_violations(page, context=".seqviz", preload=False)
    assert watch == Watch()


def test_without_webassembly_it_says_so_and_plays_what_was_recorded(browser: Browser, watch: Watch, site: Path):
    with opened_page(browser, site / "01_first.html", watch) as page:
        page.evaluate("() => { delete globalThis.WebAssembly; }")
        explorer = page.locator(".recorded .seqviz")
        control(explorer, "Type (only").fill("hag")
        expect(explorer.get_by_role("alert")).to_contain_text("this browser has no WebAssembly")
        assert not loaded(page)
        control(explorer, "Type (only").fill("a bad cafe")
        expect(explorer.get_by_role("alert")).to_have_text("")
        control(explorer, "What this model expected").select_option("2-gram")
        assert_shown(explorer, "a bad cafe", "2-gram", 2)
    assert watch == Watch()


@pytest.mark.parametrize("name", [onnxruntime.NAME, GRAPHS])
def test_without_a_shared_script_it_names_it(browser: Browser, watch: Watch, site: Path, tmp_path: Path, name: str):
    shutil.copytree(site, tmp_path / "copy")
    (tmp_path / "copy" / "shared" / name).unlink()
    with opened_page(browser, tmp_path / "copy" / "01_first.html", watch) as page:
        explorer = page.locator(".recorded .seqviz")
        control(explorer, "Type (only").fill("hag")
        expect(explorer.get_by_role("alert")).to_contain_text(f"shared/{name} is not beside this page")
    assert not watch.elsewhere


def test_numbers_are_written_as_python_writes_them(page: Page):
    source = joined(Path(onnxruntime.__file__).with_name("assets") / "numbers.js")
    values = [
        0.125,
        0.375,
        2.5,
        3.5,
        0.5,
        12.345,
        1e-5,
        0.00012345,
        99.951,
        100,
        1 / 3,
        0.0449999,
        *np.geomspace(1e-7, 99, 40),
    ]
    written = page.evaluate(
        """async ([source, values]) => {
          const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
          const { fixed, percent, significant } = await import(url);
          return values.map((v) => [fixed(v, 0), fixed(v, 1), fixed(-v, 2), percent(v), significant(v, 3)]);
        }""",
        [source, [float(value) for value in values]],
    )
    for value, said in zip(values, written, strict=True):
        forms = [f"{value:.0f}", f"{value:.1f}", f"{-value:.2f}", f"{value:.0%}", f"{value:.3g}"]
        assert said == [worded(form) for form in forms]
