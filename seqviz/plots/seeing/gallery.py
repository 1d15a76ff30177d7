"""Small pictures in colour, with words below each."""

import base64
import struct
import zlib
from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from jaxtyping import Float

from seqviz.plots.picture import Picture
from seqviz.plots.theme import HIGHLIGHT, INK, new_figure

ACROSS = 3  # pictures in a row: their captions have to fit on a narrow page
ROOM = 0.62  # below a picture, in heights of it, for four lines of words


def png(picture: Float[np.ndarray, "3 row column"]) -> str:
    """Return a picture, red, green and blue from 0 to 1, as the address of a PNG that holds it."""
    _, height, width = picture.shape
    pixels = np.round(255 * np.clip(picture, 0, 1)).astype(np.uint8).transpose(1, 2, 0)
    lines = b"".join(b"\0" + row.tobytes() for row in pixels)  # each with no filter
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits of red, green and blue
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    data = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return "data:image/png;base64," + base64.b64encode(data).decode()


def gallery_figure(
    pictures: Float[np.ndarray, "picture 3 row column"], captions: Sequence[str], marked: Sequence[bool]
) -> go.Figure:
    """Draw the figure of `gallery`."""
    count, _, height, width = pictures.shape
    rows = -(-count // ACROSS)
    across, down = width * 1.12, height * (1 + ROOM)
    figure = new_figure(24 + 205 * rows, margin={"l": 4, "r": 4, "t": 8, "b": 4})
    for number, picture in enumerate(pictures):
        row, column = divmod(number, ACROSS)
        figure.add_image(
            source=png(picture), x0=column * across + 0.5, y0=row * down + 0.5, hoverinfo="skip", zsmooth=False
        )
    places = [divmod(number, ACROSS) for number in range(count)]
    figure.add_scatter(
        x=[column * across + width / 2 for _, column in places],
        y=[row * down + height * 1.02 for row, _ in places],
        text=[in_lines(caption) for caption in captions],
        mode="text",
        textposition="bottom center",
        textfont={"size": 11, "color": [HIGHLIGHT if one else INK for one in marked]},
        hoverinfo="skip",
        cliponaxis=False,
    )
    hidden = {"tickvals": [], "ticks": "", "showgrid": False, "zeroline": False}
    figure.update_xaxes(**hidden, range=[0, ACROSS * across], constrain="domain")
    return figure.update_yaxes(**hidden, range=[rows * down, 0], scaleanchor="x", constrain="domain")


def in_lines(caption: str) -> str:
    """Return a caption broken after its first thing and before its second, as a narrow column needs it."""
    for between in (" left of ", " right of ", " above ", " below "):
        caption = caption.replace(between, f"<br>{between.strip()}<br>")
    return caption.replace("\n", "<br>")


def describe_gallery(captions: Sequence[str], marked: Sequence[bool]) -> str:
    """Say what stands below each picture, and which of them are marked."""
    told = [
        f"{number}: {caption}{' (marked)' if one else ''}"
        for number, (caption, one) in enumerate(zip(captions, marked, strict=True), 1)
    ]
    pictures = "One picture" if len(told) == 1 else f"{len(told)} pictures"
    return f"{pictures}. {'; '.join(told)}.".replace("\n", ", ")


def gallery(
    pictures: Float[np.ndarray, "picture 3 row column"], captions: Sequence[str], marked: Sequence[bool] = ()
) -> Picture:
    """Draw pictures row after row, with words below each; a new line in them is one there. Marked ones have a colour.

    Raises ValueError unless every picture has its words, and its mark if there are any.
    """
    marked = marked or [False] * len(captions)
    if not len(pictures) == len(captions) == len(marked):
        raise ValueError(
            f"expected words and marks for each of {len(pictures)} pictures, got {len(captions)} and {len(marked)}"
        )
    return Picture(gallery_figure(pictures, captions, marked), describe_gallery(captions, marked))
