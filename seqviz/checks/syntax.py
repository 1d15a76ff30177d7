"""Cells that Python cannot read: in which line, what it says, and the line itself."""

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass

from .cell_source import without_commands

_LONGEST = 100  # characters of a line that are shown


@dataclass(frozen=True)
class SyntaxFault:
    """Where Python gave up: the line, counted from 1, what it says, and the line as it was typed."""

    line: int
    words: str
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.words}"


def fault_in(source: str) -> SyntaxFault | None:
    """Return the first syntax error of a cell; None where Python, or IPython for its own commands, can read it."""
    for text in (source, without_commands(source)):
        try:
            ast.parse(text)
        except SyntaxError as error:
            fault = error
        except (ValueError, RecursionError, MemoryError):
            return None  # too deeply nested: there is no line to show
        else:
            return None
    lines = source.split("\n")
    if fault.lineno is None or fault.lineno > len(lines):
        return None  # signs that no text has
    return SyntaxFault(fault.lineno, fault.msg, lines[fault.lineno - 1].rstrip()[:_LONGEST])


def fault_of(name: str, cells: Sequence[str]) -> SyntaxFault | None:
    """Return the syntax error of the last cell that was to define a function; None where that cell can be read.

    Where none has ``def`` and the name, it is the last cell that names the function and cannot be read.
    """
    named = re.compile(rf"\b{re.escape(name)}\b")
    defining = re.compile(rf"\bdef\s+{named.pattern}")
    if definitions := [cell for cell in cells if defining.search(cell)]:
        return fault_in(definitions[-1])
    faults = [fault_in(cell) for cell in reversed(cells) if named.search(cell)]
    return next(filter(None, faults), None)
