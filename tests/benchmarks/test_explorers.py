"""The benchmark of the explorers: its table is honest, its stopwatch stops when the picture is there."""

import pytest

from benchmarks import explorers
from benchmarks.jupyter import chromium


def times(*painted: float) -> explorers.Times:
    return [{"painted": value} for value in painted]


def result(**changes: object) -> dict[str, object]:
    """What a run measures, with every budget exactly met."""
    hold = {"keys": 150, "answers": 90, "last_key_to_last_paint_ms": explorers.LAG_MS}
    live = [times(explorers.LIVE_MS, explorers.LIVE_MS), times(90.0, 90.0)]
    return {
        "state": {"sv.show, a line": 50_000, "FigureWidget": 5_000_000, "shared runtime": 1_500_000},
        # a slow turn is slow for both
        "open": {
            "figure": times(100.0, 200.0),
            "explorer": times(200.0, 400.0),
            "FigureWidget": times(1000.0, 2000.0),
        },
        "live": {
            name + kind: of
            for kind in ("", ", no extension")
            for name, of in zip(("ribbon", "follower"), live, strict=True)
        },
        "scrub": [times(explorers.STEP_MS, explorers.STEP_MS)] * 3,
        "scene": [times(explorers.STEP_MS, explorers.STEP_MS)] * 3,
        "hold": {"ribbon": hold, "follower": hold},
        "heap": {kind: [7_000_000, 9_000_000] for kind in ("figure", "explorer", "FigureWidget")},
        "elsewhere": [],
    } | changes


def missed(of: dict[str, object]) -> list[str]:
    return [row["what"] for row in explorers.rows(of) if row[""] == "missed"]


def test_a_budget_exactly_met_is_met():
    rows = explorers.rows(result())
    assert [row[""] for row in rows].count("met") == 10
    assert missed(result()) == []


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"state": {"explore.run": 50_001, "FigureWidget": 1, "shared runtime": 1}}, "state, explore.run"),
        ({"scrub": [times(1.0, 99.0, 1.0), times(1.0, 17.0, 1.0)]}, "recorded step → painted, plotly draws"),
        ({"scene": [times(16.0, 18.0)]}, "recorded step → painted, we draw"),
        (
            {"open": {"figure": times(201.0), "explorer": times(200.0), "FigureWidget": times(1000.0)}},
            "cell run → figure painted",
        ),
        (
            {"heap": {"figure": [0, 0], "explorer": [0, 2_000_001], "FigureWidget": [0, 0]}},
            "heap, explorer run 1 times more",
        ),
        ({"elsewhere": ["http://example.org"]}, "requests elsewhere"),
    ],
)
def test_a_missed_budget_is_said(changes: dict[str, object], what: str):
    assert missed(result(**changes)) == [what]


def test_a_step_is_as_slow_as_in_its_fastest_pass_and_the_slowest_of_them_counts():
    assert explorers.slowest_step([times(5.0, 30.0, 9.0), times(40.0, 7.0, 8.0)]) == 8.0


@pytest.mark.browser
@pytest.mark.parametrize(("last", "keys"), [(2, "→→←←→"), (7, "→→→→→→→")])
def test_a_pass_makes_so_many_presses_and_every_step(last: int, keys: str):
    with chromium() as browser:
        page = browser.new_page()
        page.set_content(f"<input type=range min=0 max={last} value=1>")
        pressed = explorers.there_and_back(page.locator("input"), 5)
        assert page.locator("input").input_value() == "0"
    assert pressed == [{"→": "ArrowRight", "←": "ArrowLeft"}[key] for key in keys]


def test_every_code_cell_compiles_and_no_name_is_used_twice():
    cells = explorers.notebook(explorers.Sizes(opened=2), seed=3)
    for name, cell in cells.items():
        compile(cell.code, name, "exec")
    assert "manual_seed(3)" in cells["setup"].code
    assert sum(cell.draws == explorers.PEER for cell in cells.values()) == 2 + 1 + 1


@pytest.mark.browser
def test_the_stopwatch_runs_from_the_key_to_the_picture_that_differs():
    with chromium() as browser:
        page = browser.new_page()
        page.set_default_timeout(10_000)
        page.add_init_script(path=explorers.STOPWATCH)
        page.goto("data:text/html,<input id=figure data-serial=1 data-selected=0>")
        # a drawing of the same picture at once, which does not count, and the answer 80 ms later
        page.evaluate("""() => {
            const draw = () => figure.dispatchEvent(new CustomEvent("seqviz:painted", { bubbles: true }));
            figure.addEventListener("keydown", () => {
                draw();
                setTimeout(() => { figure.dataset.serial = 2; draw(); }, 80);
            });
            figure.focus();
            stopwatch.watchOurs("figure", figure);
            stopwatch.expect("figure");
        }""")
        page.keyboard.press("ArrowRight")
        taken = page.evaluate("() => stopwatch.last('figure')")
        # a timer may fire a millisecond early
        assert 79 <= taken["drawn"] <= taken["painted"]


@pytest.mark.browser
def test_a_small_run_measures_everything_and_asks_nobody_else():
    sizes = explorers.Sizes(hidden=8, text="the value", opened=2, presses=10, seconds=1.0, reruns=1)
    measured = explorers.measure(sizes, seed=1)
    assert measured["elsewhere"] == []
    assert measured["errors"] == []
    for passes in (measured["scrub"], measured["scene"]):
        assert [len(presses) for presses in passes] == [10, 10, 10]
    assert {name: len(of) for name, of in measured["live"].items()} == dict.fromkeys(measured["live"], 10)
    # the picture that follows the kernel is drawn after its answer, of which there is one for each press
    live = measured["live"]["ribbon"]
    assert all(0 < press["drawn"] <= press["painted"] for press in live)
    waited = [press for press in live if "answered" in press]  # the others had been answered before
    assert waited
    assert all(0 < press["answered"] <= press["drawn"] for press in waited)
    assert all("asked" not in press for presses in measured["scrub"] for press in presses)
    assert measured["hold"]["ribbon"]["keys"] == 30
    assert 1 <= measured["hold"]["ribbon"]["answers"] <= 60
    # ours refer to plotly.js, theirs carry it
    assert len(explorers.rows(measured)) > 10
    state = measured["state"]
    assert state.pop("FigureWidget") > 4e6
    assert state.pop("shared runtime") > 4e5
    assert max(state.values()) < explorers.STATE_BYTES
    assert {kind: len(used) for kind, used in measured["heap"].items()} == dict.fromkeys(measured["heap"], 2)
