"""Messages as plain text and as HTML: headings, labelled rows, and colours that follow JupyterLab's theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

# JupyterLab's variables where they exist; elsewhere the browser's own colours, which know light from dark
_TEXT = "var(--jp-content-font-color1, CanvasText)"
_LINE = "var(--jp-border-color2, GrayText)"
_GOOD = "var(--jp-success-color1, #2e7d32)"
_BAD = "var(--jp-error-color1, #c62828)"
_OPEN = "var(--jp-brand-color1, #1976d2)"
_CELL = f"text-align:left;vertical-align:top;padding:0.15em 1em 0.15em 0;border:0;background:none;color:{_TEXT}"


@dataclass(frozen=True)
class Part:
    """A titled paragraph of a message, with labelled rows, and with printed text kept as it is."""

    title: str
    text: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    code: str = ""
    link: str = ""  # where its title leads


def as_text(part: Part) -> str:
    """Return ``part`` as lines of plain text."""
    width = max((len(label) for label, _ in part.rows), default=0)
    lines = [part.title + (":" if part.text or part.rows or part.code else "")]
    lines += [f"  {part.text}"] if part.text else []
    lines += [f"  {label:<{width}}  {words}" for label, words in part.rows]
    lines += [f"  {line}" for line in part.code.splitlines()]
    return "\n".join(lines)


def page(headline: str, parts: Sequence[Part], *, good: bool | None, label: str) -> str:
    """Return a message as one HTML region that a screen reader announces; the bar's colour only repeats the words.

    where ``good`` is None for what is neither: a message on the way.
    """
    bar = _OPEN if good is None else _GOOD if good else _BAD
    return (
        f'<div role="status" aria-label="{escape(label)}" style="color:{_TEXT};'
        f'border-left:4px solid {bar};padding:0.2em 0 0.2em 1em;margin:0.3em 0">'
        f'<p style="font-weight:600;margin:0.2em 0">{escape(headline)}</p>{"".join(map(_as_html, parts))}</div>'
    )


def _as_html(part: Part) -> str:
    words = f'<a href="{escape(part.link)}">{escape(part.title)}</a>' if part.link else escape(part.title)
    title = f'<p style="font-weight:600;margin:0.8em 0 0.1em">{words}</p>'
    text = f'<p style="margin:0.1em 0">{escape(part.text)}</p>' if part.text else ""
    code = f'<pre style="color:{_TEXT};border-left:1px solid {_LINE};padding-left:0.7em">{escape(part.code)}</pre>'
    return title + text + _table(part) + (code if part.code else "")


def _table(part: Part) -> str:
    """Return the rows of ``part``; the first cell names the row."""
    if not part.rows:
        return ""
    rows = "".join(
        f'<tr style="background:none"><th scope="row" style="{_CELL};font-weight:normal">{escape(label)}</th>'
        f'<td style="{_CELL}">{escape(words)}</td></tr>'
        for label, words in part.rows
    )
    return (
        f'<table aria-label="{escape(part.title)}" style="border-collapse:collapse;margin:0.1em 0">'
        f"<tbody>{rows}</tbody></table>"
    )
