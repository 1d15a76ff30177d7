"""Without a window it says what the cache says; with one, what the window alone says, its positions from 0 on."""

import pytest
import torch

from seqviz.models.decoding import sample
from seqviz.models.transformer.decoder_only import SCHEMES, CausalTransformer
from seqviz.models.transformer.recomputing import nothing_written, recomputing_step
from seqviz.models.translation.search import beam_search

from .copied import scramble

BATCH, TIME, TOKENS, SIZE, HEADS, WINDOW = 3, 7, 5, 12, 2, 4
CLOSE = {"rtol": 0, "atol": 1e-10}


def model_of(scheme, longest):
    torch.manual_seed(0)
    model = CausalTransformer(TOKENS, SIZE, HEADS, 10, 2, scheme, longest, torch.float64)
    scramble(model)
    return model


def some_tokens():
    return torch.randint(TOKENS, (BATCH, TIME), generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("scheme", SCHEMES)
def test_computed_again_or_kept_it_is_the_same_at_every_step(scheme):
    model = model_of(scheme, TIME)
    again, written, past = recomputing_step(model), nothing_written(BATCH), None
    for token in some_tokens().unbind(1):
        expected, past = model.step(token, past)
        log_p, written = again(token, written)
        torch.testing.assert_close(log_p, expected, **CLOSE)
    assert torch.equal(written, some_tokens())


@pytest.mark.parametrize("scheme", SCHEMES)
def test_with_a_window_nothing_before_it_counts(scheme):
    model, tokens = model_of(scheme, WINDOW), some_tokens()
    step, written = recomputing_step(model, WINDOW), nothing_written(BATCH)
    for t, token in enumerate(tokens.unbind(1)):
        log_p, written = step(token, written)
        inside = tokens[:, max(t + 1 - WINDOW, 0) : t + 1]
        torch.testing.assert_close(log_p, model(inside)[0][:, -1].log_softmax(-1), **CLOSE)
        assert torch.equal(written, inside)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_beams_and_draws_are_those_of_the_cache(scheme):
    model = model_of(scheme, TIME)
    again, cached = (
        beam_search(step, state, 0, 1, 4, TIME - 1)
        for step, state in ((recomputing_step(model), nothing_written(1)), (model.step, None))
    )
    assert [one.tokens for one in again] == [one.tokens for one in cached]
    first = some_tokens()[:, 0]
    drawn = [
        sample(step, state, first, TIME - 1, torch.Generator().manual_seed(2), temperature=0.8, top_p=0.9)
        for step, state in ((recomputing_step(model), nothing_written(BATCH)), (model.step, None))
    ]
    assert torch.equal(*drawn)


def test_only_with_a_window_learned_positions_go_on_for_ever():
    model = model_of("learned", WINDOW)
    first = torch.zeros(1, dtype=torch.long)
    assert sample(recomputing_step(model, WINDOW), nothing_written(1), first, 3 * WINDOW).shape == (1, 3 * WINDOW)
    for step, state in ((recomputing_step(model), nothing_written(1)), (model.step, None)):
        with pytest.raises(ValueError, match="expected at most 4 steps"):
            sample(step, state, first, WINDOW + 1)


def test_a_window_of_nothing_is_refused():
    with pytest.raises(ValueError, match="window: expected at least 1, got 0"):
        recomputing_step(model_of("none", 1), 0)
