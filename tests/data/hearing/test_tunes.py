"""Tunes keep their rules, come back to their beginning, and are the same as tokens."""

import itertools

import pytest
import torch

from seqviz.data.hearing.tunes import (
    CHORDS,
    LAST,
    RHYTHMS,
    SCALE,
    note_of,
    note_token,
    notes_of,
    notes_tokenizer,
    tune,
    tunes_batch,
)
from seqviz.data.sequences.melody import Note
from seqviz.data.tokenizer import BOS, EOS, PAD


def tunes(count: int = 200, seed: int = 0):
    draws = torch.Generator().manual_seed(seed)
    return [tune(draws) for _ in range(count)]


def bars(phrase):
    ends = list(itertools.accumulate(note.beats for note in phrase))
    cut = ends.index(4.0) + 1
    return phrase[:cut], phrase[cut:]


def test_the_third_phrase_is_the_first_and_the_second_is_another():
    for first, _, third, last in tunes():
        assert third == first
        assert last == (LAST,)
    assert sum(one[0] != one[1] for one in tunes()) > 195
    assert len({one[0] for one in tunes()}) > 195, "no two tunes begin alike"


def test_bars_of_four_beats_begin_on_their_chords_and_move_by_at_most_two_places():
    begins = set()
    for phrases in tunes():
        for number, phrase in enumerate(phrases[:3]):
            bar, end = bars(phrase)
            assert tuple(note.beats for note in bar) in RHYTHMS
            assert tuple(note.beats for note in end) in RHYTHMS
            chords = [0] if number != 1 else [1, 2]
            assert any(SCALE.index(bar[0].pitch) in CHORDS[chord] for chord in chords)
            assert SCALE.index(end[0].pitch) in CHORDS[1]
            for one, other in (*itertools.pairwise(bar), *itertools.pairwise(end)):
                assert 1 <= abs(SCALE.index(one.pitch) - SCALE.index(other.pitch)) <= 2
            begins.add((number, bar[0].pitch))
    assert len(begins) > 10


def test_chords_are_those_of_c_g_and_f():
    assert [{SCALE[place] % 12 for place in chord} for chord in CHORDS] == [{0, 4, 7}, {7, 11, 2}, {5, 9, 0}]


def test_a_token_is_a_note():
    tokens = notes_tokenizer()
    for token in tokens.tokens[7:]:
        assert note_token(note_of(token)) == token
    assert note_of("C4·½") == Note(60, 0.5)
    with pytest.raises(ValueError, match="expected a note, such as 'C4·1', got '<eos>'"):
        note_of("<eos>")


def test_a_batch_holds_whole_tunes_between_start_and_end():
    rows, lengths = tunes_batch(5, torch.Generator().manual_seed(0))
    for row, length, phrases in zip(rows.tolist(), lengths.tolist(), tunes(5), strict=True):
        assert row[0] == BOS
        assert row[length - 1] == EOS
        assert set(row[length:]) <= {PAD}
        assert tuple(note_of(notes_tokenizer().tokens[token]) for token in row[1 : length - 1]) == notes_of(phrases)
