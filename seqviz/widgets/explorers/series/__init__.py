"""Explorers of forecasts."""
