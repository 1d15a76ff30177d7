"""The same cell makes the model here and in the kernel."""

MAKE = """
import torch, seqviz as sv
words = sv.data.Tokenizer.of_words("abcd")
torch.manual_seed(4)
masks = torch.stack([sv.models.masks.causal_mask(6), torch.ones(6, 6, dtype=torch.bool)])
model = sv.models.AttentionOnly(4, 6, 4, 2, 2, may_attend=masks)
with torch.no_grad():
    for weights in model.parameters():
        weights.add_(0.6 * torch.randn_like(weights))
text = "b a d c a"
"""
