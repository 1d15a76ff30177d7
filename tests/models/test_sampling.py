"""Temperature and cuts against slow definitions; a fixed number falls where its token lies."""

import itertools
import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seqviz.models.sampling import adjust, pick

probabilities = st.lists(st.floats(0.001, 1), min_size=2, max_size=6).map(
    lambda weights: torch.tensor([weights], dtype=torch.float64) / sum(weights)
)


def slowly(p: list[float], temperature: float, top_k: int | None, top_p: float | None) -> list[float]:
    """One token at a time, from the likeliest down."""
    powers = [one ** (1 / temperature) for one in p]
    p = [one / sum(powers) for one in powers]
    ranked = sorted(range(len(p)), key=lambda token: -p[token])
    kept = ranked[:top_k] if top_k else ranked
    share = {token: p[token] / sum(p[one] for one in kept) for token in kept}
    nucleus, reached = [], 0.0
    for token in kept:
        if top_p is not None and reached >= top_p - 1e-12:
            break
        nucleus.append(token)
        reached += share[token]
    return [share[token] / sum(share[one] for one in nucleus) if token in nucleus else 0.0 for token in range(len(p))]


@settings(deadline=None)
@given(
    p=probabilities,
    temperature=st.sampled_from([0.3, 1.0, 2.5]),
    k=st.sampled_from([None, 1, 2]),
    top_p=st.sampled_from([None, 0.05, 0.37, 0.81, 1.0]),
)
def test_the_slow_definition_says_the_same(p, temperature, k, top_p):
    found = adjust(p.log(), temperature, k, top_p)[0]
    expected = slowly(p[0].tolist(), temperature, k, top_p)
    torch.testing.assert_close(found, torch.tensor(expected, dtype=torch.float64), rtol=0, atol=1e-9)


def test_the_token_that_crosses_the_threshold_is_kept():
    p = torch.tensor([[0.2, 0.5, 0.3]], dtype=torch.float64)
    torch.testing.assert_close(adjust(p.log(), top_p=0.6)[0], torch.tensor([0, 0.625, 0.375], dtype=torch.float64))
    torch.testing.assert_close(adjust(p.log(), top_p=0.5)[0], torch.tensor([0, 1.0, 0], dtype=torch.float64))
    torch.testing.assert_close(adjust(p.log(), top_p=0.01)[0], torch.tensor([0, 1.0, 0], dtype=torch.float64))


def test_nothing_asked_changes_nothing_and_a_low_temperature_takes_the_likeliest():
    p = torch.tensor([[0.1, 0.6, 0.3]], dtype=torch.float64)
    torch.testing.assert_close(adjust(p.log()), p, rtol=0, atol=1e-12)
    torch.testing.assert_close(adjust(p.log(), temperature=0.01)[0, 1], torch.tensor(1.0, dtype=torch.float64))


def test_every_number_falls_on_the_token_whose_stretch_holds_it():
    p = torch.tensor([[0.2, 0.5, 0.3]], dtype=torch.float64)  # laid out as 0.5, 0.3, 0.2
    for u, token in [(0.0, 1), (0.499, 1), (0.5, 2), (0.799, 2), (0.8, 0), (0.999999, 0)]:
        assert pick(p, torch.tensor([u], dtype=torch.float64)).item() == token


def test_evenly_spaced_numbers_hit_every_token_as_often_as_it_is_likely():
    p = torch.tensor([[0.05, 0.4, 0.25, 0.3]], dtype=torch.float64)
    u = (torch.arange(10_000, dtype=torch.float64) + 0.5) / 10_000
    hits = pick(p.expand(len(u), -1), u).bincount(minlength=4) / len(u)
    torch.testing.assert_close(hits.double(), p[0], rtol=0, atol=2e-4)


def test_a_token_without_probability_is_never_picked():
    p = torch.tensor([[1.0, 0.0]])
    assert pick(p, torch.tensor([math.nextafter(1, 0)], dtype=torch.float64).float().clamp(max=0.99999994)).item() == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"temperature": 0.0}, "temperature: expected above 0, got 0.0"),
        ({"top_k": 0}, "top_k: expected 1 … 3, got 0"),
        ({"top_k": 4}, "top_k: expected 1 … 3, got 4"),
        ({"top_p": 0.0}, r"top_p: expected above 0 and at most 1, got 0.0"),
    ],
)
def test_what_makes_no_sense_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        adjust(torch.zeros(1, 3), **change)


def test_numbers_outside_the_unit_interval_are_refused():
    for u in itertools.chain([-0.1, 1.0]):
        with pytest.raises(ValueError, match=r"u: expected numbers in \[0, 1\)"):
            pick(torch.ones(1, 2) / 2, torch.tensor([u]))
