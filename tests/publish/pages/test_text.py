"""Markdown, equations and code as HTML that needs nothing from elsewhere."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from seqviz.publish.errors import ReleaseError
from seqviz.publish.pages.text import equation, markdown, plain, python

ROOT = Path(__file__).parents[3]
CELLS = [
    (path.stem, "".join(cell["source"]))
    for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    if cell["cell_type"] == "markdown"
]


def test_an_equation_becomes_mathml():
    inline, display = equation("h_t", display=False), equation("h_t", display=True)
    assert [element.tag.rpartition("}")[2] for element in ElementTree.fromstring(inline).iter()][1:] == [
        "msub",
        "mi",
        "mi",
    ]
    assert ElementTree.fromstring(display).get("display") == "block"


def test_an_equation_that_cannot_be_read_is_quoted():
    with pytest.raises(ReleaseError, match=r"the equation \$\\nonsense\{x\}\$ cannot be written as MathML"):
        markdown("Look: $\\nonsense{x}$")


def test_no_equation_of_the_chapters_is_left_as_latex():
    assert len(CELLS) > 50
    for stem, source in CELLS:
        html = re.sub(r"<code>.*?</code>|<pre.*?</pre>", "", markdown(source), flags=re.S)
        assert "$" not in html, (stem, source[:80])


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("[on](03_backpropagation_through_time.ipynb)", 'href="03_backpropagation_through_time.html"'),
        ("[on](07a_torch_rnn.ipynb)", 'href="07a_torch_rnn.html"'),
        ("[on](03_gates.ipynb#the-cell)", 'href="03_gates.html#the-cell"'),
        ("[paper](https://example.org/a)", 'href="https://example.org/a"'),
        ("[notes](../docs/notation.md)", "<p>notes</p>"),
        ("# One", '<h1 id="one">One</h1>'),
        (
            "## Two *readers*",
            '<h2 id="two-readers">Two <em>readers</em> '
            '<a class="anchor" aria-label="Link to this section" href="#two-readers">#</a></h2>',
        ),
        ("|a|\n|---|\n|b|", '<div class="scroll"><table>'),
        ("| |a|\n|---|---:|\n|b|c|", '<td></td><th style="text-align:right">a</th>'),
        (f"where ${'x + ' * 10}y$", 'where <span class="long"><math'),
        ("where $x$", "where <math"),
    ],
)
def test_what_leads_somewhere_and_what_scrolls(source: str, html: str):
    assert html in markdown(source)


def test_code_and_printed_text_are_escaped_and_coloured():
    assert '<span class="k">if</span>' in python("if a < b: pass")
    assert "&lt;" in python("a < b")
    assert plain("<script>") == '<pre class="printed">&lt;script&gt;</pre>'
