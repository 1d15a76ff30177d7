"""Keys, noise and a pause are answered with what is heard, and with what the page is to play."""

import math

import numpy as np
import pytest
import torch

from seqviz.models.hearing.listener import Listener
from seqviz.plots.hearing.telephone import describe_telephone, telephone_figure
from seqviz.traces.hearing.telephone import trace_telephone
from seqviz.widgets import explore
from seqviz.widgets.binary import encode, figure_to_tree
from tests.widgets.asked import answer, assert_same, assert_still, opened
from tests.widgets.wire import decoded


@pytest.fixture
def listener():
    torch.manual_seed(0)
    return Listener(41, 3, 11)


@pytest.fixture
def explorer(listener):
    return explore.telephone(listener, ["155", "#"])


def told(trace):
    return [describe_telephone(trace, frame) for frame in range(len(trace.path))]


def test_it_opens_on_the_first_number_heard_to_its_end(wire, explorer, listener):
    trace = trace_telephone(listener, "155", -8.0, 70.0)
    state = opened(wire, explorer)
    assert state["content"]["sentences"] == told(trace)
    assert state["content"]["pick"] == "xaxis"
    assert explorer.still()[1] == told(trace)[-1].replace("-", "−")


def test_every_control_is_answered_with_a_figure_of_its_own(wire, explorer, listener):
    values = {"number": "155", "noise": -8, "pause": 70}
    for changed in ({"number": "04*"}, {"noise": 16}, {"pause": 10}):
        values |= changed
        trace = trace_telephone(listener, values["number"], float(values["noise"]), float(values["pause"]))
        update = answer(wire, explorer, **changed)
        assert update["content"]["sentences"] == told(trace)
        assert_same(update["figure"], decoded(encode(figure_to_tree(telephone_figure(trace)))))


def test_what_is_played_is_what_the_network_hears(wire, explorer):
    answer(wire, explorer, pause=20)
    sound = answer(wire, explorer, noise=-6)["content"]["sound"]
    one, two, three = sound["tones"]
    assert [tone["hertz"] for tone in (one, two, three)] == [[697, 1209], [770, 1336], [770, 1336]]
    assert two["start"] - one["end"] == pytest.approx(0.02)
    assert one["end"] - one["start"] == pytest.approx(0.1)
    assert 20 * math.log10(sound["noise"]) == pytest.approx(-6)
    assert sound["rate"] == 8000
    assert sound["words"].startswith("“155” as it is dialled here, ")
    assert sound["words"].endswith("with noise 6 dB below the tones.")


@pytest.mark.parametrize(("noise", "words"), [(0, "as strong as the tones"), (3, "3 dB above the tones")])
def test_the_strength_of_the_noise_is_told(wire, explorer, noise, words):
    assert answer(wire, explorer, noise=noise)["content"]["sound"]["words"].endswith(f"with noise {words}.")


def test_without_a_key_the_picture_stays_and_words_say_why(wire, explorer):
    before = opened(wire, explorer)["content"]["sentences"]
    content = answer(wire, explorer, number="")["content"]
    assert content["error"] == "nothing to hear: press a key"
    assert content["sentences"] == before


def test_a_page_has_every_given_number_in_several_noises_and_pauses(explorer):
    recording = explorer.recording()
    assert recording["recorded"]["number"] == ["155", "#"]
    assert -8 in recording["recorded"]["noise"]
    assert 70 in recording["recorded"]["pause"]
    assert len(recording["answers"]) == math.prod(map(len, recording["recorded"].values()))
    (keypad, *_) = recording["controls"]
    assert keypad["fixed"].startswith("The keys need the kernel")


def test_a_still_shows_the_last_frame(explorer, listener):
    trace = trace_telephone(listener, "155", -8.0, 70.0)
    figure, _ = explorer.still_of(trace, len(trace.path) - 1)
    assert_still(explorer, figure)
    assert not np.isnan(np.asarray(figure.data[-1].x, dtype=float)).any()
