"""Explorers of self-attention."""
