"""Sequences with one answer: reviews, and digits as a pen draws them."""
