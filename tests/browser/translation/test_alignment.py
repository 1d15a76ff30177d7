"""In JupyterLab a hand points at outputs and at the source, by mouse and by key; on a phone every letter is there."""

import numpy as np
import pytest
from playwright.sync_api import Page, expect

import seqviz as sv
from seqviz.plots.translation.alignment import alignment_levels, alignment_patch, describe_alignment

from ..conftest import Watch
from ..page import control, faults, made_by, plotted, serious_violations, set_theme, show, wait_for_sentence

pytestmark = pytest.mark.browser

# The same cell makes the translator here and in the kernel.
MAKE = """
import datetime, torch, seqviz as sv
days = [datetime.date(2043, 9, 23), datetime.date(1987, 12, 31)]
dates = [sv.data.write_date(day, language) for day in days for language in ("Spanish", "Hungarian")]
text = sv.data.dates_as_text(dates)
torch.manual_seed(1)
model = sv.models.BahdanauTranslator(len(text.source), len(text.target), 4, 6, 5)
with torch.no_grad():
    model.W_a *= 20
    model.U_a *= 20
    model.b_o[:7] -= 9
sources = {date.text: (date.iso, date.alignment) for date in dates}
"""
ALIGNMENT = "sv.explore.alignment(model, text, sources)"


def traced(place: int):
    made = made_by(MAKE)
    date = made["dates"][place]
    return sv.traces.trace_alignment(made["model"], made["text"], date.text, date.alignment, date.iso, max_length=11)


def test_a_hand_points_at_outputs_and_at_the_source(page: Page, watch: Watch):
    explorer = show(page, MAKE, ALIGNMENT)
    trace = traced(0)
    outputs = len(trace.said)
    wait_for_sentence(explorer, describe_alignment(trace, 0))
    tokens = explorer.locator(".seqviz-strip button")
    expect(tokens).to_have_count(outputs + len(trace.source))
    expect(tokens.nth(outputs)).to_have_attribute("aria-label", f"source 1, {trace.source[0]}")

    tokens.nth(outputs + 3).hover()
    wait_for_sentence(explorer, describe_alignment(trace, outputs + 3))
    levels = tokens.evaluate_all("(all) => all.map((one) => Number.isNaN(one.level) ? null : one.level)")
    wanted = [
        None if np.isnan(level) else pytest.approx(level, abs=1e-6) for level in alignment_levels(trace)[outputs + 3]
    ]
    assert levels == wanted
    np.testing.assert_allclose(plotted(explorer, 2, "y"), alignment_patch(trace, outputs + 3)["frame.y"])

    tokens.nth(2).click()
    wait_for_sentence(explorer, describe_alignment(trace, 2))
    page.keyboard.press("ArrowRight")
    wait_for_sentence(explorer, describe_alignment(trace, 3))
    control(explorer, "Outputs, then source").focus()
    page.keyboard.press("End")
    wait_for_sentence(explorer, describe_alignment(trace, outputs + len(trace.source) - 1))

    page.mouse.move(0, 0)  # it would point at what comes to lie under it
    control(explorer, "Translate").select_option(index=1)
    wait_for_sentence(explorer, describe_alignment(traced(1), len(traced(1).said) + len(traced(1).source) - 1))
    assert watch == Watch()


def test_on_a_phone_every_letter_of_both_axes_can_be_read(narrow: Page, watch: Watch):
    explorer = show(narrow, MAKE, ALIGNMENT)
    assert (explorer.locator(".seqviz-figure").bounding_box() or {"width": 999})["width"] <= 390
    assert faults(explorer) == []
    trace = traced(0)
    assert len(trace.source) == 35
    for axis, tokens in (("x", trace.said), ("y", trace.source)):
        labels = explorer.locator(f".seqviz-figure .{axis}tick text")
        expect(labels).to_have_count(len(tokens))
        boxes = labels.evaluate_all("(all) => all.map((one) => one.getBoundingClientRect().toJSON())")
        near, far = ("left", "right") if axis == "x" else ("top", "bottom")
        middles = [(box[near] + box[far]) / 2 for box in boxes]
        assert min(np.diff(middles)) >= (12 if axis == "y" else 14)
        assert min(box["height"] for box in boxes) >= 10
    assert watch == Watch()


def test_axe_finds_nothing_serious_in_either_theme(page: Page, watch: Watch, theme: str):
    show(page, MAKE, ALIGNMENT)
    set_theme(page, theme)
    assert not serious_violations(page, context=".seqviz")
    assert watch == Watch()
