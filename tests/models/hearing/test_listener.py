"""A listener reads both ways, and its scale is that of the frames it was shown."""

import torch

from seqviz.models.hearing.listener import Listener


def listener(**kind) -> Listener:
    torch.manual_seed(0)
    return Listener(3, 4, 5, dtype=torch.float64, **kind)


def frames() -> torch.Tensor:
    return torch.randn(2, 6, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(1))


def test_every_frame_has_log_probabilities_and_every_frame_counts_for_all():
    model, x = listener(), frames().requires_grad_()
    log_p = model(x)
    assert log_p.shape == (2, 6, 5)
    torch.testing.assert_close(log_p.exp().sum(-1), torch.ones(2, 6, dtype=torch.float64))
    for t in (0, 5):
        (read,) = torch.autograd.grad(log_p[0, t, 1], x, retain_graph=True)
        assert (read[0].abs().sum(-1) > 0).all()
        assert (read[1] == 0).all()


def test_padding_is_not_heard():
    model, x, lengths = listener(), frames(), torch.tensor([6, 4])
    alone = model(x[1:, :4])
    x[1, 4:] = 1e6
    torch.testing.assert_close(model(x, lengths)[1, :4], alone[0])


def test_the_scale_is_that_of_the_real_frames_alone():
    model, x, lengths = listener(), 3 + 2 * frames(), torch.tensor([6, 4])
    real = torch.cat([x[0], x[1, :4]])
    x[1, 4:] = 1e6
    model.scale_to(x, lengths)
    torch.testing.assert_close(model.mean, real.mean())
    torch.testing.assert_close(model.deviation, real.std(correction=0))
    plain = listener()
    torch.testing.assert_close(model(x[:1]), plain((x[:1] - real.mean()) / real.std(correction=0)))
    other = listener()
    other.load_state_dict(model.state_dict())
    torch.testing.assert_close(other(x[:1]), model(x[:1]))
