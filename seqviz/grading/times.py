"""Times with their zones: as instructors, nbgrader and its students write them."""

import math
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from seqviz.grading.errors import WrongUseError

_ZONED = re.compile(r"(?P<time>\d{4}-\d\d-\d\d([T ]\d\d(:?\d\d(:?\d\d([.,]\d+)?)?)?)?)\s*(?P<zone>.*)", re.DOTALL)
_OFFSET = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d\d))?")


class TimeError(WrongUseError):
    """A time or a rule that is not understood; the message says which."""


def parse_time(text: str, default: tzinfo | None = None) -> datetime:
    """Read a date and time with its zone: an offset, a name (``Europe/Berlin``) or an abbreviation (``CET``).

    Raises:
        TimeError: the time or its zone is not understood, or none is given and there is no ``default``.
    """
    found = _ZONED.fullmatch(text.strip())
    if found is None:
        raise TimeError(f"{text.strip()[:60]!r} is not a time such as 2026-11-20 23:59 Europe/Berlin")
    zone = _zone(found["zone"].strip()) if found["zone"].strip() else default
    if zone is None:
        raise TimeError(f"{text.strip()[:60]!r} has no time zone; add one, such as UTC, +01:00 or Europe/Berlin")
    try:
        return datetime.fromisoformat(found["time"]).replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise TimeError(f"{text.strip()[:60]!r} is not a time: {error}") from error


def _zone(name: str) -> tzinfo:
    if name.upper() in ("UTC", "GMT", "Z"):
        return UTC
    if offset := _OFFSET.fullmatch(name):
        sign = -1 if offset[1] == "-" else 1
        return _fixed(sign * timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0)))
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError) as error:  # no such zone, or a path
        raise TimeError(f"the time zone {name[:40]!r} is not known; name it like Europe/Berlin or +01:00") from error


def _fixed(offset: timedelta) -> tzinfo:
    if abs(offset) >= timedelta(days=1):
        raise TimeError(f"{offset} is no offset of a time zone")
    return timezone(offset)


def in_words(late: timedelta) -> str:
    """Return a span as days, hours and minutes, of which a begun one counts: ``1 d 2 h 5 min``; none is empty."""
    minutes = math.ceil(late / timedelta(minutes=1))
    parts = ((minutes // 1440, "d"), (minutes // 60 % 24, "h"), (minutes % 60, "min"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count)
