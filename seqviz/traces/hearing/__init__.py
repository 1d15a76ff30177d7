"""Run what hears, keep what happened."""
