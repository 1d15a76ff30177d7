"""Read a notebook cell as Python: IPython's own commands, which Python's parser does not know, are taken out.

Every step takes time in proportion to the cell, whatever is in it.
"""

import ast
import re
import symtable
from dataclasses import dataclass

_RUN_HERE = {"time", "capture", "prun"}  # cell magics that run the cell as if they were not there
_RUN_ELSEWHERE = {  # … and those that leave nothing behind in the notebook's own names
    *("HTML", "SVG", "bash", "cmd", "file", "html", "javascript", "js", "latex", "markdown", "perl", "pypy", "python"),
    *("python2", "python3", "ruby", "script", "sh", "svg", "timeit", "writefile"),
}

_MARK = re.compile(r"""\\.|\"{3}|'{3}|[\"'#()\[\]{}]""")  # what begins or ends a text, a comment or brackets


class TooDeepError(ValueError):
    """Code is nested so deeply that it cannot be looked through."""


@dataclass(frozen=True)
class Cell:
    """A cell as a syntax tree with Python's own table of its names; ``sure`` unless an unknown command runs it."""

    tree: ast.Module
    table: symtable.SymbolTable
    sure: bool = True


def read_cell(source: str) -> Cell | None:
    """Read a cell; None if it is not Python, or leaves no names.

    Raises:
        TooDeepError: it is nested too deeply for Python's parser.
    """
    sure = True
    source = source.lstrip()
    while source.startswith("%%"):
        first, _, source = source.partition("\n")
        magic = first[2:].split(maxsplit=1)[0] if first[2:].strip() else ""
        if magic in _RUN_ELSEWHERE:
            return None
        sure = sure and magic in _RUN_HERE
        source = source.lstrip("\n")
    for rewrite in (str, without_commands):
        text = rewrite(source)
        try:
            return Cell(ast.parse(text), symtable.symtable(text, "cell", "exec"), sure)
        except (SyntaxError, ValueError):
            continue
        except (RecursionError, MemoryError) as error:
            raise TooDeepError("code nested too deeply to be looked through") from error
    return None


def without_commands(source: str) -> str:
    """Put a line of Python in place of every magic, command for the shell and question that starts a statement."""
    lines: list[str] = []
    depth, quote, continued = 0, "", False
    for line in source.split("\n"):
        if continued:
            lines.append("")
            continued = line.endswith("\\")
            continue
        replaced = line if depth or quote else _without_command(line)
        lines.append(replaced)
        if replaced is not line:
            continued = line.endswith("\\")
        else:
            depth, quote = _after(line, depth, quote)
    return "\n".join(lines)


def _after(line: str, depth: int, quote: str) -> tuple[int, str]:
    """Return in how many brackets, and in which quotes, the next line stands."""
    for mark in _MARK.findall(line):
        if quote:
            quote = "" if mark == quote else quote
        elif mark == "#":
            break
        elif mark in "([{":
            depth += 1
        elif mark in ")]}":
            depth = max(0, depth - 1)
        elif mark[0] in "\"'":
            quote = mark
    return depth, quote if len(quote) == 3 else ""  # other texts end with their line


def _without_command(line: str) -> str:
    code = line.lstrip(" \t")
    indent = line[: len(line) - len(code)]
    if code.startswith("%time "):
        return indent + code.removeprefix("%time ").lstrip()
    if code.startswith(("%", "!", "?")) or code.rstrip().endswith("?"):
        return f"{indent}pass"
    names, equals, value = code.partition("=")
    if equals and value.lstrip().startswith(("%", "!")):
        return f"{indent}{names}= None"
    return line
