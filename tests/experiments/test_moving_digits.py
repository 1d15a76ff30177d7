"""Films are told as they are drawn; only the order changes when it is shuffled; the record is whole."""

import pytest
import torch

import seqviz as sv
from experiments.moving_digits import PARTS, Sizes, drawn_films, parts_loss, right_parts, run, shuffled
from seqviz.data.seeing.films import FILM_VOCABULARY, film_caption, films
from seqviz.data.tokenizer import EOS

SMALL = Sizes(
    films=12, held_out=4, features=5, hidden=4, attention=3, embedding=2, batch=3, frame_steps=2, clip_steps=2,
    caption_steps=2, next_steps=2,
)  # fmt: skip


def test_facts_and_captions_are_those_of_the_films():
    known = drawn_films(SMALL, 3)
    drawn = films(16, torch.Generator().manual_seed(3))
    assert known.seen.shape == known.clean.shape == (16, 5, 256)
    for row, film in enumerate(drawn):
        assert known.facts[row, 0] == film.digit
        assert FILM_VOCABULARY.decode(known.captions[row, :-1]) == film_caption(film)
    assert (known.captions[:, -1] == EOS).all()


def test_shuffling_keeps_the_frames_of_each_film():
    seen = torch.rand(6, 5, 3)
    mixed = shuffled(seen, torch.Generator().manual_seed(0))
    assert torch.equal(mixed.sort(1).values, seen.sort(1).values)
    assert not torch.equal(mixed, seen)
    orders = {tuple((seen[row][:, None] == mixed[row]).all(-1).float().argmax(0).tolist()) for row in range(6)}
    assert len(orders) > 1


def test_every_part_is_scored_by_itself():
    facts = torch.tensor([[3, 1, 0], [7, 2, 1]])
    logits = torch.zeros(2, 16)
    for row, (digit, way, pace) in enumerate(facts.tolist()):
        logits[row, [digit, 10 + way, 14 + pace]] = 20.0
    assert parts_loss(logits, facts) < 1e-5
    assert right_parts(logits, facts) == {"digit": 1.0, "way": 1.0, "pace": 1.0}
    logits[0, 14:] = torch.tensor([0.0, 20.0])
    assert right_parts(logits, facts) == {"digit": 1.0, "way": 1.0, "pace": 0.5}
    assert parts_loss(logits, facts) == pytest.approx(10, abs=0.01)


def test_a_run_measures_everything():
    result = run(SMALL, 0)
    for name in ("by frame", "by clip", "by clip, frames shuffled"):
        assert list(result[name]) == list(PARTS)
    assert all(len(errors) == 4 for errors in result["next frame"].values())


def test_the_record_has_every_seed():
    record = sv.data.recorded("moving_digits")
    assert len(record["results"]) == record["seeds"] == 5
