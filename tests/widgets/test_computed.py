"""What a page computes from: every model's graph, small, and only where all can be exported."""

import gzip
import json
from base64 import b64decode

import jaxtyping
import numpy as np
import pytest
import torch

import seqviz as sv
from seqviz.models import LSTM, NGram, decoding
from seqviz.models.language.ngram import ngram_decode_step, no_context
from seqviz.models.onnx_graph import can_export
from seqviz.widgets import computed

LETTERS = sv.data.Tokenizer.of_characters("abc ")
COUNTED = ngram_decode_step(NGram(LETTERS.encode("a cab a bac"), 4, 3))

needs_onnx = pytest.mark.skipif(not can_export(), reason="needs the package onnx, of the extra `pages`")


@pytest.fixture(autouse=True)
def without_checked_shapes():
    """See tests/models/test_onnx_graph.py."""
    jaxtyping.config.update("jaxtyping_disable", True)
    yield
    jaxtyping.config.update("jaxtyping_disable", False)


def readers():
    torch.manual_seed(1)
    network = LSTM(4, 3, 4)
    return {
        "counted": (COUNTED, no_context(1, 3)),
        "trained": (decoding.recurrent_decode_step(network), network.start(1)),
    }


@needs_onnx
def test_every_model_has_its_graph_and_its_first_state():
    from onnx import load_from_string
    from onnx.reference import ReferenceEvaluator

    steps = computed.decode_steps(readers())
    assert steps
    assert list(steps) == ["counted", "trained"]
    assert json.loads(json.dumps(steps)) == steps
    assert steps["counted"]["state"] == [{"type": "int64", "shape": [1, 2], "values": [-1, -1]}]
    assert steps["trained"]["state"] == [{"type": "float32", "shape": [1, 3], "values": [0, 0, 0]}] * 2
    for name, (step, state) in readers().items():
        model = load_from_string(gzip.decompress(b64decode(steps[name]["graph"])))
        parts = [np.array(part["values"], part["type"]).reshape(part["shape"]) for part in steps[name]["state"]]
        evaluator = ReferenceEvaluator(model)
        inputs = dict(zip(evaluator.input_names, (np.array([2]), *parts), strict=True))
        with torch.no_grad():
            expected = step(torch.tensor([2]), state)[0].exp()
        np.testing.assert_allclose(evaluator.run(None, inputs)[0], expected, rtol=1e-6)


@needs_onnx
def test_the_explorer_of_a_text_records_what_its_page_computes_from():
    recording = sv.explore.sentence(readers(), LETTERS, "cab").recording()
    made = recording["computed"]
    assert (made["kind"], made["tokens"], made["visible"]) == ("sentence", list("abc "), ["a", "b", "c", "␣"])
    assert (made["spoken"][3], made["before"], list(made["models"])) == ("space", [3], ["counted", "trained"])
    assert recording["controls"][0]["fixed"], "until the page is written with a runtime, nobody types"
    assert recording["controls"][0]["readable"] == "abc "


def test_what_has_no_graph_stays_recorded(monkeypatch: pytest.MonkeyPatch):
    growing = {"counted": (COUNTED, no_context(1))}
    assert computed.decode_steps(growing) is None
    assert "computed" not in sv.explore.sentence(growing, LETTERS, "cab").recording()
    monkeypatch.setattr(computed, "can_export", lambda: False)
    assert computed.decode_steps(readers()) is None
