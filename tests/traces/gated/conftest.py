"""A small LSTM, and one without a forget gate."""

import pytest
import torch

from seqviz.data import PROSE_ALPHABET
from seqviz.models import LSTM
from tests.traces.gated.slow_lstm import HIDDEN


@pytest.fixture(params=["ifgo", "ig"])
def model(request) -> LSTM:
    torch.manual_seed(1)
    model = LSTM(len(PROSE_ALPHABET), HIDDEN, len(PROSE_ALPHABET), request.param, dtype=torch.float64)
    for parameter in model.parameters():
        parameter.data.mul_(2)
    return model
