"""What hands do to a page (resize it, drag, click, touch), and how the pictures then lie on the screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from .conftest import Watch
from .page import Place, at, between, control, drawn, faults, pull, resize, set_range, show, touch, wait_until_it_fills

pytestmark = pytest.mark.browser


@pytest.fixture
def page(page: Page, watch: Watch) -> Iterator[Page]:
    """A scene, two panels with a point to drag, and a figure; whoever changes the page itself changes it back."""
    show(page, "sv.explore.unrolled()", "sv.explore.regimes()", "sv.show(sv.plots.losses({'loss': [3.0, 2.0, 1.5]}))")
    yield page
    assert watch == Watch()


def explorer(page: Page, number: int) -> Locator:
    found = page.locator(".seqviz").nth(number)
    found.scroll_into_view_if_needed()
    return found


def lies(explorer: Locator) -> dict[str, float]:
    """Where the picture and its sentence lie, in pixels below and right of the explorer's corner."""
    return explorer.evaluate(
        """(root) => {
          const at = root.getBoundingClientRect();
          const [figure, svg, sentence] = [".seqviz-figure", ".main-svg", ".seqviz-sentence"]
            .map((name) => root.querySelector(name).getBoundingClientRect());
          return { top: svg.top - at.top, height: svg.height, sentence: sentence.top - at.top,
                   width: svg.width, room: figure.width };
        }"""
    )


def ranges(explorer: Locator) -> list[list[float]]:
    return explorer.locator(".seqviz-figure").evaluate(
        "(div) => ['xaxis', 'yaxis', 'xaxis2', 'yaxis2'].map((name) => div._fullLayout[name]?.range)"
    )


def wait_until_the_point_is_at(explorer: Locator, place: Place) -> None:
    """Wait for the last point of the first panel to be drawn there, to a pixel; a busy machine draws it late."""
    explorer.page.wait_for_function(
        """([explorer, [x, y]]) => {
            const points = explorer.querySelectorAll(".subplot.xy .scatterlayer .point");
            const box = points[points.length - 1].getBoundingClientRect();
            return Math.hypot(box.x + box.width / 2 - x, box.y + box.height / 2 - y) < 1.5;
        }""",
        arg=[explorer.element_handle(), list(place)],
    )


def test_a_figure_keeps_its_height_and_fills_its_width_whatever_becomes_of_the_window(page: Page):
    resize(page, 1200)  # whatever it was
    figures = [explorer(page, 1), explorer(page, 2)]
    for figure in figures:
        wait_until_it_fills(figure)
    before = [(lies(figure), drawn(figure)) for figure in figures]
    for width in (1190, 1300, 1400, 1200):
        resize(page, width)
        for figure, (then, _) in zip(figures, before, strict=True):
            wait_until_it_fills(figure)
            now = lies(figure)
            assert now["height"] == pytest.approx(then["height"], abs=0.5)
            assert now["sentence"] >= now["top"] + now["height"]  # no sentence lies on a plot
    assert [(lies(figure), drawn(figure)) for figure in figures] == before


def test_in_a_narrow_window_panels_stand_below_each_other_and_come_back(page: Page):
    regimes = explorer(page, 1)
    wait_until_it_fills(regimes)
    before = drawn(regimes)
    resize(page, 800)
    wait_until_it_fills(regimes)
    assert regimes.locator(".seqviz-figure").evaluate(
        """(div) => {
          const { xaxis, xaxis2, yaxis, yaxis2 } = div._fullLayout;
          return yaxis2._offset > yaxis._offset + yaxis._length && Math.abs(xaxis._length - xaxis2._length) < 1;
        }"""
    )
    assert faults(regimes) == []
    expect(regimes.locator(".seqviz-legend li")).to_have_count(3)
    regimes.locator(".seqviz-figure").evaluate("(div) => div.scrollIntoView()")
    pull(page, at(regimes, ("xaxis", 1), ("yaxis", 0)), at(regimes, ("xaxis", 0.4), ("yaxis", 0.75)))
    wait_until_the_point_is_at(regimes, at(regimes, ("xaxis", 0.4), ("yaxis", 0.75)))
    set_range(control(regimes, "Forget gate f_t"), 1)
    set_range(control(regimes, "Input gate i_t"), 0)
    wait_until_the_point_is_at(regimes, at(regimes, ("xaxis", 1), ("yaxis", 0)))
    resize(page, 1200)
    wait_until_it_fills(regimes)
    expect(regimes.locator(".seqviz-legend li")).to_have_count(0)
    assert drawn(regimes) == before


def test_a_figure_fills_what_a_closed_side_bar_leaves_free(page: Page):
    figure = explorer(page, 2)
    for sign in (">", "<"):
        before = lies(figure)
        page.keyboard.press("Control+b")
        page.wait_for_function(
            f"([div, then]) => div.clientWidth {sign} then",
            arg=[figure.locator(".seqviz-figure").element_handle(), before["room"]],
        )
        wait_until_it_fills(figure)
        assert lies(figure)["height"] == before["height"]


