"""Guesses are counted on what was learned from; told looks lie on the named things; the record is whole."""

from collections import Counter

import pytest
import torch

import seqviz as sv
from experiments import scene_captions
from experiments.scene_questions import Sizes, ask, by_kind, commonest, learn, named_looks, run, two_offered
from seqviz.data.seeing.questions import ANSWERS, ANSWERS_OF, QUESTION_KINDS, answer
from seqviz.data.seeing.scenes import Thing, cells_of, scenes

SMALL = Sizes(
    pictures=scene_captions.Sizes(things=40, scenes=20, held_out=12, channels=(2, 3, 4), naming_steps=2),
    asked=2,
    embedding=3,
    hidden=4,
    attention=5,
    batch=6,
    steps=2,
)
SCENE = (Thing("red", "circle", 6, 10, 5), Thing("blue", "square", 24, 14, 5))


def drawn(count: int, seed: int = 0):
    return scenes(count, torch.Generator().manual_seed(seed))


def test_every_question_is_about_the_scene_that_its_row_names():
    pictures = drawn(30)
    for kind in (None, "relation"):
        asked = ask(pictures, 2, torch.Generator().manual_seed(1), kind)
        for row, (one, scene) in enumerate(zip(asked.questions, asked.scenes, strict=True)):
            assert scene == pictures[asked.pictures[row]]
            assert answer(one.text, scene) == one.answer
            words = asked.words[row, : asked.lengths[row]]
            assert sv.data.QUESTION_VOCABULARY.decode(words) == one.text
            assert kind in (None, one.kind)
        few = asked.some(torch.tensor([3, 1]))
        assert few.questions == [asked.questions[3], asked.questions[1]]
        assert torch.equal(few.answers, asked.answers[[3, 1]])


def test_told_looks_lie_evenly_on_the_first_and_on_the_second_thing_named():
    asked = ask([SCENE], 20, torch.Generator().manual_seed(0), "relation")
    looks = named_looks(asked)
    for one, look in zip(asked.questions, looks, strict=True):
        things = SCENE if one.text.startswith("is the circle") else SCENE[::-1]
        inside = cells_of(things, 8)
        assert torch.equal(look > 0, inside)
        torch.testing.assert_close(look.sum(1), torch.ones(2))
    assert len({one.text for one in asked.questions}) == 4


def test_the_commonest_answer_is_that_of_what_was_learned():
    known, tested = (ask(drawn(200, seed), 1, torch.Generator().manual_seed(seed)) for seed in (0, 1))
    found = commonest(known, tested)
    counts = Counter(one.answer for one in known.questions if one.kind == "same")
    (most,) = (one for one, _ in counts.most_common(1))
    same = [one.answer == most for one in tested.questions if one.kind == "same"]
    assert found["commonest of its kind"]["same"] == pytest.approx(sum(same) / len(same))
    assert found["commonest of its kind"]["all"] > found["commonest of all"]["all"]


def test_shares_by_kind_add_up_to_the_share_of_all():
    asked = ask(drawn(100), 1, torch.Generator().manual_seed(0))
    right = torch.rand(100, generator=torch.Generator().manual_seed(1)) < 0.5
    shares, counts = by_kind(right, asked), Counter(one.kind for one in asked.questions)
    assert list(shares) == ["all", *QUESTION_KINDS]
    total = sum(shares[kind] * counts[kind] for kind in QUESTION_KINDS)
    assert total / 100 == pytest.approx(shares["all"])


def test_two_answers_of_its_kind_are_offered_to_a_question_and_one_is_right():
    asked = ask(drawn(200), 1, torch.Generator().manual_seed(0)).questions
    offered = two_offered(asked, torch.Generator().manual_seed(1))
    assert offered.shape == (200, len(ANSWERS))
    for one, row in zip(asked, offered.tolist(), strict=True):
        words = {word for word, there in zip(ANSWERS, row, strict=True) if there}
        assert len(words) == 2
        assert one.answer in words
        assert words <= set(ANSWERS_OF[one.kind])


def test_told_looks_are_learned_with_and_nothing_else_changes():
    asked = ask(drawn(20), 2, torch.Generator().manual_seed(0), "relation")
    annotations = torch.randn(20, 64, 6, generator=torch.Generator().manual_seed(2))
    by_itself, told = (learn(SMALL, 0, asked, annotations, looks) for looks in (None, named_looks(asked)))
    start = SMALL.embedding, SMALL.hidden
    assert told.W_o.shape[1] == start[1]
    torch.manual_seed(0)
    fresh = sv.models.QuestionAnswerer(
        *(len(sv.data.QUESTION_VOCABULARY), 12, SMALL.embedding, SMALL.hidden, 6, SMALL.attention)
    )
    assert torch.equal(told.U, fresh.U), "a look that is told is not learned"
    assert not torch.equal(by_itself.U, fresh.U)


def test_a_run_scores_guesses_and_both_networks():
    result = run(SMALL, 0)
    assert list(result) == ["commonest of all", "commonest of its kind", "seeing", "blind", "relation alone"]
    assert list(result["relation alone"]) == ["by itself", "told", "told another's"]
    for name in ("seeing", "blind"):
        assert all(0 <= share <= 1 for way in result[name].values() for share in way.values())


def test_the_record_has_every_seed():
    record = sv.data.recorded("scene_questions")
    assert len(record["results"]) == record["seeds"] == 5
    for one in record["results"]:
        assert list(one["seeing"]["open"]) == ["all", *QUESTION_KINDS]
        assert one["seeing"]["of two"]["all"] >= one["seeing"]["open"]["all"]
