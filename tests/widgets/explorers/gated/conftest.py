"""A network with gates that reads characters."""

import pytest
import torch

from seqviz.data import PROSE_ALPHABET
from seqviz.models import LSTM


@pytest.fixture
def model():
    torch.manual_seed(3)
    model = LSTM(len(PROSE_ALPHABET), 6, len(PROSE_ALPHABET))
    for parameter in model.parameters():
        parameter.data.mul_(3)
    return model
