"""A PNG holds its picture, each picture has its words below it, and the sentence names them all."""

import base64
import struct
import zlib

import numpy as np
import pytest

from seqviz.plots.seeing.gallery import ACROSS, gallery, in_lines, png

PICTURES = np.random.default_rng(0).uniform(size=(5, 3, 4, 6))
CAPTIONS = ["a red circle left of a blue square", "b", "c", "d\nsecond line", "e"]


def decoded(address: str) -> np.ndarray:
    """Read a PNG as its specification says (ISO/IEC 15948), for 8 bits of colour and no filter."""
    assert address.startswith("data:image/png;base64,")
    data = base64.b64decode(address.partition(",")[2])
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + body),)
        chunks[kind] = body
        at += 12 + length
    width, height, depth, colour, *rest = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert (depth, colour, rest) == (8, 2, [0, 0, 0])
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, 1 + 3 * width)
    assert not lines[:, 0].any()
    return lines[:, 1:].reshape(height, width, 3).transpose(2, 0, 1)


def test_a_png_holds_its_picture():
    np.testing.assert_allclose(decoded(png(PICTURES[0])) / 255, PICTURES[0], atol=0.5 / 255)
    out_of_range = np.array([[[-0.2]], [[1.3]], [[0.5]]])
    assert decoded(png(out_of_range))[:2, 0, 0].tolist() == [0, 255]


def test_every_picture_has_its_words_below_it():
    *images, words = gallery(PICTURES, CAPTIONS, [False, True, False, False, False]).figure.data
    assert len(images) == 5
    for number, image in enumerate(images):
        np.testing.assert_array_equal(decoded(image.source), decoded(png(PICTURES[number])))
        left, top = image.x0 - 0.5, image.y0 - 0.5
        assert words.x[number] == pytest.approx(left + 3)
        assert top + 4 < words.y[number] < top + 4.5
    assert [image.y0 for image in images[:ACROSS]] == [0.5] * ACROSS
    assert images[ACROSS].x0 == images[0].x0
    assert images[ACROSS].y0 > 4
    assert len(set(words.textfont.color)) == 2
    assert words.text[3] == "d<br>second line"


def test_a_caption_is_broken_around_its_relation():
    assert in_lines(CAPTIONS[0]) == "a red circle<br>left of<br>a blue square"
    assert in_lines("a red circle") == "a red circle"


def test_the_sentence_names_them():
    assert gallery(PICTURES[:2], ["one", "two\nthree"], [False, True]).sentence == (
        "2 pictures. 1: one; 2: two, three (marked)."
    )
    assert gallery(PICTURES[:1], ["one"]).sentence == "One picture. 1: one."


def test_words_for_every_picture_are_asked_for():
    with pytest.raises(ValueError, match="words and marks for each of 5 pictures, got 2 and 2"):
        gallery(PICTURES, ["one", "two"])
