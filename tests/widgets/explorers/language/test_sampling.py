"""The bars are the model's probabilities at every temperature, before and after the cuts."""

import numpy as np
import pytest
import torch

from seqviz.data import Tokenizer
from seqviz.models import RNN, decoding
from seqviz.models.sampling import adjust
from seqviz.widgets import explore
from seqviz.widgets.explorers.language.sampling import TEMPERATURES
from tests.widgets.asked import answer, opened
from tests.widgets.wire import size_in_bytes

LETTERS = Tokenizer.of_characters("abcd")


@pytest.fixture
def model():
    torch.manual_seed(2)
    return RNN(4, 5, 4, dtype=torch.float64)


def explorer_of(model, text="ab"):
    return explore.sampling((decoding.recurrent_decode_step(model), model.start(1)), LETTERS, text, u=0.8)


@pytest.mark.parametrize(
    ("asked", "cut"),
    [({}, {}), ({"top_k": "the 2 likeliest"}, {"top_k": 2}), ({"top_p": "0.7"}, {"top_p": 0.7}), ({"u": 0.1}, {})],
)
def test_the_lower_bar_is_the_adjusted_distribution_at_every_temperature(wire, model, asked, cut):
    explorer = explorer_of(model)
    content = opened(wire, explorer)["content"]
    if asked:
        content = answer(wire, explorer, **asked)["content"]
    traces = {trace.uid: f"data.{number}" for number, trace in enumerate(explorer._base.data)}
    logits, _ = model(LETTERS.one_hot(LETTERS.encode("ab")[None], torch.float64))
    log_p = logits[:, -1].detach().log_softmax(-1)
    for row, temperature in enumerate(TEMPERATURES):
        p = adjust(log_p, temperature, **cut)[0].sort(descending=True).values
        first = content["patches"][f"{traces['after-0']}.x"][row]
        np.testing.assert_allclose([first.min(), first.max()], [0, float(p[0])], atol=1e-6)
    u = explorer.values["u"]
    drawn = content["patches"][f"{traces['drawn']}.x"]
    assert all(row.min() <= u <= row.max() for row in drawn)


def test_what_is_sent_and_recorded_is_small(model):
    explorer = explorer_of(model)
    assert size_in_bytes(explorer) < 50_000
    made = explorer.recording()
    assert len(made["figures"]) == 1, "kept once"
    assert len(made["answers"]) == len(made["recorded"]["u"]) * 4 * 4
