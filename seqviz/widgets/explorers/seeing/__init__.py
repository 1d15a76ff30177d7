"""Explorers of pictures and their words."""
