"""What holds for every explorer there is: a figure that was sent once goes with every later patch."""

import re

import numpy as np
import pytest
import torch

from seqviz.data import BASES, GENE_TAGS, PROSE_ALPHABET, Tokenizer, digit_strokes
from seqviz.data.tokenizer import EOS
from seqviz.data.translation.parallel import ParallelText
from seqviz.models import (
    BERT,
    GRU,
    LSTM,
    RNN,
    AttentionOnly,
    BahdanauTranslator,
    Bidirectional,
    CausalTransformer,
    RNNLayer,
    SequenceClassifier,
    SequenceMLP,
    Stacked,
    Tagger,
    TransformerTranslator,
    WordVectors,
    decoding,
)
from seqviz.plots.patch import patched
from seqviz.traces import LagTrace
from seqviz.widgets import explore
from seqviz.widgets.binary import figure_to_tree
from seqviz.widgets.controls import Range
from tests.widgets.asked import ALPHABET, TEXT, assert_same

SENTENCE = "the value is known"
LETTERS = Tokenizer.of_characters("abc")


def elman() -> RNN:
    return RNN(len(ALPHABET), 7, len(ALPHABET), dtype=torch.float64)


def lstm() -> LSTM:
    return LSTM(len(PROSE_ALPHABET), 6, len(PROSE_ALPHABET))


def lags(task: str) -> LagTrace:
    return LagTrace(
        task=task,
        lags=(5, 10),
        networks=("RNN", "GRU"),
        accuracies=np.random.default_rng(len(task)).uniform(size=(2, 2, 3)),
        without_memory=0.5,
    )


def reader(network: RNN):
    return decoding.recurrent_decode_step(network), network.start(1)


def classifier(pooling: str) -> SequenceClassifier:
    return SequenceClassifier(WordVectors(3, 4), 4, 1, pooling)


LETTERS_APART = Tokenizer.of_words("abc")
WORDS = Tokenizer.of_words(["drei", "und", "vier"], special=True)


def translator(source: str):
    """Say what a table of random numbers says after the last token."""
    table = torch.randn(len(WORDS), len(WORDS), generator=torch.Generator().manual_seed(len(source)))
    table[:, EOS] -= 3
    return (lambda token, state: (table[token].log_softmax(-1), state)), torch.zeros(1)


DRAWINGS = {"a three": digit_strokes(3), "a four": digit_strokes(4)}
READERS = {"plain": reader(elman()), "other": reader(elman())}

PAIRS = ParallelText.of([(tuple("abc"), tuple("xyz"))])


def attention_alone(heads: int, layers: int) -> AttentionOnly:
    return AttentionOnly(3, 4, 4, heads, layers)


def attentive() -> BahdanauTranslator:
    return BahdanauTranslator(len(PAIRS.source), len(PAIRS.target), 3, 4, 5)


def transformer() -> TransformerTranslator:
    return TransformerTranslator(len(PAIRS.source), len(PAIRS.target), 4, 2, 5, 2)


def writer() -> CausalTransformer:
    return CausalTransformer(len(LETTERS_APART), 4, 2, 5, 1, "alibi")


ENCODED = Tokenizer.of_words("abc", special=True)


def encoder() -> BERT:
    return BERT(len(ENCODED), 8, 4, 2, 5, 2)


