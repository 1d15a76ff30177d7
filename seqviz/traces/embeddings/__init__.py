"""Traces of vectors of words: analogies, and counts on their way to vectors."""
