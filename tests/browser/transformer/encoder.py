"""The cell that makes two encoders here and in the kernel: they have learned nothing."""

MAKE = """
import torch, seqviz as sv
words = sv.data.Tokenizer.of_words("abcd", special=True)
text = "a b / c a d"
torch.manual_seed(4)
networks = {name: sv.models.BERT(len(words), 12, 8, 2, 6, 2) for name in ("before", "after")}
with torch.no_grad():
    for model in networks.values():
        for weights in model.parameters():
            weights.add_(0.6 * torch.randn_like(weights))
head = torch.nn.Linear(8, 2)
"""
