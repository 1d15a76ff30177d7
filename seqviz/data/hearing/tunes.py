"""Tunes that come back to their beginning: two bars, two others, and the first two again.

Each is drawn by a few rules, so there are as many as one likes and what may come next is known: at the end of the third
phrase, after it has begun, only what was played at the start is right.
"""

from collections.abc import Sequence
from functools import cache
from typing import TypeVar

import torch
from jaxtyping import Int
from torch import Generator, Tensor

from seqviz.data.sequences.melody import Note, note_name
from seqviz.data.tokenizer import BOS, EOS, Tokenizer

Choice = TypeVar("Choice")

SCALE = (60, 62, 64, 65, 67, 69, 71, 72, 74, 76)  # C major, from C4 to E5
CHORDS = ((0, 2, 4, 7, 9), (1, 4, 6, 8), (0, 3, 5, 7))  # places in the scale: of C, G and F
RHYTHMS = ((1.0, 1.0, 1.0, 1.0), (1.0, 1.0, 2.0), (2.0, 1.0, 1.0), (1.0, 0.5, 0.5, 2.0), (0.5, 0.5, 1.0, 1.0, 1.0))
LAST = Note(60, 4.0)
BEATS = {0.5: "½", 1.0: "1", 2.0: "2", 4.0: "4"}


def tune(generator: Generator) -> tuple[tuple[Note, ...], ...]:
    """Return the phrases of a tune: two bars of four beats, two others, the first two again, and the last note.

    The first phrase begins with a bar on the chord of C, the second with one on F or G, and both end on G. A bar begins
    with a note of its chord; every further note lies at most two places of the scale away from the one before.
    """
    first = _phrase(0, generator)
    other = _phrase(_drawn((1, 2), generator), generator)
    return first, other, first, (LAST,)


def notes_of(phrases: Sequence[Sequence[Note]]) -> tuple[Note, ...]:
    """Return the notes of all phrases in a row."""
    return tuple(note for phrase in phrases for note in phrase)


def note_token(note: Note) -> str:
    """Return a note as one token: its name, and how many beats it lasts."""
    return f"{note_name(note.pitch)}·{BEATS[note.beats]}"


@cache
def notes_tokenizer() -> Tokenizer:
    """Return the tokenizer of all notes that a tune may have, with the special tokens."""
    lengths = sorted({beats for rhythm in RHYTHMS for beats in rhythm})
    notes = [Note(pitch, beats) for pitch in SCALE for beats in lengths]
    return Tokenizer.of_words([note_token(note) for note in (*notes, LAST)], special=True)


@cache
def _notes() -> dict[str, Note]:
    lengths = {*(beats for rhythm in RHYTHMS for beats in rhythm), LAST.beats}
    return {note_token(note): note for note in (Note(pitch, beats) for pitch in SCALE for beats in lengths)}


def note_of(token: str) -> Note:
    """Return the note of a token. Raises ValueError for one that stands for none, such as a special token."""
    if token not in _notes():
        raise ValueError(f"token: expected a note, such as 'C4·1', got {token!r}")
    return _notes()[token]


def tunes_batch(count: int, generator: Generator) -> tuple[Int[Tensor, "batch time"], Int[Tensor, " batch"]]:
    """Return the tokens of tunes, each between start and end and padded behind, and how many each has."""
    tokens = notes_tokenizer()
    rows = []
    for _ in range(count):
        said = [note_token(note) for note in notes_of(tune(generator))]
        rows.append(torch.tensor([BOS, *tokens.encode(said).tolist(), EOS]))
    lengths = torch.tensor([len(row) for row in rows])
    return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True), lengths


def _phrase(chord: int, generator: Generator) -> tuple[Note, ...]:
    notes: list[Note] = []
    for harmony in (chord, 1):
        place = SCALE.index(notes[-1].pitch) if notes else 4
        near = [one for one in CHORDS[harmony] if abs(one - place) <= 3]
        place = _drawn(near, generator)
        for number, beats in enumerate(_drawn(RHYTHMS, generator)):
            if number:
                moves = [place + by for by in (-2, -1, 1, 2) if 0 <= place + by < len(SCALE)]
                place = _drawn(moves, generator)
            notes.append(Note(SCALE[place], beats))
    return tuple(notes)


def _drawn(choices: Sequence[Choice], generator: Generator) -> Choice:
    return choices[int(torch.randint(len(choices), (), generator=generator))]
