from .weights import trained as trained
