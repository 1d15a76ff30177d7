"""Equations in torch, one concept per file. Nothing here draws, records or asks."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
