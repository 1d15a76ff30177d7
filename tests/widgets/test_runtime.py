"""plotly.js goes to the browser once per kernel."""

import gzip
import re

from ipywidgets import Widget

from seqviz.widgets.plotly_js import plotly_source
from seqviz.widgets.quizzes import quiz
from seqviz.widgets.runtime import FRONT_END, paragraphs, shared_runtime
from tests.widgets.wire import size_in_bytes


def ask():
    return quiz("Which?", {"a": "no", "b": "yes"}, right="b")


def test_one_runtime_serves_every_widget():
    first, second = ask(), ask()
    assert first.runtime is second.runtime is shared_runtime()


def test_a_widget_refers_to_the_runtime_when_it_opens(wire):
    asked = ask()
    assert wire.opened(asked)["runtime"] == f"IPY_MODEL_{shared_runtime().model_id}"
    opened = [model_id for model_id, kind, _ in wire.sent if kind == "comm_open"]
    assert opened.index(shared_runtime().model_id) < opened.index(asked.model_id)


def test_after_the_runtime_was_closed_there_is_a_new_one():
    old = ask().runtime
    Widget.close_all()
    assert old.comm is None
    new = ask().runtime
    assert new is not old
    assert new.comm is not None
    assert new is shared_runtime()


def test_it_carries_plotly_compressed(wire):
    state = wire.opened(shared_runtime())
    assert gzip.decompress(state["plotly"]).decode() == plotly_source()
    assert len(state["plotly"]) < 600_000
    assert state["style"] == (FRONT_END / "style.css").read_text(encoding="utf-8")


def test_the_front_end_is_every_file_once_and_exports_what_the_loader_calls(wire):
    source = wire.opened(shared_runtime())["front_end"]
    loader = (FRONT_END / "loader.js").read_text(encoding="utf-8")
    for path in FRONT_END.glob("*.js"):
        first_line = path.read_text(encoding="utf-8").splitlines()[0]
        assert source.count(first_line) == (path.name != "loader.js"), path.name
    assert set(re.findall(r"^export function (\w+)", source, re.M)) == {"use", "render"}
    assert "module.use(" in loader
    assert ".render(" in loader
    assert not re.findall(r"^import\b.*", source, re.M)  # there is no server to ask
    assert "http" not in loader


def test_a_widget_itself_is_small():
    assert size_in_bytes(ask()) < 5_000


def test_lines_of_a_still_are_text_with_symbols():
    assert paragraphs("h_t−1 < 2", "<b>") == "<p>h<sub>t−1</sub> &lt; 2</p><p>&lt;b&gt;</p>"
