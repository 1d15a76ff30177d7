"""Texts whose relations between words are known, for vectors of words."""
