"""Traces of language models: what they expect, and what is drawn from it."""
