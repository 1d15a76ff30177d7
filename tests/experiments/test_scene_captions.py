"""Both decoders learn from the same pictures; weight is counted on the thing that is named; the record is whole."""

import pytest
import torch

import seqviz as sv
from experiments.scene_captions import (
    CELLS,
    END_TO_END,
    KINDS,
    FromPictures,
    Sizes,
    drawn_pictures,
    drawn_scenes,
    facts,
    learn,
    learn_end_to_end,
    naming_loss,
    on_the_named,
    run,
    taught_namer,
    written,
)
from seqviz.data.seeing.captions import FAULTS
from seqviz.data.seeing.scenes import Thing, cells_of

SMALL = Sizes(
    things=40, scenes=20, held_out=6, channels=(2, 3, 4), naming_steps=2, embedding=3, hidden=4, attention=5, steps=2
)
SCENE = (Thing("red", "circle", 6, 10, 5), Thing("blue", "square", 24, 14, 5))


def test_a_thing_that_is_named_right_costs_less():
    right = facts([(SCENE[0],), (SCENE[1],)])
    assert right.tolist() == [[0, 0], [2, 1]]
    logits = torch.zeros(2, 7)
    logits[0, [0, 4]], logits[1, [2, 5]] = 9.0, 9.0  # red, circle; blue, square
    assert naming_loss(logits, right) < 0.01 < 5 < naming_loss(logits.flip(0), right)


def test_what_is_seen_is_a_grid_with_places_and_what_is_held_out_is_not_learned_from():
    namer, _ = taught_namer(SMALL, 0)
    drawn, annotations = drawn_scenes(namer, SMALL, 0)
    assert annotations.shape == (26, CELLS * CELLS, 4 + 2)
    assert not annotations.requires_grad
    changed = annotations.clone()
    changed[20:] = torch.nan
    model = learn("attention", SMALL, 0, drawn, changed)
    assert all(torch.isfinite(parameter).all() for parameter in model.parameters())


def test_end_to_end_the_convolutions_learn_too_and_never_from_what_is_held_out():
    drawn, shown = drawn_pictures(SMALL, 0)
    changed = shown.clone()
    changed[20:] = torch.nan
    torch.manual_seed(0)
    fresh, learned = FromPictures(SMALL, shown[:20]), learn_end_to_end("end to end", SMALL, 0, drawn, changed)
    assert learned.annotations(shown).shape == (26, CELLS * CELLS, 4 + 2)
    assert all(torch.isfinite(parameter).all() for parameter in learned.parameters())
    assert not any(torch.equal(one, other) for one, other in zip(fresh.net.W, learned.net.W, strict=True))


def test_a_caption_ends_before_its_end_token():
    namer, _ = taught_namer(SMALL, 0)
    drawn, annotations = drawn_scenes(namer, SMALL, 0)
    for kind in KINDS:
        texts, looked = written(learn(kind, SMALL, 0, drawn, annotations), annotations[20:])
        assert len(texts) == 6
        assert all("<eos>" not in text for text in texts)
        assert (looked is not None) == (kind == "attention")


def test_weight_is_counted_where_the_named_thing_is_and_only_in_true_captions():
    inside = cells_of(SCENE, CELLS).double()
    looked = torch.zeros(2, 9, CELLS * CELLS, dtype=torch.float64)
    text = "a red circle left of a blue square"
    for place, thing, share in ((1, 0, 1.0), (2, 0, 0.5), (6, 1, 0.8), (7, 1, 0.3)):
        looked[0, place] = share * inside[thing] / inside[thing].sum()
    found = on_the_named([text, "a blue circle"], looked, [SCENE, SCENE])
    expected = {"colour": 0.9, "shape": 0.4, "area": inside.mean().item()}
    assert found == pytest.approx(expected, abs=1e-12)


def test_a_run_scores_every_kind():
    result = run(SMALL, 0)
    assert list(result) == ["named", "naming seconds", *KINDS, *END_TO_END]
    for kind in (*KINDS, *END_TO_END):
        assert result[kind]["seconds"] >= 0
        assert result[kind]["true"] + sum(result[kind]["faults"].values()) == pytest.approx(1)


def test_the_record_has_every_kind_and_seed():
    record = sv.data.recorded("scene_captions")
    assert len(record["results"]) == record["seeds"] == 5
    for one in record["results"]:
        assert list(one) == ["named", "naming seconds", *KINDS, *END_TO_END]
        for kind in (*KINDS, *END_TO_END):
            assert list(one[kind]["faults"]) == list(FAULTS)
            assert one[kind]["seconds"] > 0
