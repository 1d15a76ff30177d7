"""From sound to symbols: frames of a spectrum, CTC and its search."""

import pkgutil

import lazy_loader

# every module of the folder, when it is asked for
__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, [module.name for module in pkgutil.iter_modules(__path__)])
