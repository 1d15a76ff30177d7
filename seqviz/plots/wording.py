"""Numbers and symbols in a sentence, as a book prints them."""

import re

_POWER = re.compile(r"(\d(?:\.\d+)?)e([+−-])0*(\d+)")
_MINUS = re.compile(r"(?<![\w.−-])-(?=\.?\d)")
# one letter and its index, and what stands above, as in h_t^[2] or σ^(T−k); not what stands in “quotes”: that was read
_SYMBOL = re.compile(r"(“[^”]*”)|(?<!\w)([^\W\d_])_([^\W_ᵀ¹²³⁰-₉]+(?:[−+]\d+)?)|\^(\[[^\]]+\])|\^\(([^)]+)\)")
_RAISED = str.maketrans("0123456789−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def worded(sentence: str) -> str:
    """Return the sentence with a minus instead of a hyphen and powers of ten: 2.4 · 10⁻⁶, not 2.4e-06.

    What stands in “quotes” is text that was read, and stays.
    """
    parts = re.split(r"(“[^”]*”)", sentence)
    return "".join(part if i % 2 else _MINUS.sub("−", _POWER.sub(_power, part)) for i, part in enumerate(parts))


def _power(found: re.Match[str]) -> str:
    mantissa, sign, digits = found.groups()
    if digits == "0":
        return mantissa
    exponent = ("" if sign == "+" else "−") + digits
    return f"{mantissa} · 10{exponent.translate(_RAISED)}"


def with_symbols(text: str) -> str:
    """Return a text with symbols set as symbols, as our front end does (symbols.js): h<sub>t</sub>, not h_t."""
    return _SYMBOL.sub(_set, text)


def _set(found: re.Match[str]) -> str:
    quoted, letter, index, layer, power = found.groups()
    return quoted or (f"{letter}<sub>{index}</sub>" if letter else f"<sup>{layer or power}</sup>")
