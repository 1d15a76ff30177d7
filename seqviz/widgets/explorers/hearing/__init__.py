"""Explorers of what is heard."""
