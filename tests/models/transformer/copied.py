"""Weights from our blocks to torch's layers, which stack and name them otherwise."""

import torch

from tests.models.self_attention.copied import copy_attention


@torch.no_grad()
def copy_norm(ours, theirs):
    theirs.weight.copy_(ours.gain)
    theirs.bias.copy_(ours.bias)


def copy_feed_forward(ours, theirs):
    theirs.linear1.load_state_dict(ours.feed_forward.first.state_dict())
    theirs.linear2.load_state_dict(ours.feed_forward.second.state_dict())


def copy_encoder_block(ours, theirs):
    copy_attention(ours.attention, theirs.self_attn)
    copy_feed_forward(ours, theirs)
    copy_norm(ours.around_attention.norm, theirs.norm1)
    copy_norm(ours.around_feed_forward.norm, theirs.norm2)


def copy_decoder_block(ours, theirs):
    copy_attention(ours.self_attention, theirs.self_attn)
    copy_attention(ours.cross_attention, theirs.multihead_attn)
    copy_feed_forward(ours, theirs)
    copy_norm(ours.around_self_attention.norm, theirs.norm1)
    copy_norm(ours.around_cross_attention.norm, theirs.norm2)
    copy_norm(ours.around_feed_forward.norm, theirs.norm3)


@torch.no_grad()
def scramble(module):
    """Give biases and gains values of their own: at their first ones, mistakes would not be seen."""
    for weights in module.parameters():
        weights.add_(0.3 * torch.randn_like(weights))
