"""Traces of self-attention: what a word asked, where every head looked, what a cut edge changes."""
