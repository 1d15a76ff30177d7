"""Every way to be wrong has its own clear message; the plain text is a float, whatever happened."""

import html
import math
import re

import numpy as np
import pytest
import torch

from seqviz.checks import check_against
from seqviz.checks.authoring import exercise
from seqviz.checks.compiled import Check, compile_check
from seqviz.checks.report import Report
from tests.checks.toy import leaky


@pytest.fixture(scope="module")
def check() -> Check:
    return compile_check(leaky, 3)


def right(x, h, alpha):
    return (1 - alpha) * h + alpha * torch.tanh(x)


def wrong_shape(x, h, alpha):
    return right(x, h, alpha)[:, :1]


def wrong_dtype(x, h, alpha):
    return right(x, h, alpha).float()


def nothing(x, h, alpha):
    right(x, h, alpha)


def raises(x, h, alpha):
    return x @ h


def endless(x, h, alpha):
    while True:
        pass


def in_place(x, h, alpha):
    h *= 1 - alpha
    h += alpha * torch.tanh(x)
    return h


def array(x, h, alpha):
    return right(x, h, alpha).numpy()


def a_list(x, h, alpha):
    return [right(x, h, alpha)]


def module(x, h, alpha):
    return object()


def exits(x, h, alpha):
    raise SystemExit


def too_few_arguments(x):
    return x


def stub(x, h, alpha):
    raise NotImplementedError("02.1 leaky")


def forbidden(x, h, alpha):
    return torch.nn.Identity()(right(x, h, alpha))  # the right value


def nan(x, h, alpha):
    return right(x, h, alpha) * float("nan")


def chatty(x, h, alpha):
    print("state <b>", tuple(h.shape))
    return x


WRONG = {
    wrong_shape: ("Wrong shape in h_t", "expected  tensor of shape (2, 5), float64 [batch unit]", "shape (2, 1)"),
    wrong_dtype: ("Wrong dtype in h_t", "float32", "dtype=x.dtype"),
    nothing: ("None came back in h_t", "return"),
    raises: ("raised an exception", "RuntimeError: mat1 and mat2", "return x @ h"),
    endless: ("Out of time", "no answer within 2 s", "loop"),
    in_place: ("Inputs changed", "changes its input h in place"),
    array: ("Wrong type in h_t", "NumPy array of shape (2, 5), float64"),
    a_list: ("Wrong type in h_t", "list of 1 (tensor of shape (2, 5), float64)"),
    module: ("Wrong type in h_t", "an object of type object"),
    exits: ("raised an exception", "SystemExit"),
    too_few_arguments: ("raised an exception", "TypeError", "3 were given"),
    stub: ("Not written yet", "NotImplementedError"),
    forbidden: ("Not allowed here", "without torch.nn", "in forbidden, line 2"),
    nan: ("Wrong values in h_t", "nan", "10 of 10 numbers differ"),
    chatty: ("Your function printed", "state <b> (2, 5)", "first difference at  batch 0, unit 0"),
}


@pytest.mark.parametrize("function", WRONG, ids=lambda function: function.__name__)
def test_each_has_its_own_clear_message(check: Check, function):
    report = check_against(check, function)
    assert not report.passed
    assert report.points == 0.0
    assert report.mistake is None
    text = " ".join(report.message.split())
    for words in WRONG[function]:
        assert " ".join(words.split()) in text
    assert report.message.startswith("✗ leaky does not pass yet: 0 of 3 points\n")


def test_the_messages_differ_from_each_other(check: Check):
    messages = [check_against(check, function).message for function in WRONG if function is not endless]
    assert len(set(messages)) == len(messages)


def test_right_says_so_and_no_more(check: Check):
    report = check_against(check, right)
    assert report.message == "✓ leaky passes: 3 of 3 points"
    assert (report.points, report.max_points, report.passed, report.mistake) == (3.0, 3.0, True, None)


def test_a_known_mistake_is_named_with_its_hint_before_anything_else(check: Check):
    report = check_against(check, leaky.mistakes[1].function)
    assert (report.mistake, report.points) == ("a plain step", 1.0)
    assert report.message.split("\n")[1:3] == ["A known mistake, “a plain step”:", "  Where is α?"]
    assert "several    0 of 2, not yet" in report.message
    assert "alpha = 1  1 of 1, passes" in report.message


def test_what_was_called_is_told_with_shapes_and_small_values(check: Check):
    lines = check_against(check, nothing).message.splitlines()
    called = lines.index("Called with (case 1 of 3, “several”):")
    assert lines[called + 1].startswith("  x      tensor of shape (2, 5), float64: [[")
    assert lines[called + 3] == "  alpha  0.3"


def test_of_several_outputs_the_right_ones_are_told():
    @exercise(returns=("first: unit", "second: unit", "third: unit"), groups={"all": 1})
    class three:  # noqa: N801
        def inputs(generator):  # noqa: N805
            yield "all", {"x": torch.arange(4.0)}

        def reference(x):  # noqa: N805
            return x, 2 * x, 3 * x

    check = compile_check(three, 1)
    message = check_against(check, lambda x: (x, x, 3 * x)).message
    assert "Wrong values in second" in message
    assert re.search(r"right already +first, third", message)
    assert "none of the outputs" in check_against(check, lambda x: (-x - 1, -x - 1, -x - 1)).message
    assert "Wrong number of outputs" in check_against(check, lambda x: (x, x)).message


