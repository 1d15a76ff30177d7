"""An executed notebook as the body of a page."""

import gzip
import json
import re
from base64 import b64decode
from typing import Any

import nbformat
import pytest

from seqviz.publish.pages import onnxruntime
from seqviz.publish.pages.chapter import chapter_page
from seqviz.widgets.recording import MIME

v4 = nbformat.v4


def page(*cells):
    title = v4.new_markdown_cell("# Gates\n\nWords. **What\nis kept?**\n\nMore.")
    return chapter_page("05_gates", v4.new_notebook(cells=[title, *cells]))


def shown(**data):
    return v4.new_output("display_data", {name.replace("_", "/"): value for name, value in data.items()})


def code(source, *outputs, **metadata):
    cell = v4.new_code_cell(source, metadata=metadata)
    cell.outputs = list(outputs)
    return cell


def test_the_first_heading_is_the_title_and_its_bold_words_the_question():
    made = page()
    assert (made.stem, made.title, made.question) == ("05_gates", "Gates", "What is kept?")
    assert made.body.startswith('<div class="cell"><h1 id="gates">Gates</h1>')


def test_of_several_bold_words_the_question_is_the_one_that_asks():
    first = v4.new_markdown_cell("# Gates\n\nThe queens **were** here. **Who\nwere they?**")
    assert chapter_page("05_gates", v4.new_notebook(cells=[first])).question == "Who were they?"


def test_a_page_of_several_sections_begins_with_links_to_them():
    body = page(v4.new_markdown_cell("## One $h_t$\n\nWords.\n\n### Within"), v4.new_markdown_cell("## Two")).body
    links = re.search(r'</h1>\n<nav class="contents" aria-label="On this page"><ol>(.*?)</ol></nav>', body)
    assert links
    assert re.findall(r'<a href="(#[^"]+)">', links[1]) == re.findall(
        r'<h2 id="([^"]+)"', body.replace('id="', 'id="#')
    )
    assert "<math" in links[1]
    assert "contents" not in page(v4.new_markdown_cell("## One")).body


def test_what_is_a_word_to_the_tests_is_not_shown():
    body = page(code("# NBVAL_CHECK_OUTPUT\nprint(3)")).body
    assert "NBVAL" not in body
    assert '<pre class="code"><code><span class="nb">print' in body


def test_printed_words_stay_and_progress_bars_do_not():
    stdout = v4.new_output("stream", name="stdout", text="\x1b[31m3 < 4\x1b[0m")
    stderr = v4.new_output("stream", name="stderr", text="training: 100%")
    bar = v4.new_output(
        "display_data", {"application/vnd.jupyter.widget-view+json": {"model_id": "a"}, "text/plain": "training"}
    )
    body = page(code("print(3)", stdout, stderr, bar)).body
    assert '<pre class="printed">3 &lt; 4</pre>' in body
    assert "training" not in body


@pytest.mark.parametrize(
    ("data", "html"), [({"text_html": "<b>8</b>", "text_plain": "8"}, "<b>8</b>"), ({"text_plain": "a<b"}, "a&lt;b")]
)
def test_an_output_is_shown_in_its_richest_form(data, html):
    assert html in page(code("x", shown(**data))).body


def test_hidden_code_is_folded_away():
    body = page(code("sv.quiz()", jupyter={"source_hidden": True})).body
    assert re.search(r"<details><summary>Code</summary><pre.*sv", body)
    assert "<details>" not in page(code("sv.quiz()")).body


def test_a_recording_waits_behind_its_sentence_and_cannot_end_its_script():
    recording = {
        "kind": "explorer",
        "title": "</script><script>alert(1)</script>",
        "figure": {"layout": {"height": 320}},
    }
    output = v4.new_output("display_data", {MIME: recording, "text/plain": "It says <so>."})
    body = page(code("one"), code("two", output)).body
    found = re.search(r'<script type="application/json" id="recording-2-0">(.*?)</script>', body, re.S)
    assert json.loads(found[1]) == recording
    assert (
        '<div class="recorded" data-recording="recording-2-0" style="min-height:320px"><p>It says &lt;so&gt;.</p></div>'
        in body
    )
    assert body.count("<script") == 1


def computing():
    computed = {"kind": "sentence", "tokens": ["a"], "models": {"one": {"graph": "Zg==", "state": []}}}
    recording = {"kind": "explorer", "controls": [], "computed": computed}
    return page(code("sv.explore.sentence()", shown(**{MIME: recording, "text_plain": "A text."})))


def recorded_in(body: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="recording-1-0">(.*?)</script>', body)
    assert found
    return json.loads(found[1])


def test_a_page_computes_where_the_runtime_is_there(monkeypatch: pytest.MonkeyPatch):
    made = computing()
    [(path, script)] = made.graphs.items()
    assert path == "shared/05_gates-graphs-1.js"
    assert script == (f'(globalThis.seqvizGraphs ??= {{}})["{path}"] = {{"one": {{"graph": "Zg==", "state": []}}}};\n')
    size = len(script) + len(onnxruntime.script())
    told = {"kind": "sentence", "tokens": ["a"], "graphs": path, "bytes": size}
    assert recorded_in(made.body)["computed"] == told, "graphs are no part of the page"
    monkeypatch.setattr(onnxruntime, "FOLDER", onnxruntime.FOLDER / "missing")
    made = computing()
    assert not made.graphs
    assert "computed" not in recorded_in(made.body)


def test_the_runtime_is_one_script_with_its_licence():
    script = onnxruntime.script()
    assert script.startswith("/*! ONNX Runtime Web\nMIT License\n\nCopyright (c) Microsoft Corporation")
    content = json.loads(script.partition("globalThis.seqvizOnnxRuntime = ")[2].removesuffix(";\n"))
    assert gzip.decompress(b64decode(content["wasm"]))[:4] == b"\0asm"
    assert "ONNX Runtime Web v1.30.0" in content["module"]
