"""Forecast, and keep what was said and what came."""