@pytest.mark.parametrize("function", [right, leaky.mistakes[0].function, *WRONG], ids=lambda f: f.__name__)
def test_the_plain_text_is_a_float_and_never_more_than_the_maximum(check: Check, function):
    """nbgrader reads it with float(); anything it cannot read is full marks there."""
    report = check_against(check, function)
    bundle = report._repr_mimebundle_()
    points = float(bundle["text/plain"])
    assert bundle["text/plain"] == repr(report) == repr(float(report.points))
    assert math.isfinite(points)
    assert 0.0 <= points <= report.max_points
    assert (points == report.max_points) == report.passed


def test_numpy_points_do_not_reach_the_plain_text():
    report = Report("f", np.float64(1.0), 2.0, False, None, "words")
    assert repr(report) == "1.0"


def test_arguments_of_every_dtype_can_be_shown():
    @exercise(returns="y: unit", groups={"all": 1})
    class any_dtype:  # noqa: N801
        def inputs(generator):  # noqa: N805
            for dtype in (torch.bfloat16, torch.complex64, torch.bool, torch.int64, torch.float16):
                yield "all", {"x": torch.ones(2, dtype=dtype), "flag": True, "count": 3}

        def reference(x, flag, count):  # noqa: N805
            return x

    check = compile_check(any_dtype, 1)
    for number in range(len(check.cases)):
        calls = iter(range(len(check.cases)))
        message = check_against(
            check, lambda x, flag, count, calls=calls, bad=number: None if next(calls) == bad else x
        )
        assert "  flag   True\n  count  3" in message.message


def test_a_dtype_that_no_input_has_is_named():
    @exercise(returns="mask: unit", groups={"all": 1})
    class real:  # noqa: N801
        def inputs(generator):  # noqa: N805
            yield "all", {"x": torch.ones(2, dtype=torch.float64), "count": 3}

        def reference(x, count):  # noqa: N805
            return x.bool()

    message = check_against(compile_check(real, 1), lambda x, count: x.to(torch.uint8)).message
    assert "dtype=torch.bool or .to(torch.bool)" in message
    assert "dtype=x.dtype" not in message


def test_a_number_in_float32_is_asked_for_as_a_number():
    @exercise(returns="share", groups={"all": 1})
    class share:  # noqa: N801
        def inputs(generator):  # noqa: N805
            yield "all", {"right": torch.tensor(1), "count": torch.tensor(3)}

        def reference(right, count):  # noqa: N805
            return int(right) / int(count)

    message = check_against(compile_check(share, 1), lambda right, count: right / count).message
    assert "Give a number of Python, or float64" in message
    assert "dtype of the inputs" not in message


def test_str_is_the_message(check: Check):
    report = check_against(check, nothing)
    assert str(report) == report.message


@pytest.mark.parametrize("function", [right, leaky.mistakes[0].function, raises, chatty], ids=lambda f: f.__name__)
def test_the_html_says_the_same_and_runs_nothing(check: Check, function):
    report = check_against(check, function)
    page = report._repr_mimebundle_()["text/html"]
    assert "<script" not in page
    assert "<b>" not in page

    def plain(text: str) -> str:
        return re.sub(r"[\s:]+", "", text)

    assert plain(html.unescape(re.sub(r"<[^>]+>", " ", page))) == plain(report.message)


def test_the_html_is_for_screen_readers_and_for_light_and_dark(check: Check):
    page = check_against(check, leaky.mistakes[0].function).html()
    assert 'role="status"' in page
    assert 'aria-label="check of leaky"' in page
    assert page.count('<th scope="row"') == 4 + 3 + 2
    colours = re.findall(r"color:\s*([^;\"]+)", page)
    assert colours
    assert all(colour.startswith("var(--jp-") and "," in colour for colour in colours)


def test_a_list_that_was_changed_gets_advice_on_lists():
    @exercise(returns="last", groups={"all": 1})
    class last:  # noqa: N801
        def inputs(generator):  # noqa: N805
            yield "all", {"layers": [(3, 1), (2, 4)]}

        def reference(layers):  # noqa: N805
            return layers[-1][0]

    def reversing(layers):
        layers.reverse()
        return layers[0][0]

    message = check_against(compile_check(last, 1), reversing).message
    assert "the caller's list is no longer what it was" in message
    assert "list(reversed(…)), not .reverse()" in message
    assert "tensor instead" not in message
    assert "layers  the list [(3, 1), (2, 4)]" in message


def test_a_short_list_of_tensors_is_shown_with_its_numbers():
    @exercise(returns="count", groups={"all": 1})
    class count:  # noqa: N801
        def inputs(generator):  # noqa: N805
            yield "all", {"gradients": [torch.tensor([3.0, 0.0]), torch.tensor([4.0])]}

        def reference(gradients):  # noqa: N805
            return len(gradients)

    message = check_against(compile_check(count, 1), lambda gradients: 0).message
    assert "float32): [3, 0], [4]" in message
