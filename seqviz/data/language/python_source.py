"""Python's own source as a text to learn from: it comes with every Python."""

import importlib.util
import string
from functools import cache
from pathlib import Path

from seqviz.data.tokenizer import Tokenizer

# Long enough, pure Python, and in every version; the text still differs a little from one version to the next.
_MODULES = ("argparse", "calendar", "configparser", "difflib", "fractions", "heapq", "statistics", "textwrap")

SOURCE_ALPHABET = Tokenizer.of_characters("\n" + string.printable[:95])


@cache
def python_source() -> str:
    """Return some hundred thousand characters of the standard library: printable ASCII and line breaks alone."""
    known = set(SOURCE_ALPHABET.tokens)
    texts = [_text_of(module).expandtabs(4) for module in _MODULES]
    return "".join(character for character in "\n".join(texts) if character in known)


def _text_of(module: str) -> str:
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"expected the source of {module} to come with this Python, found none")
    return Path(spec.origin).read_text(encoding="utf-8")
