"""One executed chapter as the body of a page."""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from nbformat import NotebookNode

from seqviz.publish.pages import onnxruntime
from seqviz.publish.pages.execute import ANSI
from seqviz.publish.pages.text import ANCHOR, markdown, plain, python
from seqviz.widgets.recording import MIME


@dataclass(frozen=True)
class Chapter:
    """What a chapter says of itself, and its body."""

    stem: str
    title: str
    question: str
    body: str
    graphs: Mapping[str, str] = field(default_factory=dict)  # scripts that are loaded where somebody types, by path


def chapter_page(stem: str, notebook: NotebookNode) -> Chapter:
    """Return the page of an executed notebook: its first heading is the title, its first bold words the question."""
    notebook = copy.deepcopy(notebook)  # whoever ran it keeps its recordings
    graphs = _take_graphs(stem, notebook)
    numbered = enumerate(notebook.cells)
    shown = (_code(cell, number) if cell.cell_type == "code" else markdown(cell.source) for number, cell in numbered)
    body = "\n".join(f'<div class="cell">{cell}</div>' for cell in shown)
    body = body.replace("</h1>\n", f"</h1>\n{_contents(body)}", 1)
    return Chapter(stem, title_of(stem, notebook), _question(_first_words(notebook)), body, graphs)


def title_of(stem: str, notebook: NotebookNode) -> str:
    """Return a chapter's first heading, or its stem if it has none."""
    title = re.search(r"^# (.+)$", _first_words(notebook), re.M)
    return title[1] if title else stem


def _first_words(notebook: NotebookNode) -> str:
    return next(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def _question(source: str) -> str:
    """Return the first bold words that ask something, or else the first bold ones."""
    bold = re.findall(r"\*\*(.+?)\*\*", source, re.S)
    asking = [words for words in bold if words.endswith("?")]
    return " ".join((asking or bold or [""])[0].split())


def _contents(body: str) -> str:
    """Return links to the sections of a page; nothing where there is nothing to choose."""
    sections = re.findall(rf'<h2 id="([^"]+)">(.*?){re.escape(ANCHOR)}', body)
    links = "".join(f'<li><a href="#{anchor}">{text.strip()}</a></li>' for anchor, text in sections)
    return f'<nav class="contents" aria-label="On this page"><ol>{links}</ol></nav>\n' if len(sections) > 1 else ""


def _code(cell: NotebookNode, number: int) -> str:
    lines = cell.source.removeprefix("# NBVAL_CHECK_OUTPUT").strip("\n")  # a word to the tests, not to a reader
    source = python(lines) if lines.strip() else ""
    if cell.metadata.get("jupyter", {}).get("source_hidden"):
        source = f"<details><summary>Code</summary>{source}</details>"
    return "\n".join([source, *_outputs(cell, number)])


def _outputs(cell: NotebookNode, number: int) -> Iterator[str]:
    for place, output in enumerate(cell.outputs):
        if output.output_type == "stream":
            if output.name == "stdout":  # the other is progress bars
                yield plain(ANSI.sub("", output.text))
        elif "data" in output:
            yield _shown(output.data, f"recording-{number}-{place}")


def _shown(data: dict[str, Any], name: str) -> str:
    """Return an output in the richest form that a page can hold."""
    if MIME in data:
        return _recording(data[MIME], data.get("text/plain", ""), name)
    if "text/html" in data:
        return f'<div class="scroll">{data["text/html"]}</div>'
    if "application/vnd.jupyter.widget-view+json" in data:
        return ""  # a progress bar, which is done
    return plain(data.get("text/plain", ""))


def _take_graphs(stem: str, notebook: NotebookNode) -> dict[str, str]:
    """Take the graphs of models out of the recordings into scripts, which these name; without the runtime, drop them.

    A recording then says how much its page loads at the first key.
    """
    scripts: dict[str, str] = {}
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    for recording in [output.data[MIME] for output in outputs if MIME in output.get("data", {})]:
        if not onnxruntime.available():
            recording.pop("computed", None)
        elif computed := recording.get("computed"):
            path = f"shared/{stem}-graphs-{len(scripts) + 1}.js"
            graphs = json.dumps(computed.pop("models"))
            scripts[path] = f"(globalThis.seqvizGraphs ??= {{}})[{json.dumps(path)}] = {graphs};\n"
            computed |= {"graphs": path, "bytes": len(scripts[path]) + len(onnxruntime.script())}
    return scripts


def _recording(recording: dict[str, Any], sentence: str, name: str) -> str:
    """Return the place of a widget, holding its sentence until it is drawn, and its recording."""
    height = recording.get("figure", {}).get("layout", {}).get("height", 60)
    state = json.dumps(recording, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
    return (
        f'<script type="application/json" id="{name}">{state}</script>'
        f'<div class="recorded" data-recording="{name}" style="min-height:{height}px"><p>{escape(sentence)}</p></div>'
    )
