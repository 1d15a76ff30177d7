"""Traces of translation: what a search kept, where a decoder looked, what a score is made of."""
