"""Captions as they are written, and where each word looked."""