def test_dragging_moves_the_point_and_never_the_axes(page: Page):
    regimes = explorer(page, 1)
    before = ranges(regimes)
    pull(page, at(regimes, ("xaxis", 1), ("yaxis", 0)), at(regimes, ("xaxis", 0.4), ("yaxis", 0.75)))
    expect(control(regimes, "Forget gate f_t")).to_have_value("0.4")
    expect(control(regimes, "Input gate i_t")).to_have_value("0.75")
    wait_until_the_point_is_at(regimes, at(regimes, ("xaxis", 0.4), ("yaxis", 0.75)))
    assert ranges(regimes) == before
    # a hand that goes on takes the point as far as it can go
    pull(page, at(regimes, ("xaxis", 0.4), ("yaxis", 0.75)), (5, 5))
    expect(control(regimes, "Forget gate f_t")).to_have_value("0")
    expect(control(regimes, "Input gate i_t")).to_have_value("1")
    assert ranges(regimes) == before
    # nor does a drag where there is nothing to drag: in the other panel, along an axis, on its end
    middle = at(regimes, ("xaxis2", 6), "yaxis2")
    pull(page, middle, (middle[0] + 60, middle[1] + 60))
    below = (middle[0], at(regimes, ("xaxis2", 6), ("yaxis2", -1))[1] + 40)
    pull(page, below, (below[0] + 60, below[1]))
    pull(page, (below[0] + 160, below[1]), (below[0] + 100, below[1]))
    page.mouse.dblclick(*middle)
    assert ranges(regimes) == before
    losses = explorer(page, 2)
    before = ranges(losses)
    middle = at(losses, ("xaxis", 1), "yaxis")
    pull(page, middle, (middle[0] + 60, middle[1] + 60))
    assert ranges(losses) == before
    assert not page.locator(".zoombox").count()


def test_a_finger_drags_where_there_is_something_to_drag_and_elsewhere_scrolls(page: Page):
    regimes = explorer(page, 1)
    set_range(control(regimes, "Forget gate f_t"), 1)
    set_range(control(regimes, "Input gate i_t"), 0)

    def scrolled() -> float:
        return regimes.evaluate("(root) => root.getBoundingClientRect().top")

    there = scrolled()
    touch(page, *between(at(regimes, ("xaxis", 1), ("yaxis", 0.2)), at(regimes, ("xaxis", 0.4), ("yaxis", 0.75))))
    expect(control(regimes, "Forget gate f_t")).to_have_value("0.4")
    expect(control(regimes, "Input gate i_t")).to_have_value("0.75")
    assert scrolled() == there
    for number, axes in ((1, ("xaxis2", "yaxis2")), (2, ("xaxis", "yaxis"))):
        start = at(explorer(page, number), (axes[0], 1), axes[1])
        there = scrolled()
        touch(page, *between(start, (start[0], start[1] + 160)))
        page.wait_for_function(
            "([root, there]) => Math.abs(root.getBoundingClientRect().top - there) > 50",
            arg=[regimes.element_handle(), there],
        )
    expect(control(regimes, "Forget gate f_t")).to_have_value("0.4")


def test_a_pull_goes_from_step_to_step_and_a_finger_only_along_the_axis(page: Page):
    window = show(page, "import torch, seqviz as sv", "sv.explore.window({'one': torch.ones(2)}, torch.arange(9.0))")

    def selected(step: int) -> None:
        expect(control(window, "Starts at step")).to_have_value(str(step))

    def step(number: float) -> Place:
        return at(window, ("xaxis", number), "yaxis")

    page.mouse.move(*step(1))
    page.mouse.down()
    for number in (3, 5, 4):
        page.mouse.move(*step(number), steps=3)
        selected(number)
    page.mouse.move(5, 5)  # beyond the first
    selected(0)
    page.mouse.up()
    selected(0)
    touch(page, *between(step(4), step(6)))
    selected(6)
    start = step(2)
    touch(page, *between(start, (start[0] + 5, start[1] + 160)))  # scrolls
    selected(6)
    touch(page, step(3))
    selected(3)


def test_a_node_of_the_network_is_selected_by_mouse_touch_and_key_and_a_drag_only_folds(page: Page):
    unrolling = explorer(page, 0)

    def middle(node: str) -> Place:
        box = unrolling.locator(f"[data-node='{node}'] circle").bounding_box()
        assert box
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def assert_selected(step: int) -> None:
        expect(unrolling.locator(".seqviz-sentence")).to_contain_text(f"Step {step} of 4")
        expect(unrolling.locator("[data-node].now")).to_have_attribute("data-node", f"h_{step}")

    page.mouse.click(*middle("h_3"))
    assert_selected(3)
    page.mouse.click(*middle("x_1"))
    assert_selected(1)
    touch(page, middle("h_4"))
    assert_selected(4)
    page.mouse.click(*middle("h_0"))  # no step of its own
    assert_selected(4)
    control(unrolling, "Step t").press("ArrowLeft")
    assert_selected(3)

    unfolded = control(unrolling, "Folded")
    expect(unfolded).to_have_value("1")
    start = middle("h_1")
    pull(page, start, (start[0] - 100, start[1]))
    expect(unfolded).not_to_have_value("1")
    assert_selected(3)
    page.mouse.move(*start)  # let go, it no longer follows
    folded = unfolded.input_value()
    page.mouse.move(start[0] + 50, start[1], steps=4)
    expect(unfolded).to_have_value(folded)
