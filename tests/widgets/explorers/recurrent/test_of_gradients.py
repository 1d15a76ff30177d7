"""What every explorer of gradients that vanish or explode must hold."""

import pytest

from seqviz.widgets import explore
from tests.widgets.asked import ALPHABET, TEXT
from tests.widgets.wire import size_in_bytes


def made(name, model):
    return {
        "product": explore.jacobian_sweep,
        "cliff": explore.cliff,
        "chunks": lambda: explore.truncation(model, ALPHABET, TEXT),
    }[name]()


NAMES = ("product", "cliff", "chunks")


@pytest.mark.parametrize("name", NAMES)
def test_every_selection_is_there_to_follow_the_hand_and_small(model, name):
    explorer = made(name, model)
    content = explorer.content
    assert len(content["sentences"]) == len(set(content["sentences"])) == content["selections"] > 1
    assert {len(values) for values in content["patches"].values()} == {content["selections"]}
    assert size_in_bytes(explorer) <= 60_000
    assert explorer._repr_mimebundle_()[0]["text/plain"] == explorer.still()[1]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_can_hold_all_that_is_recorded_of_it(model, name):
    recording = made(name, model).recording()
    assert len(recording["answers"]) < 100
    assert all("error" not in one["content"] for one in recording["answers"])
