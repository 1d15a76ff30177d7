"""Classifiers of whole sequences: many steps, one answer."""