# a way to make each, and what may change in it while the figure stays (None where every change is another figure)
EXPLORERS = {
    "alignment": (
        lambda: explore.alignment(attentive(), PAIRS, {"abc": ("xy", torch.eye(2, 3, dtype=torch.bool))}, max_length=3),
        None,
    ),
    "analogy": (
        lambda: explore.analogy(
            {"one": torch.randn(9, 4), "other": torch.randn(9, 4)},
            Tokenizer.of_words("abcdefghi"),
            [("a", "b"), ("c", "d")],
            "abcdef",
            "d",
        ),
        {"query": "may be the answer"},
    ),
    "belief": (
        lambda: explore.belief({"mean": classifier("mean"), "max": classifier("max")}, LETTERS_APART, "a b a"),
        None,
    ),
    "beam": (lambda: explore.beam(translator, WORDS, "34", max_length=5), None),
    "bidirectional": (
        lambda: explore.bidirectional(
            Tagger(Bidirectional(RNNLayer(4, 3), RNNLayer(4, 2)), 5, len(GENE_TAGS)),
            Tokenizer.of_characters(BASES),
            GENE_TAGS,
            "ACGT",
        ),
        None,
    ),
    "bleu": (lambda: explore.bleu("drei und vier", ["vier und drei"]), None),
    "bottleneck": (
        lambda: explore.bottleneck({"narrow": translator, "wide": translator}, WORDS, "34", lambda _: "drei und vier"),
        None,
    ),
    "cache": (lambda: explore.cache(writer(), LETTERS_APART, "a b", length=3), None),
    "clamp": (
        lambda: explore.clamp(lstm(), PROSE_ALPHABET, SENTENCE, ("a", "e"), unit=2, step=4),
        {"whose": "all cells'", "value": "open (1)"},
    ),
    "clocks": (explore.clocks, {"steps": 3}),
    "cliff": (explore.cliff, {"w": 4.5, "b": -2.0}),
    "cls_look": (
        lambda: explore.cls_look(
            {"before": encoder(), "after": encoder()}, ENCODED, "a b", torch.nn.Linear(4, 2), ("bad", "good")
        ),
        None,
    ),
    "cooccurrence": (
        lambda: explore.cooccurrence(
            torch.rand(4, 4) + 1, Tokenizer.of_words("abcd"), "ab", "cd", [("a", "c")], (1, 4), 4
        ),
        None,
    ),
    "cut": (lambda: explore.cut(attention_alone(2, 2), LETTERS_APART, "a b c", 1), {"whose": "every word"}),
    "deep": (lambda: explore.deep(Stacked([RNNLayer(2, 3), RNNLayer(3, 3)]), torch.randn(4, 2), "abcd"), None),
    "digit": (
        lambda: explore.digit({"row by row": LSTM(16, 4, 10), "along the pen": LSTM(3, 4, 10)}, DRAWINGS),
        {"strokes": digit_strokes(8), "step": 5},
    ),
    "directions": (
        lambda: explore.directions(
            {"one": Tagger(RNNLayer(4, 3), 3, len(GENE_TAGS))}, Tokenizer.of_characters(BASES), GENE_TAGS, "ACGT", list
        ),
        None,
    ),
    "forgetting": (
        lambda: explore.forgetting({"GRU": GRU(3, 4, 3), "RNN": RNN(3, 2, 3)}, LETTERS, "abcab", "c", ("a", "b"), list),
        None,
    ),
    "gates": (lambda: explore.gates(lstm(), PROSE_ALPHABET, SENTENCE), {"threshold": 0.3, "width": 2}),
    "gradient_ribbon": (lambda: explore.gradient_ribbon(elman(), ALPHABET, TEXT), {"radius": 2.0}),
    "gradient_depth": (lambda: explore.gradient_depth(PAIRS, 2, seeds=1), None),
    "gru_cell": (
        lambda: explore.gru_cell(GRU(2, 3, 1, "reset before"), torch.tensor([[0.5, 1], [-1, 0]]), ["a", "b"]),
        None,
    ),
    "heads": (lambda: explore.heads(attention_alone(2, 2), LETTERS_APART, "a b c"), {"word": 2}),
    "hidden_word": (lambda: explore.hidden_word(encoder(), ENCODED, "a b / c"), None),
    "interpolation": (
        lambda: explore.interpolation(GRU(3, 4, 2), Tokenizer.of_words("abc"), "a c b a", ("no", "yes")),
        {"step": 2, "unit": 3},
    ),
    "jacobian_sweep": (explore.jacobian_sweep, {"nonlinearity": "tanh", "largest": 7.0}),
    "lags": (lambda: explore.lags([lags("adding"), lags("copy")]), {"task": "copy"}),
    "lstm_cell": (lambda: explore.lstm_cell(lstm(), PROSE_ALPHABET, "the value", unit=2, step=3), None),
    "reach": (
        lambda: explore.reach({"GRU": GRU(3, 4, 3), "RNN": RNN(3, 2, 3)}, LETTERS, "abcab", 2, list),
        None,
    ),
    "order": (explore.order, None),
    "redirect": (lambda: explore.redirect(attentive(), PAIRS, "abc", 1, 2, max_length=3), {"share": 0.5}),
    "regimes": (explore.regimes, {"forget": 0.5, "write": 0.25}),
    "residual_stream": (lambda: explore.residual_stream(transformer(), PAIRS, "abc", max_length=3), None),
    "run": (lambda: explore.run(elman(), ALPHABET, TEXT), None),
    "sampling": (lambda: explore.sampling(READERS["plain"], ALPHABET, TEXT), {"u": 0.2, "top_k": "the 2 likeliest"}),
    "sentence": (lambda: explore.sentence(READERS, ALPHABET, TEXT), {"model": "plain"}),
    "shift": (
        lambda: explore.shift({"mlp": SequenceMLP(1, 21, 8, 2)}, range(5, 8), 21),
        {"noise": 0.8, "background": "2"},
    ),
    "spread": (explore.spread, None),
    "stages": (lambda: explore.stages(attention_alone(2, 2), LETTERS_APART, "a b c"), None),
    "story": (
        lambda: explore.story("abcd", np.arange(12.0).reshape(4, 3), {"late": (np.array([0, 0, 1, 1], dtype=bool), 1)}),
        None,
    ),
    "task": (explore.task, None),
    "terms": (lambda: explore.terms(elman(), ALPHABET, TEXT), None),
    "translation_steps": (lambda: explore.translation_steps(transformer(), PAIRS, "abc", max_length=3), None),
    "truncation": (lambda: explore.truncation(elman(), ALPHABET, TEXT), None),
    "unrolled": (explore.unrolled, None),
    "window": (lambda: explore.window({"rises": torch.arange(-1.0, 2)}, torch.randn(9)), None),
}


