"""A tune that is continued, as a roll of a player piano: what was told, what is played, where it is another tune."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import plotly.graph_objects as go

from seqviz.plots.picture import Picture
from seqviz.plots.theme import CATEGORICAL, HIGHLIGHT, new_figure

Note = tuple[int, float]  # a pitch, where one more is a semitone higher, and a length in beats


class Rolled(NamedTuple):
    """A note on the roll: when it begins, how high and how long it is, and what it is."""

    start: float
    pitch: int
    beats: float
    kind: str  # one of KINDS


KINDS = ("told", "as in the tune", "not in the tune", "left out")
_LOOKS = {
    "told": {"color": "rgba(128,128,128,0.45)"},
    "as in the tune": {"color": CATEGORICAL[0]},
    "not in the tune": {"color": HIGHLIGHT, "pattern": {"shape": "/", "solidity": 0.4}},
    "left out": {"color": "rgba(0,158,115,0.25)", "line": {"color": CATEGORICAL[2], "width": 2}},
}
TUNE = "the tune"  # the name of its own roll
ROW = 11  # pixels for a semitone


def rolled(told: Sequence[Note], right: Sequence[Note], played: Sequence[Note]) -> list[Rolled]:
    """Return the notes of a roll: those told, those played after them, and those left out of what is right.

    A note is as in the tune if the tune has it at the same time, as high and as long.
    """
    before = _placed(told, 0.0)
    now = sum(beats for _, beats in told)
    wanted, came = _placed(right, now), _placed(played, now)
    notes = [Rolled(*one, "told") for one in before]
    notes += [Rolled(*one, "as in the tune" if one in wanted else "not in the tune") for one in came]
    return notes + [Rolled(*one, "left out") for one in wanted if one not in came]


def _placed(notes: Sequence[Note], start: float) -> list[tuple[float, int, float]]:
    """Return when each note begins, its pitch and its length."""
    placed = []
    for pitch, beats in notes:
        placed.append((start, pitch, beats))
        start += beats
    return placed


def piano_roll_figure(
    told: Sequence[Note], right: Sequence[Note], played: Mapping[str, Sequence[Note]], names: Mapping[int, str]
) -> go.Figure:
    """Draw the figure of `piano_roll`."""
    rolls = {name: rolled(told, right, notes) for name, notes in {TUNE: right, **played}.items()}
    every = [note for roll in rolls.values() for note in roll]
    low, high = min(note.pitch for note in every) - 1, max(note.pitch for note in every) + 1
    end = max(note.start + note.beats for note in every)
    shown = {pitch: name for pitch, name in sorted(names.items()) if low < pitch < high}
    share, axes = 1 / len(rolls), {}
    for row, name in enumerate(rolls):
        top = 1 - row * share
        axes[_axis("yaxis", row)] = {
            "title": name,
            "domain": [top - 0.88 * share, top],
            "range": [low, high],
            "tickvals": list(shown)[::2],
            "ticktext": list(shown.values())[::2],
            "zeroline": False,
        }
    figure = new_figure(
        len(rolls) * (ROW * (high - low) + 24) + 90,
        barmode="overlay",
        showlegend=True,
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={"title": "beat", "range": [-0.3, end + 0.3], "dtick": 4, "anchor": _axis("y", len(rolls) - 1)},
        **axes,
    )
    explained: set[str] = set()  # plotly's legend lists no trace without a note
    for row, roll in enumerate(rolls.values()):
        for kind in KINDS:
            notes = [note for note in roll if note.kind == kind]
            _add_notes(figure, kind, notes, names, row, showlegend=bool(notes) and kind not in explained)
            explained |= {kind} if notes else set()
    return figure


def _axis(letter: str, row: int) -> str:
    return letter + (str(row + 1) if row else "")


def _add_notes(
    figure: go.Figure, kind: str, notes: Sequence[Rolled], names: Mapping[int, str], row: int, showlegend: bool
) -> None:
    figure.add_bar(
        uid=f"{kind.replace(' ', '_')}_{row}",
        name=kind,
        legendgroup=kind,
        showlegend=showlegend,
        base=[note.start for note in notes],
        x=[note.beats - 0.08 for note in notes],  # a gap, so that a repeated note is two
        y=[note.pitch for note in notes],
        orientation="h",
        width=0.9,
        marker=_LOOKS[kind],
        hovertext=[f"{names.get(note.pitch, note.pitch)}, {note.beats:g}: {kind}" for note in notes],
        hoverinfo="text",
        yaxis=_axis("y", row),
    )


def describe_piano_roll(told: Sequence[Note], right: Sequence[Note], played: Mapping[str, Sequence[Note]]) -> str:
    """Say how many notes each plays, and how many of them the tune does not have there."""
    said = []
    for name, notes in played.items():
        kinds = [note.kind for note in rolled(told, right, notes)]
        wrong, missed = kinds.count("not in the tune"), kinds.count("left out")
        if wrong or missed:
            said.append(
                f"{name}: {len(notes)} notes, {wrong} of them not in the tune, and {missed} of its notes left out"
            )
        else:
            said.append(f"{name}: all {len(notes)} notes as in the tune")
    return f"{len(told)} notes are told, {len(right)} are left. {'; '.join(said)}."


def piano_roll(
    told: Sequence[Note], right: Sequence[Note], played: Mapping[str, Sequence[Note]], names: Mapping[int, str]
) -> Picture:
    """Draw how a tune goes on, and below it how others continue it, one roll for each.

    where ``told`` are the notes that all of them were told, ``right`` those that follow in the tune, ``played`` what
    each plays instead, and ``names`` the names of the pitches.
    """
    return Picture(piano_roll_figure(told, right, played, names), describe_piano_roll(told, right, played))
