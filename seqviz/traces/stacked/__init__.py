"""Traces of networks in several layers and both directions."""
