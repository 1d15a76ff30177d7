"""Explorers of vectors of words."""
