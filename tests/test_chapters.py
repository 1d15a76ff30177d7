"""A chapter's own tests are found by names alone."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.chapters import ROOT, STEMS, chapter_of, is_of, used_by


def collected(path: str, *parameters: object) -> SimpleNamespace:
    """A test as pytest collects it, as far as it counts here."""
    params = {str(number): one for number, one in enumerate(parameters)}
    return SimpleNamespace(path=ROOT / path, callspec=SimpleNamespace(params=params))


def test_a_chapter_uses_its_explorers_and_the_files_behind_its_names():
    used = used_by("05_lstm")
    assert {"gates", "clamp", "regimes", "LSTM", "lstm", "lstm_variants"} <= used
    assert not {"spread", "task", "bptt"} & used


@pytest.mark.parametrize(
    "own",
    [
        collected("notebooks/05_lstm.ipynb"),
        collected("solutions/05_lstm.ipynb"),
        collected("tests/browser/test_chapters.py", "light", "05_lstm"),
        collected("tests/notebooks/test_links.py", Path("exercises/05_lstm.ipynb")),
        collected("tests/exercises/test_exercises.py", SimpleNamespace(stem="05_lstm")),
        collected("tests/browser/gated/test_clamp.py"),
        collected("tests/models/gated/test_lstm.py"),
    ],
)
def test_what_bears_its_name_or_a_name_it_uses_is_its_own(own):
    assert is_of(own, "05_lstm")
    assert chapter_of(own) == "05_lstm"


@pytest.mark.parametrize(
    "other",
    [
        collected("notebooks/06_gru.ipynb"),
        collected("tests/browser/test_chapters.py", "06_gru"),
        collected("tests/browser/stacked/test_spread.py"),
        collected("tests/test_imports.py"),
    ],
)
def test_nothing_else_is(other):
    assert not is_of(other, "05_lstm")


def test_what_several_chapters_use_is_the_price_of_the_first():
    models = collected("tests/models/recurrent/test_rnn.py")
    assert chapter_of(models) == next(stem for stem in STEMS if "rnn" in used_by(stem))
    assert chapter_of(collected("tests/test_imports.py")) is None
