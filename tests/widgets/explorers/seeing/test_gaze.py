"""Another scene is captioned anew, and its words are the strip."""

import numpy as np
import torch

from seqviz.data.seeing.captions import CAPTION_VOCABULARY, caption
from seqviz.data.seeing.scenes import pictures, scenes
from seqviz.data.tokenizer import EOS
from seqviz.models.seeing.captioner import ShowAttendAndTell
from seqviz.models.seeing.conv2d import ConvNet
from seqviz.plots.seeing.gaze import describe_gaze, gaze_levels
from seqviz.traces import trace_gaze
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened


def test_another_scene_is_captioned_anew(wire):
    torch.manual_seed(0)
    net, captioner = ConvNet(3, (2, 3, 4)), ShowAttendAndTell(len(CAPTION_VOCABULARY), 3, 4, 6, 5)
    with torch.no_grad():
        captioner.b_o[EOS] -= 9
    drawn = scenes(2, torch.Generator().manual_seed(0))
    given = dict(zip(map(caption, drawn), zip(drawn, pictures(drawn), strict=True), strict=True))
    one, two = given
    explorer = explore.gaze(net, 0.5, captioner, given)
    for scene, content in (
        (one, opened(wire, explorer)["content"]),
        (two, answer(wire, explorer, scene=two)["content"]),
    ):
        trace = trace_gaze(net, 0.5, captioner, *given[scene])
        assert content["strip"]["tokens"] == list(trace.words)
        assert content["sentences"] == [describe_gaze(trace, word) for word in range(12)]
        np.testing.assert_allclose(content["strip"]["levels"], gaze_levels(trace), atol=1e-7)
