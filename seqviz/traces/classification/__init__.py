"""Traces of classifiers: what they believe after every step."""
