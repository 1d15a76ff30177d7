"""What was fed and the source are two lines, lit anew for another source."""

import numpy as np

from seqviz.plots.transformer.translation_steps import describe_translation_steps, translation_steps_levels
from seqviz.traces import trace_translation_steps
from seqviz.widgets import explore
from tests.widgets.asked import answer, opened

from .made import TEXT, made


def test_a_source_is_typed(wire):
    explorer = explore.translation_steps(made(), TEXT, "abc", max_length=3)
    content = opened(wire, explorer)["content"]
    assert content["strip"]["rows"] == [["fed", 0], ["source", 3]]
    assert content["strip"]["tokens"][0] == "start"
    content = answer(wire, explorer, source="ca")["content"]
    trace = trace_translation_steps(made(), TEXT, "ca", max_length=3)
    assert content["strip"]["tokens"][1:] == [*trace.fed[1:], "c", "a"]
    np.testing.assert_allclose(content["strip"]["levels"], translation_steps_levels(trace), atol=1e-6)
    selections = range(len(trace.said) + len(trace.source))
    assert content["sentences"] == [describe_translation_steps(trace, selection) for selection in selections]
    assert "got 'q'" in answer(wire, explorer, source="q")["content"]["error"]
