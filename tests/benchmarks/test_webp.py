"""Stills become a moving picture that a browser plays."""

from base64 import b64decode, b64encode
from pathlib import Path

import pytest

from benchmarks.jupyter import chromium
from benchmarks.webp import Frame, animated, chunks

# a single pixel, lossless: a whole file of one chunk of odd length
PIXEL = b64decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
FILM = Path(__file__).parents[2] / "docs" / "pictures" / "run.webp"


def frames(*times: int) -> list[Frame]:
    return [Frame(PIXEL, 0, 0, 1, 1, time) for time in times]


def test_every_frame_is_there_with_its_place_and_time():
    still = Frame(PIXEL, 2, 4, 1, 1, 300)
    names, contents = zip(*chunks(animated([*frames(100), still])), strict=True)
    assert names == (b"VP8X", b"ANIM", b"ANMF", b"ANMF")
    assert contents[0] == bytes([2, 0, 0, 0, 0, 0, 0, 0, 0, 0])  # animated, 1 × 1
    place = contents[3][:16]
    assert (place[0:3], place[3:6]) == (b"\x01\0\0", b"\x02\0\0")  # in steps of two
    assert int.from_bytes(place[12:15], "little") == 300
    assert contents[3][16:] == PIXEL[12:]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ([], "at least one frame"),
        ([Frame(PIXEL, 1, 0, 1, 1, 9)], "at even places, got 1, 0"),
        ([Frame(b"GIF89a" + bytes(9), 0, 0, 1, 1, 9)], "expected a WebP file, got one that begins with b'GIF89a"),
    ],
)
def test_what_is_no_film_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        animated(wrong)


def test_the_readmes_film_is_small():
    assert FILM.stat().st_size < 2_000_000


PLAY = """async (film) => {
  const data = Uint8Array.from(atob(film), (character) => character.charCodeAt(0));
  const decoder = new ImageDecoder({ data, type: "image/webp" });
  await decoder.tracks.ready;
  const { frameCount, repetitionCount } = decoder.tracks.selectedTrack;
  const times = [];
  for (let frameIndex = 0; frameIndex < frameCount; frameIndex++) {
    const { image } = await decoder.decode({ frameIndex });
    times.push(image.duration / 1000);
  }
  return [times, repetitionCount === Infinity];
}"""


@pytest.mark.browser
def test_a_browser_plays_it_to_its_end_and_again():
    with chromium() as browser:
        page = browser.new_page()
        # decoders are for secure pages only
        page.route("https://film.test/", lambda route: route.fulfill(body="<p>", content_type="text/html"))
        page.goto("https://film.test/")
        made = b64encode(animated(frames(100, 250))).decode()
        assert page.evaluate(PLAY, made) == [[100, 250], True]
        times, again = page.evaluate(PLAY, b64encode(FILM.read_bytes()).decode())
        assert len(times) > 20
        assert again
