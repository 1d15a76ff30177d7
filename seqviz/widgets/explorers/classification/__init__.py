"""Explorers of classifiers: a sentence that is typed, a digit that is drawn."""
