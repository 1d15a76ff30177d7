"""Trace → picture: a figure and a sentence that says the same. Pure functions: no torch, no widgets, no model."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
