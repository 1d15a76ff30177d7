"""The explorer of a sliding window shows every window at every place."""

import numpy as np
import pytest
import torch

from seqviz.widgets import explore
from tests.widgets.asked import answer, opened

X = torch.randn(9, generator=torch.Generator().manual_seed(0))
WINDOWS = {"mean": torch.full((3,), 1 / 3), "rises": torch.tensor([-1.0, 0.0, 2.0])}


@pytest.mark.parametrize("name", WINDOWS)
def test_every_place_of_every_window_is_drawn(wire, name):
    explorer = explore.window(WINDOWS, X)
    content = opened(wire, explorer)["content"]
    if name != explorer.values["window"]:
        content = answer(wire, explorer, window=name)["content"]
    assert content["selections"] == 7
    sums = np.correlate(X.numpy(), WINDOWS[name].numpy(), "valid")
    np.testing.assert_allclose(content["patches"]["data.4.y"][:, 0], sums, atol=1e-6)
    np.testing.assert_allclose(content["patches"]["data.1.y"][6], X[6:].numpy(), atol=1e-6)


def test_windows_of_different_widths_are_refused():
    with pytest.raises(ValueError, match=r"windows: expected one width for all, got \[2, 3\]"):
        explore.window({"a": torch.ones(2), "b": torch.ones(3)}, X)
