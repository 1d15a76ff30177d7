"""The caption and its looks are what the captioner writes; a word names the things that have its name."""

import numpy as np
import pytest
import torch

from seqviz.data.seeing.captions import CAPTION_VOCABULARY, fault
from seqviz.data.seeing.scenes import Thing, cells_of, pictures
from seqviz.data.tokenizer import BOS, EOS
from seqviz.models.seeing.captioner import ShowAttendAndTell, with_places
from seqviz.models.seeing.conv2d import ConvNet
from seqviz.traces.seeing.gaze import annotate, trace_gaze

SCENE = (Thing("red", "circle", 6, 10, 5), Thing("blue", "square", 24, 14, 5))
TEXT = "a red circle left of a blue square"


class Parrot(ShowAttendAndTell):
    """Says one sentence, whatever it sees; looks as it is initialised."""

    def __init__(self, text: str) -> None:
        super().__init__(len(CAPTION_VOCABULARY), 3, 4, 6, 5)
        self.said = iter([*(CAPTION_VOCABULARY.encode(text).tolist() if text else []), EOS])

    def look(self, token, state, weights=None):
        word = super().look(token, state, weights)
        token = next(self.said, EOS)
        return word._replace(logits=torch.nn.functional.one_hot(torch.tensor([token]), len(CAPTION_VOCABULARY)).float())


@pytest.fixture
def net() -> ConvNet:
    torch.manual_seed(0)
    return ConvNet(3, (2, 3, 4))


def test_what_is_seen_is_scaled_and_has_its_places(net):
    drawn = pictures([SCENE])
    torch.testing.assert_close(annotate(net, 2.0, drawn), with_places(net(drawn).detach() / 2, 8))


def test_words_weights_and_fault_are_those_of_the_captioner(net):
    torch.manual_seed(1)
    captioner = ShowAttendAndTell(len(CAPTION_VOCABULARY), 3, 4, 6, 5)
    with torch.no_grad():
        captioner.b_o[EOS] -= 9
    trace = trace_gaze(net, 0.5, captioner, SCENE, longest=5)
    tokens, looked = captioner.write(annotate(net, 0.5, pictures([SCENE])), BOS, 5)
    assert trace.words == CAPTION_VOCABULARY.tokens_of(tokens[0])
    np.testing.assert_array_equal(trace.weights, looked[0])
    np.testing.assert_array_equal(trace.picture, pictures([SCENE])[0])
    assert trace.fault == fault(" ".join(trace.words), SCENE)


def test_colour_and_shape_name_their_thing_and_other_words_name_nothing(net):
    trace = trace_gaze(net, 1.0, Parrot(TEXT), SCENE)
    assert trace.words == (*TEXT.split(), "<eos>")
    assert trace.caption == TEXT
    assert trace.fault is None
    red, blue = cells_of(SCENE, 8).numpy()
    for word, cells in {1: red, 2: red, 6: blue, 7: blue}.items():
        np.testing.assert_array_equal(trace.named[word], cells)
    assert not trace.named[[0, 3, 4, 5, 8]].any()


def test_what_is_not_there_is_not_named_and_nothing_said_is_an_end(net):
    trace = trace_gaze(net, 1.0, Parrot("a blue circle"), SCENE)
    assert trace.fault == "pairing"
    assert not trace.named.any()
    silent = trace_gaze(net, 1.0, Parrot(""), SCENE)
    assert (silent.words, silent.caption, silent.fault) == (("<eos>",), "", "grammar")


def test_a_picture_that_is_given_is_the_one_looked_at(net):
    noisy = pictures([SCENE], torch.Generator().manual_seed(0))[0]
    trace = trace_gaze(net, 1.0, Parrot(TEXT), SCENE, noisy)
    np.testing.assert_array_equal(trace.picture, noisy)
    assert not np.array_equal(trace.weights, trace_gaze(net, 1.0, Parrot(TEXT), SCENE).weights)
