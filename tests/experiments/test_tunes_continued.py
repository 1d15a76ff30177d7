"""Notes that were remembered are counted in the right places; the record is whole."""

import torch
from torch import nn

import seqviz as sv
from experiments.tunes_continued import TOKENS, Sizes, encoded, gpt, learned, logits_of, lstm, remembered, share
from seqviz.data.hearing.tunes import note_of, notes_of, notes_tokenizer, tune
from seqviz.data.tokenizer import BOS, EOS

SMALL = Sizes(hidden=3, size=8, heads=2, inner=4, layers=1, tunes=4, batch=2)


class Copies(nn.Module):
    """Say the first phrase in the third, and a wrong note elsewhere."""

    def __init__(self, phrases) -> None:
        super().__init__()
        first, other = len(phrases[0]), len(phrases[1])
        tokens = encoded(phrases)
        self.said = torch.full((len(tokens),), EOS)
        start = first + other
        self.said[start : start + first] = tokens[1 : 1 + first]

    def forward(self, one_hot: torch.Tensor):
        return (nn.functional.one_hot(self.said[: one_hot.shape[1]], TOKENS).float()[None],)


def test_a_tune_is_encoded_between_start_and_end():
    phrases = tune(torch.Generator().manual_seed(0))
    tokens = encoded(phrases).tolist()
    assert (tokens[0], tokens[-1]) == (BOS, EOS)
    assert tuple(note_of(notes_tokenizer().tokens[one]) for one in tokens[1:-1]) == notes_of(phrases)


def test_who_copies_remembers_the_third_phrase_and_nothing_of_the_second():
    phrases = tune(torch.Generator().manual_seed(0))
    copies = Copies(phrases)
    assert remembered(copies, phrases, 2) == [True] * (len(phrases[2]) - 1)
    assert remembered(copies, phrases, 1) == [False] * (len(phrases[1]) - 1)
    copies.said[len(phrases[0]) + len(phrases[1]) + 2] = EOS
    assert remembered(copies, phrases, 2).count(False) == 1
    assert share(copies, [phrases], 2) == 1 - 1 / (len(phrases[2]) - 1)


def test_both_models_score_every_next_token_and_learn():
    for make in (lstm, gpt):
        torch.manual_seed(0)
        model = make(SMALL)
        read = encoded(tune(torch.Generator().manual_seed(0)))[None]
        before = logits_of(model, read)
        assert before.shape == (1, read.shape[1], TOKENS)
        assert len(learned(model, SMALL, 0, 2, 1e-2)) == 2
        assert not torch.equal(logits_of(model, read), before)


def test_the_record_has_every_kind_and_seed():
    record = sv.data.recorded("tunes_continued")
    assert list(record["results"]) == ["LSTM", "LSTM, longer", "GPT"]
    for found in record["results"].values():
        assert all(len(found[phrase]) == record["seeds"] for phrase in ("second", "third"))
