"""Scenes drawn by code whose facts are known: what is in them, what can be said of them, what can be asked."""

import pkgutil

import lazy_loader

# every module of the folder, when it is asked for
__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, [module.name for module in pkgutil.iter_modules(__path__)])