def test_every_explorer_is_asked():
    assert sorted(EXPLORERS) == sorted(explore.__all__)


@pytest.fixture(params=EXPLORERS)
def explorer(request):
    torch.manual_seed(3)
    make, _ = EXPLORERS[request.param]
    return make()


def test_a_named_trace_can_be_removed(explorer):
    # plotly.js then looks for `.cb` and the name, as a CSS selector
    names = [trace.uid for trace in explorer.still()[0].data if trace.uid]
    assert [name for name in names if not re.fullmatch(r"[\w-]+", name)] == []


def assert_whole(explorer, base):
    """The base with the patch of each selection is what is drawn anew."""
    view, trace = explorer._view, explorer._trace
    for selection in range(view.selections(trace)):
        sent = patched(type(base)(base), view.patch(trace, selection))
        whole, sentence = explorer.still_of(trace, selection)
        assert_same(figure_to_tree(sent), figure_to_tree(whole))
        assert explorer.content["sentences"][selection] == sentence


def test_the_figure_sent_first_with_a_later_patch_is_the_whole_figure(explorer, request):
    base = explorer._base
    assert_whole(explorer, base)
    _, changed = EXPLORERS[request.node.callspec.params["explorer"]]
    if changed:
        explorer.values = explorer.values | changed
        assert "error" not in explorer.content
        assert explorer._base is base, "expected a change that leaves the figure"
        assert_whole(explorer, base)


def test_a_patch_moves_traces_on_axes_that_stay(explorer):
    """Only these are redrawn alone, in a third of the time; the nodes of the unrolled network are not plotly's."""
    figure = explorer._base
    for path in explorer.content["patches"]:
        part, number, name = path.split(".", 2)
        if explorer.content["scene"]:
            continue
        assert (part, name in ("x", "y", "z", "text", "customdata")) == ("data", True)
        trace = figure.data[int(number)]
        for axis in (trace.xaxis or "x", trace.yaxis or "y"):
            assert figure.layout[axis[0] + "axis" + axis[1:]].range is not None


def test_every_selection_has_a_patch_and_a_sentence(explorer):
    content = explorer.content
    assert len(content["sentences"]) == content["selections"] > 1
    assert {len(values) for values in content["patches"].values()} == {content["selections"]}


def test_what_is_shown_beside_a_slider_is_its_value(explorer):
    for control in explorer._controls.values():
        assert not re.search(r"\bin (tenths|twentieths|hundredths)\b", control.label)
        shown = getattr(control, "shown", ())
        if shown:
            assert len(shown) == round((control.maximum - control.minimum) / control.step) + 1


COUNTED = r"\b(?:step|steps|unit|cell|loss|row|k =|update) %\{([xy])(:d)?\}(?! steps back)"


def first_along(trace, axis):
    """The least coordinate of a trace: a heat map without x begins at x0, and that at 0."""
    given = getattr(trace, axis)
    return np.nanmin(np.asarray(given, dtype=float)) if given is not None else getattr(trace, f"{axis}0") or 0


def test_what_is_shown_counts_from_1_as_the_equations_do(explorer):
    for trace in explorer.still()[0].data:
        for axis, whole in re.findall(COUNTED, trace.hovertemplate or ""):
            assert whole, f"without :d the hover text shows the label of the tick: {trace.hovertemplate}"
            assert first_along(trace, axis) >= 1, trace.hovertemplate
    for control in explorer._controls.values():
        counts = isinstance(control, Range) and re.search(r"\b([Ss]tep|[Uu]nit|[Cc]ell)\b", control.label)
        if counts and control.minimum == 0:
            assert control.offset >= 1, control.label


def test_numbers_are_written_as_in_a_book(explorer):
    for sentence in explorer.content["sentences"]:
        assert not re.search(r"\de[+−-]\d|(?<![\w.-])-\.?\d", re.sub("“[^”]*”", "", sentence)), sentence
