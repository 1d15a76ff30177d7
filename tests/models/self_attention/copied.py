"""Weights from our attention to torch's layer, which stacks them."""

import torch


@torch.no_grad()
def copy_attention(ours, theirs):
    theirs.in_proj_weight.copy_(torch.cat([ours.W_q, ours.W_k, ours.W_v]))
    theirs.in_proj_bias.copy_(torch.cat([ours.b_q, ours.b_k, ours.b_v]))
    theirs.out_proj.weight.copy_(ours.W_o)
    theirs.out_proj.bias.copy_(ours.b_o)
