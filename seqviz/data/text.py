"""English prose that every Python carries: the reference texts behind ``help()``.

The text differs a little from one Python version to the next: state margins, not digits.
"""

import re
import string
from functools import cache
from pydoc_data.topics import topics

import torch
from jaxtyping import Int
from torch import Generator, Tensor

from seqviz.data.tokenizer import Tokenizer

PROSE_ALPHABET = Tokenizer.of_characters(string.ascii_lowercase + " .,'")


@cache
def prose() -> str:
    """Return a quarter of a million characters of prose: lower case, 26 letters, space, full stop, comma, apostrophe.

    Paragraphs that hold code (indented, or with little but symbols in them) are left out.
    """
    paragraphs = re.split(r"\n\s*\n", "\n\n".join(topics[name] for name in sorted(topics)))
    return " ".join(tidy(paragraph) for paragraph in paragraphs if _is_prose(paragraph))


def tidy(text: str) -> str:
    """Bring text into the alphabet of `prose`: lower case, anything unknown becomes a space, one space at a time."""
    text = text.lower().replace("’", "'")
    return re.sub(r" +", " ", re.sub(r"[^a-z .,']", " ", text)).strip()


def _is_prose(paragraph: str) -> bool:
    letters = sum(character.isalpha() or character.isspace() for character in paragraph)
    return not paragraph.startswith("    ") and letters > 0.9 * len(paragraph) and len(paragraph) > 40


def windows(
    indices: Int[Tensor, " length"], batch: int, time: int, generator: Generator
) -> tuple[Int[Tensor, "batch time"], Int[Tensor, "batch time"]]:
    """Cut ``batch`` random windows of ``time`` characters and, as targets, the same windows one character later.

    Raises ValueError when the text is shorter than a window and its target.
    """
    if len(indices) <= time:
        raise ValueError(f"expected a text longer than time={time}, got {len(indices)} characters")
    starts = torch.randint(len(indices) - time, (batch, 1), generator=generator)
    positions = starts + torch.arange(time)
    return indices[positions], indices[positions + 1]
