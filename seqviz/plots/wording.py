"""Numbers in a sentence, as a book prints them."""

import re

_POWER = re.compile(r"(\d(?:\.\d+)?)e([+−-])0*(\d+)")
_MINUS = re.compile(r"(?<![\w.−-])-(?=\.?\d)")
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
