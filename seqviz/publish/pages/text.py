"""Markdown and code as HTML that needs nothing from elsewhere: equations become MathML, which browsers draw."""

import re
from functools import cache
from html import escape

from math_core import LatexError, LatexToMathML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from seqviz.publish.errors import ReleaseError

LONG = 40  # characters of LaTeX
ANCHOR = '<a class="anchor" aria-label="Link to this section"'


@cache
def _converter() -> LatexToMathML:
    return LatexToMathML()


def equation(latex: str, *, display: bool) -> str:
    """Return an equation as MathML. Raises ReleaseError, quoting it, when it cannot be read."""
    try:
        return _converter().convert_with_local_state(latex.strip(), displaystyle=display)
    except LatexError as error:
        raise ReleaseError(f"the equation ${latex.strip()}$ cannot be written as MathML: {error}") from error


def slug(html: str) -> str:
    """Return a heading's anchor."""
    return re.sub(r"\W+", "-", re.sub(r"<[^>]*>", "", html)).strip("-").lower()


class PageRenderer(IPythonRenderer):
    """nbconvert's Markdown, with equations drawn, wide things scrolling by themselves, links to pages."""

    def block_math(self, body: str) -> str:
        """Return a displayed equation."""
        return f'<div class="scroll">{equation(body, display=True)}</div>'

    def inline_math(self, body: str) -> str:
        """Return an equation within a line; a long one scrolls by itself on a phone, since no line breaks in it."""
        drawn = equation(body, display=False)
        return f'<span class="long">{drawn}</span>' if len(body) > LONG else drawn

    def latex_environment(self, name: str, body: str) -> str:
        """Return a displayed environment."""
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")

    def heading(self, text: str, level: int, **_: object) -> str:
        """Return a heading, and of a section its link: it can be copied from there."""
        link = f' {ANCHOR} href="#{slug(text)}">#</a>' if level > 1 else ""
        return f'<h{level} id="{slug(text)}">{text}{link}</h{level}>\n'

    def table(self, text: str) -> str:
        """Return a table that scrolls on a phone."""
        return f'<div class="scroll"><table>{text}</table></div>\n'

    def table_cell(self, text: str, align: str | None = None, head: bool = False) -> str:
        """Return a cell of a table; one without words heads nothing."""
        tag = "th" if head and text.strip() else "td"
        style = f' style="text-align:{align}"' if align else ""
        return f"<{tag}{style}>{text}</{tag}>"

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """Return a link: to a chapter's page, or away; what has no page here keeps its text."""
        chapter = re.fullmatch(r"(\d\d[a-z]?_\w+)\.ipynb(#.*)?", url)
        if chapter:
            return super().link(text, f"{chapter[1]}.html{chapter[2] or ''}", title)
        return super().link(text, url, title) if "://" in url or url.startswith("#") else text


def markdown(source: str) -> str:
    """Return Markdown as HTML."""
    return MarkdownWithMath(renderer=PageRenderer(escape=False)).render(source)


def python(source: str) -> str:
    """Return Python as HTML, coloured by classes."""
    return f'<pre class="code"><code>{highlight(source, PythonLexer(), HtmlFormatter(nowrap=True))}</code></pre>'


def plain(text: str) -> str:
    """Return printed text as HTML."""
    return f'<pre class="printed">{escape(text)}</pre>'
