"""Labels in the symbols of another lecture: for all figures of a page at once, kept, and taken back without a trace."""

import pytest
from playwright.sync_api import Locator, Page, expect

from seqviz.widgets.javascript import joined
from seqviz.widgets.runtime import FRONT_END

from .conftest import Watch
from .page import as_read, clear, control, reload_saved, show

pytestmark = pytest.mark.browser

NG, OLAH, UVW, TORCH = NOTATIONS = ("a⟨t⟩ and Γ (Ng)", "C̃ and h̃ (Olah)", "U, V, W", "W_ih (torch)")
SWITCH = "Symbols as in"
CELLS = (
    "sv.explore.unrolled()",
    "sv.explore.regimes(1.0, 0.5)",
    "figure = sv.plots.losses({'b<sub>h</sub>': [3.0, 2.0]}).figure\n"
    "sv.show(sv.plots.Picture(figure, 'The gradient of W_hh falls.'))",
)


def written(explorer: Locator) -> str:
    """Everything that is written in an explorer, the switch aside."""
    return explorer.evaluate(
        """(root) => {
            const copy = root.cloneNode(true);
            copy.querySelector('.seqviz-controls').lastElementChild.remove();
            return root.ariaLabel + copy.textContent;
        }"""
    )


def test_every_label_follows_the_switch_and_comes_back(page: Page, watch: Watch):
    show(page, *CELLS)
    unrolling, regimes, figure = (page.locator(".seqviz").nth(place) for place in range(3))
    sentences = [one.locator(".seqviz-sentence") for one in (unrolling, regimes, figure)]
    expect(regimes.locator(".ytitle")).to_have_text("input gate it")
    before = [written(unrolling), written(regimes)]

    control(regimes, SWITCH).select_option(NG)
    expect(sentences[1]).to_contain_text(as_read("Γ_f⟨t⟩ = 1, Γ_u⟨t⟩ = 0.5: "))
    expect(regimes.locator(".ytitle")).to_have_text("input gate Γu⟨t⟩")
    expect(regimes.locator(".legendtext").last).to_have_text("shown: a⟨t⟩ = Γo⟨t⟩ tanh c⟨t⟩")
    # so do all other figures of the page, whether they have a switch or not
    expect(control(unrolling, SWITCH)).to_have_value(NG)
    expect(sentences[0]).to_contain_text(as_read("a⟨2⟩ = tanh(W_ax x⟨2⟩ + W_aa a⟨1⟩ + b_a)"))
    expect(unrolling.get_by_role("button", name="Waa", exact=True)).to_be_visible()
    expect(sentences[2]).to_have_text(as_read("The gradient of W_aa falls."))
    # and the hand is still answered
    forget = control(regimes, "Forget gate Γ_f⟨t⟩")
    for key, value in (("Home", 0), ("End", 1)):
        forget.press(key)
        expect(sentences[1]).to_contain_text(as_read(f"Γ_f⟨t⟩ = {value}, Γ_u⟨t⟩ = 0.5: "))

    # the page loaded anew, the choice is still made
    clear(page)
    reload_saved(page)
    show(page, *CELLS)
    expect(sentences[1]).to_contain_text(as_read("Γ_f⟨t⟩ = 1, Γ_u⟨t⟩ = 0.5: "))
    control(unrolling, SWITCH).select_option("this course")
    expect(sentences[0]).to_contain_text(as_read("h_2 = tanh("))
    expect(regimes.locator(".ytitle")).to_have_text("input gate it")
    assert [written(unrolling), written(regimes)] == before
    assert watch == Watch()


def test_a_figure_without_symbols_offers_no_switch(page: Page):
    explorer = show(page, "sv.explore.task()")
    expect(explorer.get_by_label(SWITCH)).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "ours", "theirs"),
    [
        (NG, "‖∂h_T/∂h_k‖ of h_t−1", "‖∂a⟨T⟩/∂a⟨k⟩‖ of a⟨t−1⟩"),
        (NG, "z<sub>t</sub>, f<sub>t−1</sub>", "(1 − Γ<sub>u</sub><sup>⟨t⟩</sup>), Γ<sub>f</sub><sup>⟨t−1⟩</sup>"),
        (OLAH, "h_t = z_t · h_t−1 + (1 − z_t) · n_t", "h_t = (1 − z_t) · h_t−1 + (1 − (1 − z_t)) · h̃_t"),
        (OLAH, "g<sub>2</sub>, c<sub>2</sub>", "C̃<sub>2</sub>, C<sub>2</sub>"),
        (NG, "h_t−1^[2] = W_xh^[2] x_t", "a^[2]⟨t−1⟩ = W_ax^[2] x⟨t⟩"),
        (
            NG,
            "W<sub>xh</sub><sup>[1]</sup> h<sub>t</sub><sup>[1]</sup>",
            "W<sub>ax</sub><sup>[1]</sup> a<sup>[1]⟨t⟩</sup>",
        ),
        (UVW, "W_hh h_1 + W_xh x_2 + b_h", "W h_1 + U x_2 + b"),
        (TORCH, "W<sub>xh</sub>, W_xh x_1 + b_h", "W<sub>ih</sub>, W_ih x_1 + (b_ih + b_hh)"),
        # text that was read, names that are not ours
        (NG, "it read “h_t”, “W_hh”; grad_h_t, W_3, a<sub>t</sub>", None),
    ],
)
def test_a_symbol_is_known_by_its_index(page: Page, name: str, ours: str, theirs: str | None):
    shown = page.evaluate(
        """async ([source, text, name]) => {
          const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
          return (await import(url)).inNotation(text, name);
        }""",
        [joined(FRONT_END / "notation.js"), ours, name],
    )
    assert shown == (theirs or ours)
