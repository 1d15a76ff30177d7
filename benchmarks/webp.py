"""Still WebP pictures put together to a moving one, without a library: a browser writes stills, but no animation.

Source: the WebP container specification, RFC 9649, sections 2.7.1.1 and 2.7.1.2.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Frame:
    """A still, as a whole WebP file, at a place of the picture, and how long it stands. Places are even."""

    still: bytes
    x: int
    y: int
    width: int
    height: int
    milliseconds: int


def animated(frames: Sequence[Frame]) -> bytes:
    """Return one WebP file that shows the frames again and again; the first fills the picture.

    Raises ValueError for no frame, a place that is odd, or bytes that are no WebP.
    """
    if not frames:
        raise ValueError("expected at least one frame, got none")
    first = frames[0]
    has_animation = 0x02
    extended = struct.pack("<I", has_animation) + _three(first.width - 1) + _three(first.height - 1)
    endless = struct.pack("<IH", 0, 0)  # no background colour of its own
    body = b"WEBP" + _chunk(b"VP8X", extended) + _chunk(b"ANIM", endless)
    return _chunk(b"RIFF", body + b"".join(map(_frame, frames)))


def chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield name and content of every chunk of a WebP file. Raises ValueError for another kind of file."""
    if file[:4] != b"RIFF" or file[8:12] != b"WEBP":
        raise ValueError(f"expected a WebP file, got one that begins with {file[:12]!r}")
    at = 12
    while at < len(file):
        (size,) = struct.unpack_from("<I", file, at + 4)
        yield file[at : at + 4], file[at + 8 : at + 8 + size]
        at += 8 + size + size % 2


def _frame(frame: Frame) -> bytes:
    if frame.x % 2 or frame.y % 2:
        raise ValueError(f"expected a frame at even places, got {frame.x}, {frame.y}")
    over_what_is_there = 0x02  # not mixed with it
    head = _three(frame.x // 2) + _three(frame.y // 2) + _three(frame.width - 1) + _three(frame.height - 1)
    head += _three(frame.milliseconds) + bytes([over_what_is_there])
    pictures = (_chunk(name, content) for name, content in chunks(frame.still) if name in (b"ALPH", b"VP8 ", b"VP8L"))
    return _chunk(b"ANMF", head + b"".join(pictures))


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)


def _three(number: int) -> bytes:
    return number.to_bytes(3, "little")
