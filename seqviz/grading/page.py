"""The frame of the HTML files: no script runs in it, nothing is fetched, every word of a student's is text."""

from collections.abc import Iterable, Sequence
from html import escape

_STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0 1.5rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8886; }
@media (max-width: 30rem) { th, td { padding-right: .4rem; } }
td { unicode-bidi: isolate; }
td:first-child, td:last-child:not(.number) { overflow-wrap: anywhere; min-width: 4rem; max-width: 24rem; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
h1, li { overflow-wrap: anywhere; unicode-bidi: isolate; }
section { border-top: 1px solid #8886; margin-top: 1.5rem; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.hint { border-left: .25rem solid #0072b2; padding-left: .75rem; }
.note { border-left: .25rem solid #d55e00; padding-left: .75rem; }
"""


def html_page(title: str, body: Iterable[str], scripts: bool = False) -> str:
    """Return a whole page; ``scripts`` only for one in which plots are drawn, by a script that is inside it."""
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    if scripts:
        policy += "; script-src 'unsafe-inline'"
    return "\n".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>",
            f"<h1>{escape(title)}</h1>",
            *body,
            "</main>\n</body>\n</html>\n",
        ]
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """Return a table of texts; what reads as a number stands to the right."""
    parts = ["<table>", f"<caption>{escape(caption)}</caption>" if caption else "", "<thead><tr>"]
    parts += [f'<th scope="col">{escape(name)}</th>' for name in head]
    parts.append("</tr></thead><tbody>")
    for row in rows:
        parts += ["<tr>", *(_cell(value) for value in row), "</tr>"]
    return "".join([*parts, "</tbody></table>"])


def _cell(value: str) -> str:
    kind = ' class="number"' if value.replace(".", "", 1).replace("%", "", 1).strip().isdigit() else ""
    return f"<td{kind}>{escape(value)}</td>"
