"""The folder of pages: one per chapter, a front page, and what they share."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from string import Template

from seqviz.publish.pages import onnxruntime
from seqviz.publish.pages.chapter import Chapter
from seqviz.publish.pages.text import markdown
from seqviz.widgets.javascript import joined
from seqviz.widgets.plotly_js import plotly_source
from seqviz.widgets.runtime import FRONT_END

ASSETS = Path(__file__).with_name("assets")
TYPED = "Where a box takes your own text, the page computes; to change the code, open the notebook."


def page_script() -> str:
    """Return the notebooks' front end and its player of recordings, as a classic script: on file:// no module loads."""
    return f"(() => {{\n{joined(ASSETS / 'page.js')}}})();\n"


def write_shared(site: Path) -> None:
    """Write what all pages share: plotly.js once, our script and style."""
    shared = site / "shared"
    shared.mkdir(parents=True, exist_ok=True)
    style = (FRONT_END / "style.css").read_text(encoding="utf-8") + (ASSETS / "page.css").read_text(encoding="utf-8")
    for name, text in (
        ("plotly.js", plotly_source()),
        ("seqviz.js", page_script()),
        ("seqviz.css", style),
    ):
        (shared / name).write_text(text, encoding="utf-8")


def write_runtime(site: Path) -> Path:
    """Write what pages that compute share, and return its path."""
    return _whole(site / "shared" / onnxruntime.NAME, onnxruntime.script())


def write_chapter(site: Path, chapter: Chapter, titles: Mapping[str, str]) -> Path:
    """Write a chapter's page with links to its neighbours in ``titles`` (by stem, in order) and return its path."""
    order = list(titles)
    place = order.index(chapter.stem)
    neighbours = {
        "Previous": order[place - 1] if place else None,
        "Next": order[place + 1] if place + 1 < len(order) else None,
    }
    links = "".join(
        f'<a href="{stem}.html">{label}: {_set(titles[stem])}</a>' for label, stem in neighbours.items() if stem
    )
    above, below = (
        f'<nav aria-label="{name}"><a href="index.html">All chapters</a>{links}</nav>'
        for name in ("Chapters", "Chapters, at the end")
    )
    note = (
        '<p class="note">This page was recorded: its explorers move among recorded values, without a kernel. '
        f"{TYPED if chapter.graphs else 'To change the code or to type, open the notebook.'}</p>"
    )
    for name, script in chapter.graphs.items():
        _whole(site / name, script)
    return _write(site / f"{chapter.stem}.html", chapter.title, f"{above}<main>{note}{chapter.body}</main>{below}")


def write_front(site: Path, chapters: Sequence[Chapter]) -> Path:
    """Write the front page: every chapter with its question."""
    items = "".join(
        f'<li value="{int(chapter.stem[:2])}"><a href="{chapter.stem}.html">{_set(chapter.title)}</a>'
        f"{markdown(chapter.question)}</li>"
        for chapter in chapters
    )
    intro = (
        "<p>Sequence models built from scratch, moved by hand and checked. Everything here works without a network.</p>"
    )
    return _write(site / "index.html", "seqviz", f"<main><h1>seqviz</h1>{intro}<ol>{items}</ol></main>")


def _set(title: str) -> str:
    """Return a title with its code set as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(title))


def _write(path: Path, title: str, body: str) -> Path:
    frame = Template((ASSETS / "page.html").read_text(encoding="utf-8"))
    return _whole(path, frame.substitute(title=escape(title.replace("`", "")), body=body))


def _whole(path: Path, text: str) -> Path:
    """Write a file whole or not at all: a page that is open in a browser is never half of one."""
    unfinished = path.with_suffix(".part")
    unfinished.write_text(text, encoding="utf-8")
    return unfinished.replace(path)
