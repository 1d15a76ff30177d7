"""Without attention there is one annotation and nothing else is changed; the record has every length and seed."""

import pytest
import torch

import seqviz as sv
from experiments.attention_length import KINDS, LastState, Sizes, list_of_numbers, run, score
from seqviz.data.translation.parallel import ParallelText

SMALL = Sizes(pairs=12, tested=2, embedding=3, hidden=4, attention=5, batch=2, steps=2)


def test_the_last_state_is_the_context_of_every_step():
    torch.manual_seed(0)
    model = LastState(9, 9, 3, 4, 5)
    source, lengths = torch.randint(0, 9, (2, 6)), torch.tensor([6, 3])
    state = model.encode(source, lengths)
    whole = sv.models.BahdanauTranslator(9, 9, 3, 4, 5)
    whole.load_state_dict(model.state_dict())  # the same weights, one by one
    torch.testing.assert_close(state.s, whole.encode(source, lengths).s)
    for token in torch.tensor([[1, 1], [4, 7]]):
        step = model.look(token, state)
        assert step.weights.tolist() == [[1.0], [1.0]]
        state = step.state
    torch.testing.assert_close(state.annotations[:, 0], whole.encode(source, lengths).s)


def test_lists_have_numbers_and_commas():
    source, target = list_of_numbers(3, torch.Generator().manual_seed(0))
    numbers = [int(one) for one in "".join(source).split(",")]
    assert len(numbers) == 3
    assert all(100 <= number < 1000 for number in numbers)
    words = [" ".join(sv.data.number_words(number, "German")) for number in numbers]
    assert " ".join(target) == " , ".join(words)


def test_a_perfect_translator_scores_one():
    text = ParallelText.of([list_of_numbers(2, torch.Generator().manual_seed(seed)) for seed in range(4)])

    class Perfect(LastState):
        def look(self, token, state, weights=None):
            made = super().look(token, state, weights)
            at = self.said
            self.said += 1
            right = torch.nn.functional.one_hot(self.right[:, at], len(text.target)).float()
            return made._replace(logits=right)

    model = Perfect(len(text.source), len(text.target), 3, 4, 5)
    model.said, model.right = 0, text.batch(range(4)).target
    assert score(model, text, range(4)) == pytest.approx(1.0)


@pytest.mark.parametrize("kind", list(KINDS)[:2])
def test_a_run_has_a_score_for_every_length(kind):
    scores = run(kind, SMALL, 0)
    assert len(scores) == SMALL.longest
    assert all(0 <= one <= 1 for one in scores)


def test_the_record_has_every_kind_length_and_seed():
    record = sv.data.recorded("attention_length")
    assert list(record["results"]) == list(KINDS)
    for seeds in record["results"].values():
        assert [len(scores) for scores in seeds] == [record["sizes"]["longest"]] * record["seeds"]
