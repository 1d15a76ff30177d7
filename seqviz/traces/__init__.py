"""Run a model and keep what happened. Each topic's ``records`` load no torch."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
