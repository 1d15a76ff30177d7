"""Networks that one chapter trains and others need: how each is trained, and the weights that came of it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
