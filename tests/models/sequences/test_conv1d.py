"""The convolution against nn.Conv1d and a slow loop, float64; the receptive field against gradients."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from seqviz.models import conv1d

TOLERANCE = {"atol": 1e-10, "rtol": 1e-10}
DOUBLE = {"dtype": torch.float64}


@st.composite
def layers(draw):
    """A torch layer and an input for it, every axis of its own size."""
    batch, inputs, outputs = draw(st.permutations([2, 3, 4]))
    width, dilation = draw(st.integers(1, 5)), draw(st.integers(1, 3))
    time = (width - 1) * dilation + draw(st.integers(1, 6))
    torch.manual_seed(draw(st.integers(0, 2**31)))
    layer = nn.Conv1d(inputs, outputs, width, dilation=dilation, **DOUBLE)
    return layer, torch.randn(batch, time, inputs, **DOUBLE), dilation


@settings(deadline=None, max_examples=40)
@given(layers())
def test_output_and_every_gradient_equal_torch(case):
    layer, x, dilation = case
    ours = [v.detach().clone().requires_grad_() for v in (x, layer.weight, layer.bias)]
    x.requires_grad_()
    z, expected = conv1d.conv1d(*ours, dilation), layer(x.transpose(1, 2)).transpose(1, 2)
    torch.testing.assert_close(z, expected, **TOLERANCE)
    upstream = torch.randn_like(z)
    z.backward(upstream)
    expected.backward(upstream)
    for a, b in zip(ours, (x, layer.weight, layer.bias), strict=True):
        torch.testing.assert_close(a.grad, b.grad, **TOLERANCE)


def test_number_by_number():
    torch.manual_seed(3)
    x, W, b = torch.randn(2, 9, 3, **DOUBLE), torch.randn(4, 3, 3, **DOUBLE), torch.randn(4, **DOUBLE)
    z = conv1d.conv1d(x, W, b, dilation=2)
    assert z.shape == (2, 5, 4)
    for i in range(2):
        for t in range(5):
            for o in range(4):
                total = float(b[o])
                for j in range(3):
                    for c in range(3):
                        total += float(W[o, c, j]) * float(x[i, t + 2 * j, c])
                assert abs(total - float(z[i, t, o])) < 1e-12


@settings(deadline=None, max_examples=20)
@given(layers(), st.integers(1, 4))
def test_shifting_the_input_shifts_the_output(case, shift):
    layer, x, dilation = case
    W, b = layer.weight.detach(), layer.bias.detach()
    later = torch.cat([torch.randn(len(x), shift, x.shape[2], **DOUBLE), x], dim=1)
    z, z_later = conv1d.conv1d(x, W, b, dilation), conv1d.conv1d(later, W, b, dilation)
    torch.testing.assert_close(z_later[:, shift:], z, **TOLERANCE)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3)), min_size=1, max_size=3), st.integers(0, 2))
def test_an_output_depends_on_just_its_receptive_field(stack, t):
    widths, dilations = zip(*stack, strict=True)
    field = conv1d.receptive_field(widths, dilations)
    torch.manual_seed(0)
    x = torch.randn(1, field + 4, 2, **DOUBLE, requires_grad=True)
    z = x
    for width, dilation in stack:  # positive weights, so that no two ways of one number cancel
        z = conv1d.conv1d(z, torch.rand(2, 2, width, **DOUBLE) + 0.1, torch.zeros(2, **DOUBLE), dilation)
    assert z.shape[1] == 5, "a stack shortens a sequence by its receptive field less one"
    z[0, t].sum().backward()
    seen = x.grad[0].abs().sum(-1).nonzero().flatten().tolist()
    assert (seen[0], seen[-1]) == (t, t + field - 1)
    if all(dilation == 1 for dilation in dilations):
        assert seen == list(range(t, t + field))


def test_dilations_that_double_see_every_step_once():
    assert conv1d.receptive_field([2, 2, 2, 2], [1, 2, 4, 8]) == 16
    assert conv1d.receptive_field([2, 2, 2, 2]) == 5
    assert conv1d.receptive_field([]) == 1


def as_torch(model):
    """The same classifier made of torch's layers, on copied weights."""
    steps = []
    for W, b, dilation in zip(model.W, model.b, model.dilations, strict=True):
        layer = nn.Conv1d(W.shape[1], W.shape[0], W.shape[2], dilation=dilation, **DOUBLE)
        layer.weight.data, layer.bias.data = W.detach().clone(), b.detach().clone()
        steps += [layer, nn.ReLU()]
    output = nn.Linear(model.W_y.shape[1], model.W_y.shape[0], **DOUBLE)
    output.weight.data, output.bias.data = model.W_y.detach().clone(), model.b_y.detach().clone()
    return nn.Sequential(*steps, nn.AdaptiveMaxPool1d(1), nn.Flatten(), output)


@pytest.mark.parametrize("time", [7, 12])
def test_classifier_equals_torchs_layers_for_every_length(time):
    torch.manual_seed(1)
    model = conv1d.Conv1DClassifier(3, 5, 2, widths=(4, 2), dilations=(1, 3), **DOUBLE)
    assert model.receptive_field == 7
    theirs = as_torch(model)
    x = torch.randn(6, time, 3, **DOUBLE)
    logits, expected = model(x), theirs(x.transpose(1, 2))
    torch.testing.assert_close(logits, expected, **TOLERANCE)
    logits.square().sum().backward()
    expected.square().sum().backward()
    torch.testing.assert_close(model.W[0].grad, theirs[0].weight.grad, **TOLERANCE)
    torch.testing.assert_close(model.b[1].grad, theirs[2].bias.grad, **TOLERANCE)


def test_new_weights_are_within_torchs_bounds():
    torch.manual_seed(0)
    model = conv1d.Conv1DClassifier(3, 50, 2, widths=(4,))
    assert 0.9 < float(model.W[0].detach().abs().max()) * 12**0.5 <= 1
    assert 0.9 < float(model.W_y.detach().abs().max()) * 50**0.5 <= 1


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ({"x": (2, 5, 4)}, r"x: expected shape \(batch, time, input=3\), got \(2, 5, 4\)"),
        ({"b": (5,)}, r"b: expected shape \(output=4\), got \(5,\)"),
        ({"x": (2, 1, 3)}, "x: expected at least 2 steps, as many as the window spans, got 1"),
    ],
)
def test_wrong_shapes_say_what_was_expected_and_what_came(shapes, message):
    sizes = {"x": (2, 5, 3), "W": (4, 3, 2), "b": (4,)} | shapes
    with pytest.raises(ValueError, match=message):
        conv1d.check_inputs(*(torch.zeros(size) for size in sizes.values()), 1)


def test_wrong_numbers_say_so():
    with pytest.raises(ValueError, match="one for each of 2 layers, got 1"):
        conv1d.receptive_field([3, 3], [1])
    with pytest.raises(ValueError, match=r"widths: expected at least 1 everywhere, got \[3, 0\]"):
        conv1d.receptive_field([3, 0])
    with pytest.raises(ValueError, match=r"dilations: expected at least 1 everywhere, got \[0\]"):
        conv1d.conv1d(torch.zeros(1, 4, 2), torch.zeros(3, 2, 2), torch.zeros(3), 0)
    with pytest.raises(ValueError, match="layers: expected at least 1, got 0"):
        conv1d.Conv1DClassifier(3, 4, 2, widths=())
