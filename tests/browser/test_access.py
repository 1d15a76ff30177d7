"""What an explorer gives those who do not see it, see other colours, or have no mouse."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Watch
from .page import MODEL, control, set_theme, show

pytestmark = pytest.mark.browser

RUN = "sv.explore.run(model, alphabet, text)"


def luminance(color: str) -> float:
    """Relative luminance (WCAG 2.2) of a colour as CSS computes it."""
    channels = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def style(place: Locator, name: str) -> str:
    return place.evaluate("(element, name) => getComputedStyle(element)[name]", name)


def test_on_a_strip_the_focus_is_seen_beside_what_is_pressed(page: Page, watch: Watch, theme: str):
    explorer = show(page, MODEL, RUN)
    set_theme(page, theme)
    pressed = explorer.locator(".seqviz-strip button[aria-pressed=true]")
    assert style(pressed, "outlineStyle") == "none"
    control(explorer, "After step").focus()
    for _ in range(4):  # the switch for symbols may stand between
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.closest('.seqviz-strip') !== null"):
            break
    expect(pressed).to_be_focused()
    assert style(pressed, "outlineStyle") == "solid"
    behind = page.evaluate("() => getComputedStyle(document.querySelector('.jp-Notebook')).backgroundColor")
    assert contrast(style(pressed, "outlineColor"), behind) >= 3
    page.keyboard.press("ArrowLeft")
    expect(explorer).to_have_attribute("data-selected", "20")
    expect(pressed).to_be_focused()
    expect(pressed).to_have_attribute("aria-label", "step 21, w")
    assert watch == Watch()


def test_a_key_is_told_once(page: Page):
    explorer = show(page, MODEL, RUN)
    regions = explorer.locator("output:not([aria-live=off]), [aria-live=polite], [role=status]")
    expect(regions).to_have_class(["seqviz-sentence"])
    told = page.evaluate_handle(
        """(root) => {
          const told = [];
          new MutationObserver(() => told.push(root.querySelector(".seqviz-sentence").textContent))
            .observe(root.querySelector(".seqviz-sentence"), { childList: true, characterData: true, subtree: true });
          return told;
        }""",
        explorer.element_handle(),
    )
    control(explorer, "After step").press("ArrowLeft")
    expect(explorer.locator(".seqviz-sentence")).to_contain_text("After step 21 of 22")
    explorer.hover(position={"x": 2, "y": 2})
    assert len(page.evaluate("(told) => told", told)) == 1


def test_forced_colours_leave_a_strip_its_levels(page: Page):
    explorer = show(page, MODEL, RUN)
    tokens = explorer.locator(".seqviz-strip button")
    backgrounds = "(all) => all.map((one) => getComputedStyle(one).backgroundColor)"
    before = tokens.evaluate_all(backgrounds)
    page.emulate_media(forced_colors="active")
    try:
        assert tokens.evaluate_all(backgrounds) == before
        assert len(set(before)) > 3
    finally:
        page.emulate_media(forced_colors="none")


def test_what_the_colours_mean_stands_on_the_page(page: Page):
    run = show(page, MODEL, RUN, "sv.explore.unrolled()")
    reading, unrolling = page.locator(".seqviz").nth(0), run
    caption = reading.locator(".seqviz-caption")
    expect(caption).to_contain_text("What it read, by how much it had expected each character")
    assert "linear-gradient" in style(caption.locator(".seqviz-bar"), "backgroundImage")
    expect(reading.get_by_role("group", name="What it read, by how much")).to_be_visible()
    expect(unrolling.locator(".seqviz-caption")).to_have_text("units of a state ht: −11")


def test_symbols_are_set_low_and_values_are_true(page: Page):
    regimes = show(page, "sv.explore.regimes(1.0, 0.5)")
    expect(regimes.locator("label", has_text="Output gate").locator("sub")).to_have_text("t")
    expect(regimes.locator(".seqviz-sentence sub").first).to_have_text("t")
    output = regimes.locator("output").last
    expect(output).to_have_text("1.0")
    control(regimes, "Output gate o_t").press("ArrowLeft")
    expect(output).to_have_text("0.9")
    expect(control(regimes, "Output gate o_t")).to_have_attribute("aria-valuetext", "0.9")
    for part in ("label", ".seqviz-sentence", ".seqviz-figure"):
        assert not re.search(r"\w_\w", " ".join(regimes.locator(part).all_inner_texts()))


def test_a_quiz_has_its_symbols_set_low(page: Page):
    quiz = show(page, "sv.quiz('Where does W_hhᵀ come from?', {'h_t−1': 'From *h_2*.', 'x': 'No.'}, right='x')")
    expect(quiz.locator("legend sub")).to_have_text("hh")
    expect(quiz.locator("label sub")).to_have_text("t−1")
