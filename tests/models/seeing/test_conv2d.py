"""The convolution against torch's and a slow loop, float64, with gradients; the network against torch's modules."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from seqviz.models.seeing.conv2d import ConvNet, ThingNamer, conv2d, max_pool

TOLERANCE = {"atol": 1e-10, "rtol": 1e-10}
DOUBLE = {"dtype": torch.float64}
NAMES = (("weight", "W"), ("bias", "b"))


@st.composite
def layers(draw):
    """A torch layer and a picture for it, every axis of its own size."""
    inputs, outputs = draw(st.permutations([2, 3]))
    height, width, padding = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(st.integers(0, 2))
    rows, columns = height + draw(st.integers(0, 5)), width + draw(st.integers(0, 5))
    torch.manual_seed(draw(st.integers(0, 2**31)))
    layer = nn.Conv2d(inputs, outputs, (height, width), padding=padding, **DOUBLE)
    return layer, torch.randn(5, inputs, rows, columns, **DOUBLE), padding


@settings(deadline=None, max_examples=40)
@given(layers())
def test_output_and_every_gradient_equal_torch(case):
    layer, x, padding = case
    ours = [v.detach().clone().requires_grad_() for v in (x, layer.weight, layer.bias)]
    x.requires_grad_()
    z, expected = conv2d(*ours, padding), layer(x)
    torch.testing.assert_close(z, expected, **TOLERANCE)
    upstream = torch.randn_like(z)
    z.backward(upstream)
    expected.backward(upstream)
    for a, b in zip(ours, (x, layer.weight, layer.bias), strict=True):
        torch.testing.assert_close(a.grad, b.grad, **TOLERANCE)


def test_number_by_number():
    torch.manual_seed(3)
    x, W, b = torch.randn(2, 3, 5, 6, **DOUBLE), torch.randn(4, 3, 2, 3, **DOUBLE), torch.randn(4, **DOUBLE)
    z = conv2d(x, W, b, padding=1)
    assert z.shape == (2, 4, 6, 6)
    for n, o, i, j in torch.cartesian_prod(*map(torch.arange, z.shape)).tolist():
        total = float(b[o])
        for c, u, v in torch.cartesian_prod(*map(torch.arange, W.shape[1:])).tolist():
            row, column = i + u - 1, j + v - 1
            if 0 <= row < 5 and 0 <= column < 6:
                total += float(W[o, c, u, v] * x[n, c, row, column])
        assert abs(total - float(z[n, o, i, j])) < 1e-12


def test_a_shifted_picture_gives_shifted_maps():
    torch.manual_seed(1)
    x, W, b = torch.randn(1, 2, 9, 9, **DOUBLE), torch.randn(3, 2, 3, 3, **DOUBLE), torch.randn(3, **DOUBLE)
    moved = conv2d(x.roll((2, 1), (2, 3)), W, b)
    torch.testing.assert_close(moved[..., 2:, 1:], conv2d(x, W, b)[..., :-2, :-1], **TOLERANCE)


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 3), st.integers(3, 8), st.integers(3, 9), st.integers(0, 2**31))
def test_max_pool_equals_torch_with_gradients(size, rows, columns, seed):
    x = torch.randn(2, 3, rows, columns, generator=torch.Generator().manual_seed(seed), **DOUBLE).requires_grad_()
    ours, theirs = max_pool(x, size), nn.functional.max_pool2d(x, size)
    assert torch.equal(ours, theirs)
    upstream = torch.randn_like(ours)
    assert torch.equal(*(torch.autograd.grad(one, x, upstream)[0] for one in (ours, theirs)))


def test_the_network_is_torchs_layers_and_its_cells_go_row_after_row():
    torch.manual_seed(0)
    net = ConvNet(3, (4, 5, 6), **DOUBLE)
    theirs = nn.Sequential(
        *(nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(4, 5, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(5, 6, 3, padding=1), nn.ReLU()),
    ).double()
    theirs.load_state_dict(
        {f"{place}.{part}": getattr(net, name)[n] for n, place in enumerate((0, 3, 6)) for part, name in NAMES}
    )
    x = torch.randn(2, 3, 12, 16, **DOUBLE)
    maps = theirs(x)
    cells = net(x)
    assert cells.shape == (2, 12, 6)
    for row in range(3):
        for column in range(4):
            torch.testing.assert_close(cells[:, 4 * row + column], maps[:, :, row, column], **TOLERANCE)


def test_the_namer_reads_the_largest_value_of_every_channel():
    torch.manual_seed(0)
    namer, x = ThingNamer((4, 5), 7, **DOUBLE), torch.rand(3, 3, 8, 8, **DOUBLE)
    expected = torch.stack([torch.stack([cells[:, c].max() for c in range(5)]) for cells in namer.net(x)])
    torch.testing.assert_close(namer(x), expected @ namer.W_y.T + namer.b_y, **TOLERANCE)
    assert not torch.equal(namer(x)[0], namer(x)[1])


def test_starts_are_uniform_by_the_number_of_inputs():
    torch.manual_seed(0)
    net = ConvNet(3, (64, 32))
    for W, b, count in zip(net.W, net.b, (27, 576), strict=True):
        largest = max(W.detach().abs().max().item(), b.detach().abs().max().item())
        assert 0.95 * count**-0.5 < largest <= count**-0.5


@pytest.mark.parametrize(
    ("shapes", "padding", "message"),
    [
        (((2, 3, 5, 5), (4, 2, 3, 3), (4,)), 0, r"x: expected shape \(batch, input=2, row, column\)"),
        (((2, 3, 5, 5), (4, 3, 3, 3), (5,)), 0, r"b: expected shape \(output=4\)"),
        (((2, 3, 2, 5), (4, 3, 3, 3), (4,)), 0, "x: expected at least 3 × 3, the window, got 2 × 5"),
        (((2, 3, 5, 5), (4, 3, 3, 3), (4,)), -1, "padding: expected at least 0, got -1"),
    ],
)
def test_what_does_not_fit_is_refused_in_words(shapes, padding, message):
    with pytest.raises(ValueError, match=message):
        conv2d.__wrapped__(*(torch.zeros(shape) for shape in shapes), padding)


def test_sizes_below_one_are_refused():
    with pytest.raises(ValueError, match="layers: expected at least 1, got 0"):
        ConvNet(3, ())
    with pytest.raises(ValueError, match="size: expected at least 1, got 0"):
        max_pool(torch.zeros(1, 1, 2, 2), 0)
