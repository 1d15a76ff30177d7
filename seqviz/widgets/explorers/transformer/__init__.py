"""Explorers of Transformers: what every sublayer added, where heads looked, how large gradients are."""
