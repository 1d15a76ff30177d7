"""Seeded corpora and tasks: generated, or carried by Python itself. Nothing is downloaded."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
